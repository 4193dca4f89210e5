/* neko-tray-layout.c - a menu at one moment, as dbusmenu sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-layout.h"

/* GIO has names for the others. */
#define ATTRIBUTE_HIDDEN_WHEN "hidden-when"

struct _NekoTrayLayout {
  NekoTrayNode *root;
  GHashTable   *nodes;  /* int: NekoTrayNode, borrowed from the tree */
  GHashTable   *ids;    /* what an item is: its id */
  GPtrArray    *models; /* all that it was made of */
  int           last_id;
};

/* One menu or submenu while it is made. A separator is due between two items that are not in the same section. */
typedef struct {
  NekoTrayLayout *layout;
  NekoTrayLayout *previous; /* (nullable) */
  GActionGroup   *actions;
  NekoTrayNode   *parent;
  gboolean        is_separator_due;
} Place;

/* What an action is like, where there is one that takes this target. */
typedef struct {
  gboolean  exists;
  gboolean  is_enabled;
  GVariant *state; /* (nullable) */
} ActionState;


static NekoTrayNode *
node_new (NekoTrayLayout *self,
          int             id)
{
  NekoTrayNode *node = neko_tray_node_new (id);

  g_hash_table_insert (self->nodes, GINT_TO_POINTER (id), node);

  return node;
}


/* An item keeps its id from one layout to the next: a host asks again only for what it does not know, and a click
 * that was on its way finds what was clicked, or nothing. */
static int
choose_id (Place      *place,
           const char *kind,
           const char *action,
           GVariant   *target)
{
  g_autofree char *parameter = target != NULL ? g_variant_print (target, TRUE) : g_strdup ("");
  g_autofree char *key = NULL;
  gpointer id = NULL;

  for (unsigned ordinal = 0; key == NULL || g_hash_table_contains (place->layout->ids, key); ordinal++) {
    g_free (key);
    key = g_strdup_printf ("%d %s %u %s %s", place->parent->id, kind, ordinal, action, parameter);
  }

  if (place->previous != NULL)
    id = g_hash_table_lookup (place->previous->ids, key);

  if (id == NULL)
    id = GINT_TO_POINTER (++place->layout->last_id);

  g_hash_table_insert (place->layout->ids, g_steal_pointer (&key), id);

  return GPOINTER_TO_INT (id);
}


static NekoTrayNode *
add_node (Place      *place,
          const char *kind,
          const char *action,
          GVariant   *target)
{
  int id = choose_id (place, kind, action, target);
  NekoTrayNode *node = node_new (place->layout, id);

  g_ptr_array_add (place->parent->children, node);

  return node;
}


static void
set_properties (NekoTrayNode    *node,
                GVariantBuilder *builder)
{
  node->properties = g_variant_ref_sink (g_variant_builder_end (builder));
}


static void
add_due_separator (Place *place)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (place->is_separator_due && place->parent->children->len > 0) {
    g_variant_builder_add (&builder, "{sv}", "type", g_variant_new_string ("separator"));
    set_properties (add_node (place, "separator", "", NULL), &builder);
  }

  g_variant_builder_clear (&builder);
  place->is_separator_due = FALSE;
}


/* An action that wants another parameter than the item has would only complain. */
static void
query_action (GActionGroup *actions,
              const char   *name,
              GVariant     *target,
              ActionState  *answer)
{
  const GVariantType *type = NULL;

  *answer = (ActionState) { FALSE, FALSE, NULL };

  if (name == NULL ||
      !g_action_group_query_action (actions, name, &answer->is_enabled, &type, NULL, NULL,
                                    &answer->state))
    return;

  answer->exists = type == NULL ? target == NULL
                                : target != NULL && g_variant_is_of_type (target, type);
  answer->is_enabled = answer->is_enabled && answer->exists;
}


static gboolean
is_hidden (GMenuModel        *model,
           int                index,
           const ActionState *action)
{
  g_autofree char *when = NULL;

  if (!g_menu_model_get_item_attribute (model, index, ATTRIBUTE_HIDDEN_WHEN, "s", &when))
    return FALSE;

  return (g_str_equal (when, "action-disabled") && !action->is_enabled) ||
         (g_str_equal (when, "action-missing") && !action->exists);
}


static void
add_label (GVariantBuilder *builder,
           GMenuModel      *model,
           int              index)
{
  g_autofree char *label = NULL;

  if (g_menu_model_get_item_attribute (model, index, G_MENU_ATTRIBUTE_LABEL, "s", &label))
    g_variant_builder_add (builder, "{sv}", "label", g_variant_new_string (label));
}


static void
set_item_properties (NekoTrayNode      *node,
                     GMenuModel        *model,
                     int                index,
                     const ActionState *action)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_label (&builder, model, index);

  if (!action->is_enabled)
    g_variant_builder_add (&builder, "{sv}", "enabled", g_variant_new_boolean (FALSE));

  if (action->state != NULL && g_variant_is_of_type (action->state, G_VARIANT_TYPE_BOOLEAN)) {
    int state = g_variant_get_boolean (action->state) ? 1 : 0;

    g_variant_builder_add (&builder, "{sv}", "toggle-type", g_variant_new_string ("checkmark"));
    g_variant_builder_add (&builder, "{sv}", "toggle-state", g_variant_new_int32 (state));
  }

  set_properties (node, &builder);
}


static void
add_item (Place      *place,
          GMenuModel *model,
          int         index)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GVariant) state = NULL;
  ActionState action;
  NekoTrayNode *node;

  g_menu_model_get_item_attribute (model, index, G_MENU_ATTRIBUTE_ACTION, "s", &name);
  target = g_menu_model_get_item_attribute_value (model, index, G_MENU_ATTRIBUTE_TARGET, NULL);
  query_action (place->actions, name, target, &action);
  state = action.state;

  if (is_hidden (model, index, &action))
    return;

  add_due_separator (place);
  node = add_node (place, "item", name != NULL ? name : "", target);
  set_item_properties (node, model, index, &action);

  if (action.is_enabled) {
    node->action = g_steal_pointer (&name);
    node->target = g_steal_pointer (&target);
  }
}


static void add_items (Place      *place,
                       GMenuModel *model);


static void
add_submenu (Place      *place,
             GMenuModel *model,
             int         index,
             GMenuModel *submenu)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  Place inside = *place;

  add_due_separator (place);
  inside.parent = add_node (place, "submenu", "", NULL);
  inside.is_separator_due = FALSE;
  add_label (&builder, model, index);
  g_variant_builder_add (&builder, "{sv}", "children-display", g_variant_new_string ("submenu"));
  set_properties (inside.parent, &builder);
  add_items (&inside, submenu);
}


static void
add_items (Place      *place,
           GMenuModel *model)
{
  g_ptr_array_add (place->layout->models, g_object_ref (model));

  for (int i = 0; i < g_menu_model_get_n_items (model); i++) {
    g_autoptr (GMenuModel) section = g_menu_model_get_item_link (model, i, G_MENU_LINK_SECTION);
    g_autoptr (GMenuModel) submenu = g_menu_model_get_item_link (model, i, G_MENU_LINK_SUBMENU);

    if (section != NULL) {
      place->is_separator_due = TRUE;
      add_items (place, section);
      place->is_separator_due = TRUE;
    } else if (submenu != NULL) {
      add_submenu (place, model, i, submenu);
    } else {
      add_item (place, model, i);
    }
  }
}


/**
 * neko_tray_layout_new:
 * @model: (nullable): a menu, %NULL for an empty one; its actions are named as they are in @actions
 * @previous: (nullable): the layout that this one follows, whose ids it keeps
 *
 * Items that are hidden are not there.
 *
 * Returns: (transfer full): what @model looks like now
 */
NekoTrayLayout *
neko_tray_layout_new (GMenuModel     *model,
                      GActionGroup   *actions,
                      NekoTrayLayout *previous)
{
  NekoTrayLayout *self = g_new0 (NekoTrayLayout, 1);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  Place place = { self, previous, actions, NULL, FALSE };

  self->nodes = g_hash_table_new (NULL, NULL);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->models = g_ptr_array_new_with_free_func (g_object_unref);
  self->last_id = previous != NULL ? previous->last_id : 0;
  self->root = node_new (self, 0);
  g_variant_builder_add (&builder, "{sv}", "children-display", g_variant_new_string ("submenu"));
  set_properties (self->root, &builder);
  place.parent = self->root;

  if (model != NULL)
    add_items (&place, model);

  return self;
}


void
neko_tray_layout_free (NekoTrayLayout *self)
{
  g_hash_table_unref (self->nodes);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->models);
  neko_tray_node_free (self->root);
  g_free (self);
}


/**
 * neko_tray_layout_find:
 * @id: any number, as it comes from a host
 *
 * Returns: (nullable): its item, where it has one
 */
NekoTrayNode *
neko_tray_layout_find (NekoTrayLayout *self,
                       int             id)
{
  return g_hash_table_lookup (self->nodes, GINT_TO_POINTER (id));
}


/**
 * neko_tray_layout_list_ids:
 *
 * Returns: (transfer container): all ids, in any order
 */
GList *
neko_tray_layout_list_ids (NekoTrayLayout *self)
{
  return g_hash_table_get_keys (self->nodes);
}


/* All that have to be watched: the menu, its sections and its submenus. */
GPtrArray *
neko_tray_layout_get_models (NekoTrayLayout *self)
{
  return self->models;
}


static gboolean
node_has_same_shape (NekoTrayNode *node,
                     NekoTrayNode *other)
{
  if (node->id != other->id || node->children->len != other->children->len)
    return FALSE;

  for (guint i = 0; i < node->children->len; i++)
    if (!node_has_same_shape (node->children->pdata[i], other->children->pdata[i]))
      return FALSE;

  return TRUE;
}


/* Whether both have the same items in the same order, which may look different. */
gboolean
neko_tray_layout_has_same_shape (NekoTrayLayout *self,
                                 NekoTrayLayout *other)
{
  return node_has_same_shape (self->root, other->root);
}
