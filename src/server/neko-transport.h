/* neko-transport.h - octets over a socket that is never waited for, in clear text or inside TLS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NekoTransportEvent:
 * @NEKO_TRANSPORT_READY: what was waited for can be done
 * @NEKO_TRANSPORT_LATE: it did not happen in time
 * @NEKO_TRANSPORT_GONE: nothing was waited for, and the peer is gone in both directions
 */
typedef enum {
  NEKO_TRANSPORT_READY,
  NEKO_TRANSPORT_LATE,
  NEKO_TRANSPORT_GONE,
} NekoTransportEvent;

typedef void (*NekoTransportCallback) (NekoTransportEvent event,
                                       gpointer           user_data);

/* What the functions below return where they would have to wait. */
#define NEKO_TRANSPORT_WOULD_BLOCK (-2)

typedef struct _NekoTransport NekoTransport;

NekoTransport *neko_transport_new (GSocketConnection    *stream,
                                   unsigned              idle_seconds,
                                   NekoTransportCallback callback,
                                   gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
void           neko_transport_free (NekoTransport *self);
gssize         neko_transport_read (NekoTransport *self,
                                    void          *buffer,
                                    size_t         size);
gssize         neko_transport_write (NekoTransport *self,
                                     const void    *data,
                                     size_t         length);
int            neko_transport_peek (NekoTransport *self);
void           neko_transport_linger (NekoTransport *self);
void           neko_transport_wait (NekoTransport *self,
                                    GIOCondition   condition);
gboolean       neko_transport_is_in_tls (NekoTransport *self);
gboolean       neko_transport_start_tls (NekoTransport   *self,
                                         GTlsCertificate *certificate,
                                         GError         **error);
int            neko_transport_shake_hands (NekoTransport *self,
                                           GError       **error);
int            neko_transport_end (NekoTransport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoTransport, neko_transport_free)

G_END_DECLS
