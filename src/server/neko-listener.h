/* neko-listener.h - a port on one address of this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NekoListenerState:
 * @NEKO_LISTENER_STOPPED: it was not started
 * @NEKO_LISTENER_LISTENING: all is well
 * @NEKO_LISTENER_PORT_TAKEN: another program listens there; it is tried again
 * @NEKO_LISTENER_ADDRESS_ABSENT: this computer does not have the address now; it is tried again
 * @NEKO_LISTENER_FAILED: the system refuses for another reason; it is tried again
 * @NEKO_LISTENER_BLOCKED: the settings do not go together; it waits for others
 */
typedef enum {
  NEKO_LISTENER_STOPPED,
  NEKO_LISTENER_LISTENING,
  NEKO_LISTENER_PORT_TAKEN,
  NEKO_LISTENER_ADDRESS_ABSENT,
  NEKO_LISTENER_FAILED,
  NEKO_LISTENER_BLOCKED,
} NekoListenerState;

#define NEKO_TYPE_LISTENER (neko_listener_get_type ())

G_DECLARE_FINAL_TYPE (NekoListener, neko_listener, NEKO, LISTENER, GObject)

NekoListener *neko_listener_new (guint16 port) G_GNUC_WARN_UNUSED_RESULT;
NekoListener     *neko_listener_new_for (const char *protocol,
                                         const char *address,
                                         guint16     port,
                                         const char *obstacle) G_GNUC_WARN_UNUSED_RESULT;
gboolean          neko_listener_is_same (NekoListener *self,
                                         NekoListener *other);
void              neko_listener_start (NekoListener *self);
void              neko_listener_stop (NekoListener *self);
const char       *neko_listener_get_protocol (NekoListener *self);
const char       *neko_listener_get_address (NekoListener *self);
guint16           neko_listener_get_port (NekoListener *self);
NekoListenerState neko_listener_get_state (NekoListener *self);
gboolean          neko_listener_is_listening (NekoListener *self);
const char       *neko_listener_get_problem (NekoListener *self);

G_END_DECLS
