/* neko-ui.h - all that the program knows of the window, which it loads when it is wanted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

typedef struct _NekoWindow NekoWindow;

/**
 * NekoUi:
 * @version: which Neko Mail it belongs to; with another's program it does not fit
 * @init: connects to the display; %FALSE where there is none
 * @create_window: makes a window that reflects the service. It is GTK's until it is closed, which its signal
 *   "close-request" tells before
 * @present: shows it, and on top
 * @destroy: closes it without asking
 *
 * What the module exports, by the name of %NEKO_UI_SYMBOL. Nothing of GTK is in it: whoever includes this
 * need not be linked to that.
 */
typedef struct {
  const char *version;
  gboolean (*init)(void);
  NekoWindow *(*create_window)(NekoService *service);
  void (*present)(NekoWindow *window);
  void (*destroy)(NekoWindow *window);
} NekoUi;

#define NEKO_UI_SYMBOL "neko_ui"

G_END_DECLS
