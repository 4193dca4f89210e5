/* neko-window-application.h - the program that is the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_WINDOW_APPLICATION (neko_window_application_get_type ())

G_DECLARE_FINAL_TYPE (NekoWindowApplication, neko_window_application, NEKO, WINDOW_APPLICATION, GApplication)

NekoWindowApplication *neko_window_application_new (const char *program,
                                                    unsigned seconds) G_GNUC_WARN_UNUSED_RESULT;
int neko_window_application_run (NekoWindowApplication *self);

G_END_DECLS
