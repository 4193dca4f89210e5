/* neko-connection.h - octets between a socket and a session, in both directions and bounded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <gio/gio.h>

#include "neko-authenticator.h"
#include "neko-security.h"
#include "neko-throttle.h"

G_BEGIN_DECLS

#define NEKO_TYPE_CONNECTION (neko_connection_get_type ())

G_DECLARE_DERIVABLE_TYPE (NekoConnection, neko_connection, NEKO, CONNECTION, GObject)

/**
 * NekoConnectionStep:
 * @NEKO_CONNECTION_READ: send the output; read more once the input is used up
 * @NEKO_CONNECTION_WAIT: something asynchronous goes on; neko_connection_resume() ends it
 * @NEKO_CONNECTION_CLOSE: send the output and close
 */
typedef enum {
  NEKO_CONNECTION_READ,
  NEKO_CONNECTION_WAIT,
  NEKO_CONNECTION_CLOSE,
} NekoConnectionStep;

/**
 * NekoConnectionClass:
 * @get_output: the text to send; the connection truncates it once it is sent
 * @process: takes what it can of the input. It is called when all output was sent, also with empty
 *   input
 * @say_goodbye: (nullable): leaves a last reply in the output, before we close on our own
 */
struct _NekoConnectionClass {
  GObjectClass       parent_class;

  GString           *(*get_output) (NekoConnection *self);
  NekoConnectionStep (*process)    (NekoConnection *self,
                                    const uint8_t **data,
                                    size_t         *length);
  void               (*say_goodbye) (NekoConnection *self,
                                     gboolean        is_idle);
};

void          neko_connection_start (NekoConnection    *self,
                                     GSocketConnection *stream,
                                     const char        *peer,
                                     NekoAuthenticator *authenticator,
                                     NekoThrottle      *throttle,
                                     unsigned           idle_seconds,
                                     NekoSecurity       security,
                                     GTlsCertificate   *certificate);
void          neko_connection_close (NekoConnection *self);
void          neko_connection_shut_down (NekoConnection *self);
void          neko_connection_resume (NekoConnection *self);
GCancellable *neko_connection_get_cancellable (NekoConnection *self);
gboolean      neko_connection_is_open (NekoConnection *self);
gboolean      neko_connection_is_authenticated (NekoConnection *self);
const char   *neko_connection_get_peer (NekoConnection *self);
void          neko_connection_log_in_async (NekoConnection     *self,
                                            const char         *user,
                                            const char         *password,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean      neko_connection_log_in_finish (NekoConnection *self,
                                             GAsyncResult   *result,
                                             NekoMaildrop  **maildrop,
                                             NekoOutbox    **outbox,
                                             GError        **error);

G_END_DECLS
