/* neko-server-row.h - whether a server listens, and why not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-server.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SERVER_ROW (neko_server_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoServerRow, neko_server_row, NEKO, SERVER_ROW, AdwActionRow)

void neko_server_row_set_server (NekoServerRow *self,
                                 NekoServer    *server);

G_END_DECLS
