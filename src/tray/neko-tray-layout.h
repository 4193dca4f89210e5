/* neko-tray-layout.h - a menu at one moment, as dbusmenu sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-tray-node.h"

G_BEGIN_DECLS

typedef struct _NekoTrayLayout NekoTrayLayout;

NekoTrayLayout *neko_tray_layout_new (GMenuModel     *model,
                                      GActionGroup   *actions,
                                      NekoTrayLayout *previous) G_GNUC_WARN_UNUSED_RESULT;
void            neko_tray_layout_free (NekoTrayLayout *self);
NekoTrayNode   *neko_tray_layout_find (NekoTrayLayout *self,
                                       int             id);
GList          *neko_tray_layout_list_ids (NekoTrayLayout *self) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray      *neko_tray_layout_get_models (NekoTrayLayout *self);
gboolean        neko_tray_layout_has_same_shape (NekoTrayLayout *self,
                                                 NekoTrayLayout *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoTrayLayout, neko_tray_layout_free)

G_END_DECLS
