/* neko-users-page.h - the users of a Worker, and what else its admins see to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_USERS_PAGE (neko_users_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoUsersPage, neko_users_page, NEKO, USERS_PAGE, AdwBin)

GtkWidget *neko_users_page_new (NekoModel *model);

G_END_DECLS
