/* neko-new-password-row.h - a password for somebody else: a good one is offered, another can be typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_NEW_PASSWORD_ROW (neko_new_password_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoNewPasswordRow, neko_new_password_row, NEKO, NEW_PASSWORD_ROW, AdwEntryRow)

const char *neko_new_password_row_get_password (NekoNewPasswordRow *self);
gboolean neko_new_password_row_is_good (NekoNewPasswordRow *self);

G_END_DECLS
