/* neko-tray-menu.c - a GMenuModel on the bus, as com.canonical.dbusmenu
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-menu.h"

#include "neko-tray-bus.h"
#include "neko-tray-layout.h"

struct _NekoTrayMenu {
  GObject           parent_instance;

  NekoTrayDbusmenu *skeleton;
  GMenuModel       *model;    /* (nullable): an empty menu */
  GActionGroup     *actions;
  GSignalGroup     *handlers; /* of actions */
  NekoTrayLayout   *layout;
  guint             revision; /* of the layout */
  guint             update;   /* the source that will make the next one */
};

G_DEFINE_FINAL_TYPE (NekoTrayMenu, neko_tray_menu, G_TYPE_OBJECT)

static gboolean update_cb (gpointer user_data);


/* Many changes come at once. They are told of before anything else that can wait. */
static void
schedule_update (NekoTrayMenu *self)
{
  if (self->update == 0)
    self->update = g_idle_add_full (G_PRIORITY_DEFAULT, update_cb, self, NULL);
}


static void
watch_models (NekoTrayMenu   *self,
              NekoTrayLayout *layout)
{
  GPtrArray *models = neko_tray_layout_get_models (layout);

  for (guint i = 0; i < models->len; i++)
    g_signal_connect_object (models->pdata[i], "items-changed", G_CALLBACK (schedule_update), self,
                             G_CONNECT_SWAPPED);
}


static void
unwatch_models (NekoTrayMenu   *self,
                NekoTrayLayout *layout)
{
  GPtrArray *models = neko_tray_layout_get_models (layout);

  for (guint i = 0; i < models->len; i++)
    g_signal_handlers_disconnect_by_func (models->pdata[i], schedule_update, self);
}


static void
add_lost_properties (GVariantBuilder *lost,
                     NekoTrayNode    *old,
                     NekoTrayNode    *node)
{
  GVariantBuilder names = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  gboolean has_names = FALSE;
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, old->properties);

  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL)) {
    g_autoptr (GVariant) value = g_variant_lookup_value (node->properties, name, NULL);

    if (value == NULL) {
      g_variant_builder_add (&names, "s", name);
      has_names = TRUE;
    }
  }

  if (has_names)
    g_variant_builder_add (lost, "(i@as)", node->id, g_variant_builder_end (&names));

  g_variant_builder_clear (&names);
}


/* Of items that are new a host learns by the layout. */
static gboolean
tell_properties (NekoTrayMenu   *self,
                 NekoTrayLayout *before)
{
  GVariantBuilder changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  GVariantBuilder lost = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ias)"));
  g_autoptr (GList) ids = neko_tray_layout_list_ids (self->layout);
  gboolean is_changed = FALSE;

  for (GList *i = ids; i != NULL; i = i->next) {
    NekoTrayNode *node = neko_tray_layout_find (self->layout, GPOINTER_TO_INT (i->data));
    NekoTrayNode *old = neko_tray_layout_find (before, node->id);

    if (old == NULL || g_variant_equal (old->properties, node->properties))
      continue;

    g_variant_builder_add (&changed, "(i@a{sv})", node->id, node->properties);
    add_lost_properties (&lost, old, node);
    is_changed = TRUE;
  }

  if (is_changed)
    neko_tray_dbusmenu_emit_items_properties_updated (self->skeleton,
                                                      g_variant_builder_end (&changed),
                                                      g_variant_builder_end (&lost));

  g_variant_builder_clear (&changed);
  g_variant_builder_clear (&lost);

  return is_changed;
}


/* Whatever comes from a host is answered out of the present; it need not wait for an update.
 * Returns: whether the host has something else to show now */
static gboolean
update (NekoTrayMenu *self)
{
  g_autoptr (NekoTrayLayout) before = NULL;
  gboolean has_new_shape;

  if (self->update == 0)
    return FALSE;

  g_clear_handle_id (&self->update, g_source_remove);
  before = g_steal_pointer (&self->layout);
  unwatch_models (self, before);
  self->layout = neko_tray_layout_new (self->model, self->actions, before);
  watch_models (self, self->layout);
  has_new_shape = !neko_tray_layout_has_same_shape (self->layout, before);

  if (has_new_shape)
    neko_tray_dbusmenu_emit_layout_updated (self->skeleton, ++self->revision, 0);

  return tell_properties (self, before) || has_new_shape;
}


static gboolean
update_cb (gpointer user_data)
{
  update (user_data);

  return G_SOURCE_REMOVE;
}


/* Returns: (nullable): the item, or %NULL where @invocation was answered by an error */
static NekoTrayNode *
find_or_refuse (NekoTrayMenu          *self,
                GDBusMethodInvocation *invocation,
                int                    id)
{
  NekoTrayNode *node;

  update (self);
  node = neko_tray_layout_find (self->layout, id);

  if (node == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "There is no item %d", id);

  return node;
}


static gboolean
get_layout_cb (NekoTrayMenu          *self,
               GDBusMethodInvocation *invocation,
               int                    parent,
               int                    depth,
               const char *const     *names)
{
  NekoTrayNode *node = find_or_refuse (self, invocation, parent);

  if (node != NULL)
    neko_tray_dbusmenu_complete_get_layout (self->skeleton, invocation, self->revision,
                                            neko_tray_node_to_variant (node, depth, names));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static void
add_group_properties (GVariantBuilder   *builder,
                      NekoTrayNode      *node,
                      const char *const *names)
{
  if (node != NULL)
    g_variant_builder_add (builder, "(i@a{sv})", node->id,
                           neko_tray_node_select_properties (node, names));
}


/* No ids are all of them. One that is gone is no reason to tell nothing of the others. */
static gboolean
get_group_properties_cb (NekoTrayMenu          *self,
                         GDBusMethodInvocation *invocation,
                         GVariant              *ids,
                         const char *const     *names)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  g_autoptr (GList) all = NULL;
  GVariantIter iter;
  int id;

  update (self);
  g_variant_iter_init (&iter, ids);

  while (g_variant_iter_next (&iter, "i", &id))
    add_group_properties (&builder, neko_tray_layout_find (self->layout, id), names);

  all = g_variant_n_children (ids) == 0 ? neko_tray_layout_list_ids (self->layout) : NULL;

  for (GList *i = all; i != NULL; i = i->next)
    add_group_properties (&builder,
                          neko_tray_layout_find (self->layout, GPOINTER_TO_INT (i->data)), names);

  neko_tray_dbusmenu_complete_get_group_properties (self->skeleton, invocation,
                                                    g_variant_builder_end (&builder));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
get_property_cb (NekoTrayMenu          *self,
                 GDBusMethodInvocation *invocation,
                 int                    id,
                 const char            *name)
{
  NekoTrayNode *node = find_or_refuse (self, invocation, id);
  g_autoptr (GVariant) value = NULL;

  if (node == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  value = neko_tray_node_dup_property (node, name);

  if (value == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "Items have no property of that name");
  else
    neko_tray_dbusmenu_complete_get_property (self->skeleton, invocation,
                                              g_variant_new_variant (value));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


/* Of all that can happen to an item, only clicks are for us. */
static void
handle_event (NekoTrayMenu *self,
              NekoTrayNode *node,
              const char   *event)
{
  if (node->action != NULL && self->actions != NULL && g_str_equal (event, "clicked"))
    g_action_group_activate_action (self->actions, node->action, node->target);
}


static gboolean
event_cb (NekoTrayMenu          *self,
          GDBusMethodInvocation *invocation,
          int                    id,
          const char            *event)
{
  NekoTrayNode *node = find_or_refuse (self, invocation, id);

  if (node == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  /* An action may well end the program. */
  neko_tray_dbusmenu_complete_event (self->skeleton, invocation);
  handle_event (self, node, event);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


/* Returns: (transfer floating) (nullable): the ids that are none, or %NULL where that are all and @invocation was
 * answered by an error */
static GVariant *
find_bad_ids (NekoTrayMenu          *self,
              GDBusMethodInvocation *invocation,
              GVariant              *rows)
{
  GVariantBuilder bad = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  size_t length = g_variant_n_children (rows);
  size_t count = 0;

  for (size_t i = 0; i < length; i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    g_autoptr (GVariant) number = g_variant_is_container (row) ? g_variant_get_child_value (row, 0)
                                                               : g_variant_ref (row);
    int id = g_variant_get_int32 (number);

    if (neko_tray_layout_find (self->layout, id) == NULL) {
      g_variant_builder_add (&bad, "i", id);
      count++;
    }
  }

  if (length == 0 || count < length)
    return g_variant_builder_end (&bad);

  g_variant_builder_clear (&bad);
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                         "There is none of these items");

  return NULL;
}


static gboolean
event_group_cb (NekoTrayMenu          *self,
                GDBusMethodInvocation *invocation,
                GVariant              *events)
{
  g_autoptr (GVariant) kept = g_variant_ref (events);
  GVariantIter iter;
  GVariant *bad_ids;
  const char *event;
  int id;

  update (self);
  bad_ids = find_bad_ids (self, invocation, events);

  if (bad_ids == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  neko_tray_dbusmenu_complete_event_group (self->skeleton, invocation, bad_ids);
  g_variant_iter_init (&iter, kept);

  /* What was clicked first may have ended all of this. */
  while (self->layout != NULL && g_variant_iter_next (&iter, "(i&svu)", &id, &event, NULL, NULL)) {
    NekoTrayNode *node = neko_tray_layout_find (self->layout, id);

    if (node != NULL)
      handle_event (self, node, event);
  }

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
about_to_show_cb (NekoTrayMenu          *self,
                  GDBusMethodInvocation *invocation,
                  int                    id)
{
  gboolean is_changed = update (self);

  if (find_or_refuse (self, invocation, id) != NULL)
    neko_tray_dbusmenu_complete_about_to_show (self->skeleton, invocation, is_changed);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
about_to_show_group_cb (NekoTrayMenu          *self,
                        GDBusMethodInvocation *invocation,
                        GVariant              *ids)
{
  GVariantBuilder changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  gboolean is_changed = update (self);
  GVariant *bad_ids = find_bad_ids (self, invocation, ids);
  GVariantIter iter;
  int id;

  if (bad_ids == NULL) {
    g_variant_builder_clear (&changed);
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }

  g_variant_iter_init (&iter, ids);

  while (g_variant_iter_next (&iter, "i", &id))
    if (is_changed && neko_tray_layout_find (self->layout, id) != NULL)
      g_variant_builder_add (&changed, "i", id);

  neko_tray_dbusmenu_complete_about_to_show_group (self->skeleton, invocation,
                                                   g_variant_builder_end (&changed), bad_ids);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static void
neko_tray_menu_dispose (GObject *object)
{
  NekoTrayMenu *self = NEKO_TRAY_MENU (object);

  g_clear_handle_id (&self->update, g_source_remove);

  if (self->layout != NULL)
    unwatch_models (self, self->layout);

  if (self->skeleton != NULL &&
      g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));

  g_clear_pointer (&self->layout, neko_tray_layout_free);
  g_clear_object (&self->handlers);
  g_clear_object (&self->actions);
  g_clear_object (&self->model);
  g_clear_object (&self->skeleton);

  G_OBJECT_CLASS (neko_tray_menu_parent_class)->dispose (object);
}


static void
neko_tray_menu_class_init (NekoTrayMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_tray_menu_dispose;
}


static void
connect_skeleton (NekoTrayMenu *self)
{
  static const struct {
    const char *signal;
    GCallback   callback;
  } methods[] = {
    { "handle-about-to-show",        G_CALLBACK (about_to_show_cb)        },
    { "handle-about-to-show-group",  G_CALLBACK (about_to_show_group_cb)  },
    { "handle-event",                G_CALLBACK (event_cb)                },
    { "handle-event-group",          G_CALLBACK (event_group_cb)          },
    { "handle-get-group-properties", G_CALLBACK (get_group_properties_cb) },
    { "handle-get-layout",           G_CALLBACK (get_layout_cb)           },
    { "handle-get-property",         G_CALLBACK (get_property_cb)         },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (self->skeleton, methods[i].signal, methods[i].callback, self,
                             G_CONNECT_SWAPPED);
}


static void
neko_tray_menu_init (NekoTrayMenu *self)
{
  static const char *const signals[] = {
    "action-added",
    "action-enabled-changed",
    "action-removed",
    "action-state-changed",
  };
  static const char *const no_folders[] = { NULL };

  self->skeleton = neko_tray_dbusmenu_skeleton_new ();
  neko_tray_dbusmenu_set_version (self->skeleton, 3);
  neko_tray_dbusmenu_set_text_direction (self->skeleton, "ltr");
  neko_tray_dbusmenu_set_status (self->skeleton, "normal");
  neko_tray_dbusmenu_set_icon_theme_path (self->skeleton, no_folders);
  connect_skeleton (self);

  self->layout = neko_tray_layout_new (NULL, NULL, NULL);
  self->handlers = g_signal_group_new (G_TYPE_ACTION_GROUP);

  for (size_t i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_group_connect_swapped (self->handlers, signals[i], G_CALLBACK (schedule_update), self);
}


/* Returns: (transfer full): an empty menu that nobody can reach yet */
NekoTrayMenu *
neko_tray_menu_new (void)
{
  return g_object_new (NEKO_TYPE_TRAY_MENU, NULL);
}


/**
 * neko_tray_menu_set_model:
 * @model: (nullable): what to show, %NULL for nothing
 * @actions: (nullable): where the actions are, by the names that @model has for them; %NULL where @model is
 *
 * Shows another menu. Both are followed from now on.
 */
void
neko_tray_menu_set_model (NekoTrayMenu *self,
                          GMenuModel   *model,
                          GActionGroup *actions)
{
  g_return_if_fail (NEKO_IS_TRAY_MENU (self));
  g_return_if_fail (model == NULL || G_IS_MENU_MODEL (model));
  g_return_if_fail (actions != NULL || model == NULL);

  g_set_object (&self->model, model);
  g_set_object (&self->actions, actions);
  g_signal_group_set_target (self->handlers, actions);
  schedule_update (self);
}


/**
 * neko_tray_menu_export:
 *
 * Answers on @connection until @self is gone.
 */
gboolean
neko_tray_menu_export (NekoTrayMenu    *self,
                       GDBusConnection *connection,
                       const char      *path,
                       GError         **error)
{
  g_return_val_if_fail (NEKO_IS_TRAY_MENU (self), FALSE);

  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           path, error);
}
