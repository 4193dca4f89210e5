/* neko-desktop-group.h - what Neko Mail does on the desktop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_DESKTOP_GROUP (neko_desktop_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoDesktopGroup, neko_desktop_group, NEKO, DESKTOP_GROUP, AdwPreferencesGroup)

void neko_desktop_group_set_model (NekoDesktopGroup *self,
                                   NekoModel        *model);

G_END_DECLS
