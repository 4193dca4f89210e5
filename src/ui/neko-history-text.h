/* neko-history-text.h - what an admin did, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-audit.h"

G_BEGIN_DECLS

char *neko_history_text_dup_title (const NekoRemoteAuditEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
char *neko_history_text_dup_details (const NekoRemoteAuditEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
