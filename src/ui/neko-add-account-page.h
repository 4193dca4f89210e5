/* neko-add-account-page.h - asks for a Worker and an account there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ADD_ACCOUNT_PAGE (neko_add_account_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoAddAccountPage, neko_add_account_page, NEKO, ADD_ACCOUNT_PAGE, NekoSubpage)

NekoSubpage *neko_add_account_page_new (NekoModel *model);
NekoSubpage *neko_add_account_page_new_again (NekoModel       *model,
                                              NekoAccountItem *item);

G_END_DECLS
