/* neko-peer.h - who is at the other end of a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean neko_peer_is_local (GSocketConnection *connection);
char    *neko_peer_dup_name (GSocketConnection *connection) G_GNUC_WARN_UNUSED_RESULT;
char    *neko_peer_dup_name_of (GInetAddress *address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
