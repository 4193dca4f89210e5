/* neko-settings-page.h - what the user can choose
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SETTINGS_PAGE (neko_settings_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoSettingsPage, neko_settings_page, NEKO, SETTINGS_PAGE, AdwBin)

GtkWidget *neko_settings_page_new (NekoModel *model);

G_END_DECLS
