/* neko-server.h - a mail server: a port, its connections and their limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-authenticator.h"
#include "neko-listener.h"

G_BEGIN_DECLS

#define NEKO_SERVER_CONNECTION_LIMIT 100
#define NEKO_SERVER_PEER_LIMIT 20 /* connections of one peer that have not logged in */

#define NEKO_TYPE_SERVER (neko_server_get_type ())

G_DECLARE_FINAL_TYPE (NekoServer, neko_server, NEKO, SERVER, GObject)

NekoServer   *neko_server_new_pop3 (guint16 port,
                                    NekoAuthenticator *authenticator) G_GNUC_WARN_UNUSED_RESULT;
NekoServer   *neko_server_new_smtp (guint16            port,
                                    NekoAuthenticator *authenticator) G_GNUC_WARN_UNUSED_RESULT;
void          neko_server_start (NekoServer *self);
void          neko_server_stop (NekoServer *self);
const char   *neko_server_get_protocol (NekoServer *self);
NekoListener *neko_server_get_listener (NekoServer *self);
size_t        neko_server_get_connections (NekoServer *self);
void          neko_server_set_idle_time (NekoServer *self,
                                         unsigned    seconds);

G_END_DECLS
