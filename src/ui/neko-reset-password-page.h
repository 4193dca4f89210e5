/* neko-reset-password-page.h - gives a user another password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-directory.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_RESET_PASSWORD_PAGE (neko_reset_password_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoResetPasswordPage, neko_reset_password_page, NEKO, RESET_PASSWORD_PAGE, NekoSubpage)

NekoSubpage *neko_reset_password_page_new (NekoDirectory  *directory,
                                           NekoRemoteUser *user);

G_END_DECLS
