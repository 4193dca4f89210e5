/* neko-load-view.h - what has to be asked for before it can be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_LOAD_VIEW (neko_load_view_get_type ())

G_DECLARE_FINAL_TYPE (NekoLoadView, neko_load_view, NEKO, LOAD_VIEW, AdwBin)

void     neko_load_view_show_waiting (NekoLoadView *self);
void     neko_load_view_show_problem (NekoLoadView *self,
                                      const char   *problem);
void     neko_load_view_show_content (NekoLoadView *self);
gboolean neko_load_view_has_content (NekoLoadView *self);

G_END_DECLS
