/* neko-autostart-row.h - whether the desktop starts us at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_AUTOSTART_ROW (neko_autostart_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoAutostartRow, neko_autostart_row, NEKO, AUTOSTART_ROW, AdwActionRow)

G_END_DECLS
