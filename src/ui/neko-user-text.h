/* neko-user-text.h - a user of a Worker, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-users.h"

G_BEGIN_DECLS

char *neko_user_text_dup_messages (guint64 messages) G_GNUC_WARN_UNUSED_RESULT;
char *neko_user_text_dup_usage (const NekoRemoteUser *user) G_GNUC_WARN_UNUSED_RESULT;
char *neko_user_text_dup_summary (const NekoRemoteUser *user) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
