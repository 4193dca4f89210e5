/* neko-servers-group.c - the mail servers: where they listen, and why they do not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-servers-group.h"

#include "neko-listener-text.h"

struct _NekoServersGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  GVariant           *shown;      /* (nullable): what the rows show */
  GtkWidget          *paused_row;
  GPtrArray          *rows;       /* GtkWidget, borrowed, one for each listener */
};

G_DEFINE_FINAL_TYPE (NekoServersGroup, neko_servers_group, ADW_TYPE_PREFERENCES_GROUP)

static void
add_row (NekoServersGroup *self,
         GVariant         *status)
{
  NekoListenerInfo listener;
  g_autofree char *text = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();

  neko_listener_info_read (&listener, status);
  text = neko_listener_text_dup (&listener);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), g_str_equal (listener.state, "listening")
                                                  ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), listener.protocol);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}


static void
show_listeners (NekoServersGroup *self,
                GVariant         *listeners)
{
  gsize count = listeners != NULL ? g_variant_n_children (listeners) : 0;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));

  g_ptr_array_set_size (self->rows, 0);

  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);

    add_row (self, listener);
  }
}


/* Where nothing changed the rows stay: a screen reader would read new ones again. */
static void
model_changed_cb (NekoServersGroup *self)
{
  g_autoptr (GVariant) listeners = neko_model_dup_status (self->model, "listeners",
                                                          G_VARIANT_TYPE ("aa{sv}"));

  gtk_widget_set_visible (self->paused_row, neko_model_is_set (self->model, "paused"));

  if (self->shown != NULL && listeners != NULL && g_variant_equal (self->shown, listeners))
    return;

  show_listeners (self, listeners);
  g_clear_pointer (&self->shown, g_variant_unref);
  self->shown = g_steal_pointer (&listeners);
}


/**
 * neko_servers_group_set_model:
 *
 * Shows the servers of @model, and follows them.
 */
void
neko_servers_group_set_model (NekoServersGroup *self,
                              NekoModel        *model)
{
  g_return_if_fail (NEKO_IS_SERVERS_GROUP (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);
}


static void
neko_servers_group_dispose (GObject *object)
{
  NekoServersGroup *self = NEKO_SERVERS_GROUP (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->shown, g_variant_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (neko_servers_group_parent_class)->dispose (object);
}


static void
neko_servers_group_class_init (NekoServersGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_servers_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-servers-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoServersGroup, paused_row);
}


static void
neko_servers_group_init (NekoServersGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
}
