/* neko-remote-maildrop.h - the Worker as a maildrop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-event-channel.h"
#include "neko-maildrop.h"
#include "neko-remote-client.h"
#include "neko-spool.h"

G_BEGIN_DECLS

#define NEKO_TYPE_REMOTE_MAILDROP (neko_remote_maildrop_get_type ())

G_DECLARE_FINAL_TYPE (NekoRemoteMaildrop, neko_remote_maildrop, NEKO, REMOTE_MAILDROP, GObject)

NekoRemoteMaildrop *neko_remote_maildrop_new (NekoRemoteClient *client,
                                              NekoEventChannel *events,
                                              NekoSpool        *spool) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageList *neko_remote_maildrop_dup_known (NekoRemoteMaildrop *self,
                                                 gboolean           *in_step) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
