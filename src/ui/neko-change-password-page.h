/* neko-change-password-page.h - another password for an account on the Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account-item.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_CHANGE_PASSWORD_PAGE (neko_change_password_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoChangePasswordPage, neko_change_password_page, NEKO, CHANGE_PASSWORD_PAGE, NekoSubpage)

NekoSubpage *neko_change_password_page_new (NekoAccountItem *item);

G_END_DECLS
