/* neko-window.h - the window: accounts, servers, what to copy into a mail program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-service.h"

G_BEGIN_DECLS

#define NEKO_TYPE_WINDOW (neko_window_get_type ())

G_DECLARE_FINAL_TYPE (NekoWindow, neko_window, NEKO, WINDOW, AdwWindow)

NekoWindow *neko_window_new (NekoService *service);

G_END_DECLS
