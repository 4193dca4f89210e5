/* neko-application.h - the program with a window, which it need not show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_APPLICATION (neko_application_get_type ())

G_DECLARE_FINAL_TYPE (NekoApplication, neko_application, NEKO, APPLICATION, GApplication)

NekoApplication *neko_application_new (void) G_GNUC_WARN_UNUSED_RESULT;
int   neko_application_run (NekoApplication *self,
                            int              argc,
                            char           **argv);
void  neko_application_forget_mail (NekoApplication *self);
void  neko_application_stop (NekoApplication *self);
char *neko_application_steal_token (NekoApplication *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
