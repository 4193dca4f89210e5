/* neko-thunderbird-row.h - has Thunderbird find the settings by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_THUNDERBIRD_ROW (neko_thunderbird_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoThunderbirdRow, neko_thunderbird_row, NEKO, THUNDERBIRD_ROW, AdwActionRow)

GtkWidget *neko_thunderbird_row_new (void);
void neko_thunderbird_row_set_ports (NekoThunderbirdRow *self,
                                     const char         *address,
                                     unsigned            pop3_port,
                                     unsigned            smtp_port);

G_END_DECLS
