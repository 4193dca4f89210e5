/* neko-tray-node.c - an item of a menu, as dbusmenu sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-node.h"

/* What an item has that has no such property. */
static const struct {
  const char *name;
  const char *value;
} defaults[] = {
  { "children-display", "''"         },
  { "enabled",          "true"       },
  { "label",            "''"         },
  { "toggle-state",     "-1"         },
  { "toggle-type",      "''"         },
  { "type",             "'standard'" },
  { "visible",          "true"       },
};


NekoTrayNode *
neko_tray_node_new (int id)
{
  NekoTrayNode *self = g_new0 (NekoTrayNode, 1);

  self->id = id;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) neko_tray_node_free);

  return self;
}


void
neko_tray_node_free (NekoTrayNode *self)
{
  g_clear_pointer (&self->properties, g_variant_unref);
  g_clear_pointer (&self->target, g_variant_unref);
  g_ptr_array_unref (self->children);
  g_free (self->action);
  g_free (self);
}


/**
 * neko_tray_node_dup_property:
 * @name: any text, as it comes from a host
 *
 * Returns: (transfer full) (nullable): its value, which may be that by default, or %NULL where items have no such
 *   property
 */
GVariant *
neko_tray_node_dup_property (NekoTrayNode *self,
                             const char   *name)
{
  GVariant *value = g_variant_lookup_value (self->properties, name, NULL);

  for (size_t i = 0; value == NULL && i < G_N_ELEMENTS (defaults); i++)
    if (g_str_equal (name, defaults[i].name))
      value = g_variant_ref_sink (g_variant_new_parsed (defaults[i].value));

  return value;
}


/**
 * neko_tray_node_select_properties:
 * @names: those that are wanted; none for all
 *
 * Returns: (transfer floating): an a{sv}
 */
GVariant *
neko_tray_node_select_properties (NekoTrayNode      *self,
                                  const char *const *names)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, self->properties);

  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    if (names[0] == NULL || g_strv_contains (names, name))
      g_variant_builder_add (&builder, "{sv}", name, value);

  return g_variant_builder_end (&builder);
}


/**
 * neko_tray_node_to_variant:
 * @depth: how many levels of children are wanted; less than 0 for all
 * @names: the properties that are wanted; none for all
 *
 * Returns: (transfer floating): an (ia{sv}av)
 */
GVariant *
neko_tray_node_to_variant (NekoTrayNode      *self,
                           int                depth,
                           const char *const *names)
{
  GVariantBuilder children = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  for (guint i = 0; depth != 0 && i < self->children->len; i++)
    g_variant_builder_add (&children, "v",
                           neko_tray_node_to_variant (self->children->pdata[i], MAX (depth - 1, -1),
                                                      names));

  return g_variant_new ("(i@a{sv}av)", self->id, neko_tray_node_select_properties (self, names),
                        &children);
}
