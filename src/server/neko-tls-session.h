/* neko-tls-session.h - the server's side of TLS on a socket that is never waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the functions here return where they would have to wait, for neko_tls_session_get_condition(). */
#define NEKO_TLS_WOULD_BLOCK (-2)

typedef struct _NekoTlsSession NekoTlsSession;

NekoTlsSession *neko_tls_session_new (int              descriptor,
                                      GTlsCertificate *certificate,
                                      GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void            neko_tls_session_free (NekoTlsSession *self);
int             neko_tls_session_shake_hands (NekoTlsSession *self,
                                              GError        **error);
gssize          neko_tls_session_read (NekoTlsSession *self,
                                       void           *buffer,
                                       size_t          size);
gssize          neko_tls_session_write (NekoTlsSession *self,
                                        const void     *data,
                                        size_t          length);
int             neko_tls_session_end (NekoTlsSession *self);
GIOCondition    neko_tls_session_get_condition (NekoTlsSession *self);
gboolean        neko_tls_session_has_input (NekoTlsSession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoTlsSession, neko_tls_session_free)

G_END_DECLS
