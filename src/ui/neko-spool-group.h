/* neko-spool-group.h - messages that wait on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SPOOL_GROUP (neko_spool_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoSpoolGroup, neko_spool_group, NEKO, SPOOL_GROUP, AdwPreferencesGroup)

void neko_spool_group_set_model (NekoSpoolGroup *self,
                                 NekoModel      *model);

G_END_DECLS
