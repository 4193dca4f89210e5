/* neko-network-group.h - mail programs on other computers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_NETWORK_GROUP (neko_network_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoNetworkGroup, neko_network_group, NEKO, NETWORK_GROUP, AdwPreferencesGroup)

void neko_network_group_set_model (NekoNetworkGroup *self,
                                   NekoModel        *model);

G_END_DECLS
