/* neko-registration-group.h - who makes accounts on a Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-directory.h"

G_BEGIN_DECLS

#define NEKO_TYPE_REGISTRATION_GROUP (neko_registration_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoRegistrationGroup, neko_registration_group, NEKO, REGISTRATION_GROUP, AdwPreferencesGroup)

void neko_registration_group_set_directory (NekoRegistrationGroup *self,
                                            NekoDirectory         *directory);
void neko_registration_group_refresh (NekoRegistrationGroup *self);

G_END_DECLS
