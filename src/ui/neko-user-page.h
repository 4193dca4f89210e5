/* neko-user-page.h - a user of a Worker: how much mail, which rights, which addresses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-directory.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_USER_PAGE (neko_user_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoUserPage, neko_user_page, NEKO, USER_PAGE, NekoSubpage)

NekoSubpage *neko_user_page_new (NekoDirectory  *directory,
                                 NekoRemoteUser *user);

G_END_DECLS
