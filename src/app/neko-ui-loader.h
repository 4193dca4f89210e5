/* neko-ui-loader.h - gets the window into the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-ui.h"

G_BEGIN_DECLS

const NekoUi *neko_ui_loader_load (GError **error);

G_END_DECLS
