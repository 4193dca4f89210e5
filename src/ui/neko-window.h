/* neko-window.h - the window: its pages, and what lies over them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_WINDOW (neko_window_get_type ())

G_DECLARE_FINAL_TYPE (NekoWindow, neko_window, NEKO, WINDOW, AdwWindow)

NekoWindow *neko_window_new (NekoModel *model);
void neko_window_push (GtkWidget   *origin,
                       NekoSubpage *subpage);
void neko_window_replace (NekoSubpage *origin,
                          NekoSubpage *subpage);
void neko_window_leave (NekoSubpage *subpage);
void neko_window_toast (GtkWidget  *origin,
                        const char *message);
void neko_window_end (NekoWindow *self);

G_END_DECLS
