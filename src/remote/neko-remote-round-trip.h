/* neko-remote-round-trip.h - a message to oneself, timed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

#define NEKO_REMOTE_ROUND_TRIP_SECONDS 60

typedef struct {
  gint64 taken;   /* microseconds until the Worker had the message for good */
  gint64 arrived; /* microseconds until it told that it is in the mailbox */
} NekoRemoteRoundTrip;

void     neko_remote_round_trip_async (NekoRemoteClient   *client,
                                       const char         *address,
                                       const char         *subject,
                                       const char         *text,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean neko_remote_round_trip_finish (GAsyncResult        *result,
                                        NekoRemoteRoundTrip *times,
                                        GError             **error);

G_END_DECLS
