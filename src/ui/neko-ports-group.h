/* neko-ports-group.h - the ports of the mail servers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_PORTS_GROUP (neko_ports_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoPortsGroup, neko_ports_group, NEKO, PORTS_GROUP, AdwPreferencesGroup)

void neko_ports_group_set_model (NekoPortsGroup *self,
                                 NekoModel      *model);

G_END_DECLS
