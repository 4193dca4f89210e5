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
 * @NEKO_CONNECTION_COMMIT: like %NEKO_CONNECTION_WAIT, for something that cannot be taken back: a
 *   shut-down lets the client hear what came of it
 * @NEKO_CONNECTION_START_TLS: send the output, throw away the input and begin TLS
 * @NEKO_CONNECTION_CLOSE: send the output and close
 */
typedef enum {
  NEKO_CONNECTION_READ,
  NEKO_CONNECTION_WAIT,
  NEKO_CONNECTION_COMMIT,
  NEKO_CONNECTION_START_TLS,
  NEKO_CONNECTION_CLOSE,
} NekoConnectionStep;

/**
 * NekoConnectionClass:
 * @protocol: its name in the log
 * @get_output: the text to send; the connection truncates it once it is sent
 * @set_security: told before the first process(), and again once TLS began
 * @process: takes what it can of the input and appends to the output. It is called again after a step
 *   of %NEKO_CONNECTION_READ or when the output was sent, also with empty input
 * @logged_in: told what neko_connection_log_in() came to: either an account's mail or an error
 * @say_goodbye: (nullable): leaves a last reply in the output, before we close on our own
 */
struct _NekoConnectionClass {
  GObjectClass       parent_class;

  const char        *protocol;

  GString           *(*get_output)   (NekoConnection *self);
  void               (*set_security) (NekoConnection *self,
                                      NekoSecurity    security);
  NekoConnectionStep (*process)      (NekoConnection *self,
                                      const uint8_t **data,
                                      size_t         *length);
  NekoConnectionStep (*logged_in)    (NekoConnection *self,
                                      NekoMaildrop   *maildrop,
                                      NekoOutbox     *outbox,
                                      const GError   *error);
  void (*say_goodbye)  (NekoConnection *self,
                        gboolean        is_idle);
};

void               neko_connection_start (NekoConnection    *self,
                                          GSocketConnection *stream,
                                          const char        *peer,
                                          NekoAuthenticator *authenticator,
                                          NekoThrottle      *throttle,
                                          unsigned           idle_seconds,
                                          NekoSecurity       security,
                                          GTlsCertificate   *certificate);
void               neko_connection_close (NekoConnection *self);
void               neko_connection_shut_down (NekoConnection *self);
void               neko_connection_resume (NekoConnection *self);
NekoConnectionStep neko_connection_log_in (NekoConnection *self,
                                           const char     *user,
                                           const char     *password);
GCancellable      *neko_connection_get_cancellable (NekoConnection *self);
gboolean           neko_connection_is_open (NekoConnection *self);
gboolean           neko_connection_is_authenticated (NekoConnection *self);
const char        *neko_connection_get_peer (NekoConnection *self);

G_END_DECLS
