/* neko-event-channel.h - hears from the Worker when a mailbox changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-event-timing.h"
#include "neko-remote-client.h"

G_BEGIN_DECLS

#define NEKO_TYPE_EVENT_CHANNEL (neko_event_channel_get_type ())

G_DECLARE_FINAL_TYPE (NekoEventChannel, neko_event_channel, NEKO, EVENT_CHANNEL, GObject)

NekoEventChannel *neko_event_channel_new (NekoRemoteClient *client) G_GNUC_WARN_UNUSED_RESULT;
NekoEventChannel *neko_event_channel_new_full (NekoRemoteClient      *client,
                                               GNetworkMonitor       *monitor,
                                               const NekoEventTiming *timing) G_GNUC_WARN_UNUSED_RESULT;
void              neko_event_channel_start (NekoEventChannel *self);
void              neko_event_channel_retry (NekoEventChannel *self);
void              neko_event_channel_check (NekoEventChannel *self);
void              neko_event_channel_stop (NekoEventChannel *self);
gboolean          neko_event_channel_is_alive (NekoEventChannel *self);
guint64           neko_event_channel_get_sequence (NekoEventChannel *self);
const GError     *neko_event_channel_get_error (NekoEventChannel *self);

G_END_DECLS
