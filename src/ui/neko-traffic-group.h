/* neko-traffic-group.h - what mail programs read and sent in the last days
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_TRAFFIC_GROUP (neko_traffic_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoTrafficGroup, neko_traffic_group, NEKO, TRAFFIC_GROUP, AdwPreferencesGroup)

void neko_traffic_group_set_model (NekoTrafficGroup *self,
                                   NekoModel        *model);

G_END_DECLS
