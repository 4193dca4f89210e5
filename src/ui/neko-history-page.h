/* neko-history-page.h - what the admins of a Worker did, the newest first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-directory.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_HISTORY_PAGE (neko_history_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoHistoryPage, neko_history_page, NEKO, HISTORY_PAGE, NekoSubpage)

NekoSubpage *neko_history_page_new (NekoDirectory *directory);

G_END_DECLS
