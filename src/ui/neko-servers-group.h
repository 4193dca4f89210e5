/* neko-servers-group.h - the mail servers: where they listen, and why they do not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SERVERS_GROUP (neko_servers_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoServersGroup, neko_servers_group, NEKO, SERVERS_GROUP, AdwPreferencesGroup)

void neko_servers_group_set_model (NekoServersGroup *self,
                                   NekoModel        *model);

G_END_DECLS
