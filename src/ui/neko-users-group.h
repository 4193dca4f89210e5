/* neko-users-group.h - the list of a Worker's users, with a search
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-directory.h"

G_BEGIN_DECLS

#define NEKO_TYPE_USERS_GROUP (neko_users_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoUsersGroup, neko_users_group, NEKO, USERS_GROUP, AdwPreferencesGroup)

void neko_users_group_set_directory (NekoUsersGroup *self,
                                     NekoDirectory  *directory);

G_END_DECLS
