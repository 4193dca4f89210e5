/* neko-port-row.h - a port of the mail servers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_PORT_ROW (neko_port_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoPortRow, neko_port_row, NEKO, PORT_ROW, AdwEntryRow)

void neko_port_row_set_model (NekoPortRow *self,
                              NekoModel   *model);

G_END_DECLS
