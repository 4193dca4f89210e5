/* neko-listener.h - a port on the loopback interface
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_LISTENER (neko_listener_get_type ())

G_DECLARE_FINAL_TYPE (NekoListener, neko_listener, NEKO, LISTENER, GObject)

NekoListener *neko_listener_new (guint16 port) G_GNUC_WARN_UNUSED_RESULT;
void        neko_listener_start (NekoListener *self);
void        neko_listener_stop (NekoListener *self);
guint16     neko_listener_get_port (NekoListener *self);
gboolean    neko_listener_is_listening (NekoListener *self);
const char *neko_listener_get_problem (NekoListener *self);
gboolean    neko_listener_is_port_taken (NekoListener *self);

G_END_DECLS
