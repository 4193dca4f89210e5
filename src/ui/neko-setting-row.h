/* neko-setting-row.h - a row for a setting that the command line may override
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

const char *neko_setting_row_get_reason (void);
void        neko_setting_row_reflect (AdwActionRow *row,
                                      NekoModel    *model,
                                      const char   *key,
                                      const char   *subtitle);

G_END_DECLS
