/* neko-server.h - a mail server: its ports, its connections and their limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-authenticator.h"
#include "neko-listener.h"
#include "neko-server-settings.h"

G_BEGIN_DECLS

#define NEKO_SERVER_CONNECTION_LIMIT 100
#define NEKO_SERVER_STOP_SECONDS 5 /* what a connection has handed over may take as long */
#define NEKO_SERVER_PEER_LIMIT 20 /* connections of one peer that have not logged in */

#define NEKO_TYPE_SERVER (neko_server_get_type ())

G_DECLARE_FINAL_TYPE (NekoServer, neko_server, NEKO, SERVER, GObject)

NekoServer   *neko_server_new_pop3 (guint16 port,
                                    NekoAuthenticator *authenticator) G_GNUC_WARN_UNUSED_RESULT;
NekoServer   *neko_server_new_smtp (guint16            port,
                                    NekoAuthenticator *authenticator) G_GNUC_WARN_UNUSED_RESULT;
void          neko_server_configure (NekoServer               *self,
                                     const NekoServerSettings *settings);
void          neko_server_start (NekoServer *self);
void          neko_server_stop (NekoServer *self);
void          neko_server_stop_async (NekoServer         *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean      neko_server_stop_finish (NekoServer   *self,
                                       GAsyncResult *result,
                                       GError      **error);
void          neko_server_end_sessions (NekoServer   *self,
                                        NekoMaildrop *maildrop,
                                        GPtrArray    *credentials);
const char   *neko_server_get_protocol (NekoServer *self);
NekoListener *neko_server_get_listener (NekoServer *self);
GPtrArray    *neko_server_get_listeners (NekoServer *self);
gboolean      neko_server_has_problem (NekoServer *self);
size_t        neko_server_get_connections (NekoServer *self);
void          neko_server_set_idle_time (NekoServer *self,
                                         unsigned    seconds);

G_END_DECLS
