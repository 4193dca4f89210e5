/* neko-help.h - the help, in a browser
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-window.h"

G_BEGIN_DECLS

void neko_help_show (NekoWindow *window);

G_END_DECLS
