/* neko-user-addresses-group.h - what mail a user gets besides that to the own address
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-directory.h"

G_BEGIN_DECLS

#define NEKO_TYPE_USER_ADDRESSES_GROUP (neko_user_addresses_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoUserAddressesGroup, neko_user_addresses_group, NEKO, USER_ADDRESSES_GROUP, AdwPreferencesGroup)

void neko_user_addresses_group_set_user (NekoUserAddressesGroup *self,
                                         NekoDirectory          *directory,
                                         NekoRemoteUser         *user);

G_END_DECLS
