/* neko-account-page.h - one account: how it is doing, who uses it, and what can be done with it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACCOUNT_PAGE (neko_account_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoAccountPage, neko_account_page, NEKO, ACCOUNT_PAGE, NekoSubpage)

NekoSubpage *neko_account_page_new (NekoModel       *model,
                                    NekoAccountItem *item);

G_END_DECLS
