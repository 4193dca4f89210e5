/* neko-user-row.h - a user of a Worker in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-remote-users.h"

G_BEGIN_DECLS

#define NEKO_TYPE_USER_ROW (neko_user_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoUserRow, neko_user_row, NEKO, USER_ROW, AdwActionRow)

GtkWidget      *neko_user_row_new (NekoRemoteUser *user);
NekoRemoteUser *neko_user_row_get_user (NekoUserRow *self);

G_END_DECLS
