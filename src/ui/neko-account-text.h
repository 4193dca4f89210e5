/* neko-account-text.h - how an account is doing, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account-item.h"

G_BEGIN_DECLS

char       *neko_account_text_dup_state (NekoAccountItem *item) G_GNUC_WARN_UNUSED_RESULT;
char       *neko_account_text_dup_advice (NekoAccountItem *item) G_GNUC_WARN_UNUSED_RESULT;
const char *neko_account_text_get_icon (NekoAccountItem *item);
char       *neko_account_text_dup_time (gint64 seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
