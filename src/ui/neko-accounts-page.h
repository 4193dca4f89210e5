/* neko-accounts-page.h - the accounts, and the servers for the mail programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACCOUNTS_PAGE (neko_accounts_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoAccountsPage, neko_accounts_page, NEKO, ACCOUNTS_PAGE, AdwBin)

GtkWidget *neko_accounts_page_new (NekoModel *model);

G_END_DECLS
