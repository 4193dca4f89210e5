/* neko-window-launcher.h - the window, which is a program of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_WINDOW_LAUNCHER (neko_window_launcher_get_type ())

G_DECLARE_FINAL_TYPE (NekoWindowLauncher, neko_window_launcher, NEKO, WINDOW_LAUNCHER, GObject)

NekoWindowLauncher *neko_window_launcher_new (GDBusConnection *bus,
                                              const char      *name) G_GNUC_WARN_UNUSED_RESULT;
void neko_window_launcher_show (NekoWindowLauncher *self,
                                const char         *token);
void neko_window_launcher_close (NekoWindowLauncher *self);

G_END_DECLS
