/* neko-passwords-group.h - the bridge passwords of an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_PASSWORDS_GROUP (neko_passwords_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoPasswordsGroup, neko_passwords_group, NEKO, PASSWORDS_GROUP, AdwPreferencesGroup)

void neko_passwords_group_set_account (NekoPasswordsGroup *self,
                                       NekoModel          *model,
                                       NekoAccountItem    *item);

G_END_DECLS
