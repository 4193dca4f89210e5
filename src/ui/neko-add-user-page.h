/* neko-add-user-page.h - makes a user
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-directory.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ADD_USER_PAGE (neko_add_user_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoAddUserPage, neko_add_user_page, NEKO, ADD_USER_PAGE, NekoSubpage)

NekoSubpage *neko_add_user_page_new (NekoDirectory *directory);

G_END_DECLS
