/* neko-tray-node.h - an item of a menu, as dbusmenu sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoTrayNode:
 * @id: means the same item as long as it is there, and never another one
 * @properties: an a{sv}, without what is as it is by default
 * @action: (nullable): what a click does; there is one only where it can be done
 * @target: (nullable): its parameter
 * @children: (element-type NekoTrayNode): of a submenu
 */
typedef struct {
  int        id;
  GVariant  *properties;
  char      *action;
  GVariant  *target;
  GPtrArray *children;
} NekoTrayNode;

NekoTrayNode *neko_tray_node_new (int id) G_GNUC_WARN_UNUSED_RESULT;
void          neko_tray_node_free (NekoTrayNode *self);
GVariant     *neko_tray_node_dup_property (NekoTrayNode *self,
                                           const char   *name) G_GNUC_WARN_UNUSED_RESULT;
GVariant     *neko_tray_node_select_properties (NekoTrayNode      *self,
                                                const char *const *names);
GVariant     *neko_tray_node_to_variant (NekoTrayNode      *self,
                                         int                depth,
                                         const char *const *names);

G_END_DECLS
