/* neko-devices-group.h - where else somebody is signed in to an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-account-item.h"

G_BEGIN_DECLS

#define NEKO_TYPE_DEVICES_GROUP (neko_devices_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoDevicesGroup, neko_devices_group, NEKO, DEVICES_GROUP, AdwPreferencesGroup)

void neko_devices_group_set_account (NekoDevicesGroup *self,
                                     NekoAccountItem  *item);

G_END_DECLS
