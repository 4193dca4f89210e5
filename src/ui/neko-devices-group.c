/* neko-devices-group.c - where else somebody is signed in to an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-devices-group.h"

#include <glib/gi18n.h>

#include "neko-account-text.h"
#include "neko-error-text.h"
#include "neko-remote-devices.h"
#include "neko-remote-error.h"
#include "neko-remove-button.h"
#include "neko-window.h"

#define DEVICE "neko-device" /* the id, at its row */

struct _NekoDevicesGroup {
  AdwPreferencesGroup parent_instance;

  NekoAccountItem    *item;
  GCancellable       *cancellable;
  GtkWidget          *problem_row;
  GPtrArray          *rows;        /* GtkWidget, borrowed, one for each device */
  NekoRemoteClient   *asked;       /* (nullable): who was asked by itself, and need not be again */
  gboolean            is_loading;
};

G_DEFINE_FINAL_TYPE (NekoDevicesGroup, neko_devices_group, ADW_TYPE_PREFERENCES_GROUP)


static void
show_problem (NekoDevicesGroup *self,
              const char       *text)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->problem_row), text != NULL ? text : "");
  gtk_widget_set_visible (self->problem_row, text != NULL);
}


static void
remove_row (NekoDevicesGroup *self,
            GtkWidget        *row)
{
  if (g_ptr_array_remove (self->rows, row))
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
}


static void
revoked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GtkWidget) row = user_data;
  GtkWidget *group = gtk_widget_get_ancestor (row, NEKO_TYPE_DEVICES_GROUP);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  neko_remote_devices_revoke_finish (result, &error);

  if (error == NULL || g_error_matches (error, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NO_SUCH)) {
    /* Translators: %s is a device */
    text = g_strdup_printf (_ ("%s is signed out"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));

    if (group != NULL)
      remove_row (NEKO_DEVICES_GROUP (group), row);
  } else {
    text = neko_error_text (error);
    gtk_widget_set_sensitive (row, TRUE);
  }

  neko_window_toast (row, text);
}


/* Not cancelled with the group: whoever leaves it wants the device to be signed out all the same. */
static void
revoke_cb (GtkWidget        *button,
           NekoDevicesGroup *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  NekoRemoteClient *client = neko_account_item_get_client (self->item);

  if (client == NULL)
    return;

  gtk_widget_set_sensitive (row, FALSE);
  neko_remote_devices_revoke_async (client, g_object_get_data (G_OBJECT (row), DEVICE), NULL,
                                    revoked_cb, g_object_ref (row));
}


static void
add_row (NekoDevicesGroup *self,
         NekoRemoteDevice *device)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *time = neko_account_text_dup_time (device->last_used);
  /* Translators: %s is a time, or a day */
  g_autofree char *use = g_strdup_printf (_ ("Last used: %s"), time);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), device->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), device->is_current ? _ ("This computer") : use);
  g_object_set_data_full (G_OBJECT (row), DEVICE, g_strdup (device->id), g_free);

  /* This one is signed out of below, with what belongs to it. */
  if (!device->is_current) {
    /* Translators: %s is a device */
    g_autofree char *label = g_strdup_printf (_ ("Sign Out %s"), device->name);
    GtkWidget *button = neko_remove_button_new (label);

    g_signal_connect_object (button, "clicked", G_CALLBACK (revoke_cb), self, 0);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  }

  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}


static void
show_devices (NekoDevicesGroup *self,
              GPtrArray        *devices)
{
  while (self->rows->len > 0)
    remove_row (self, g_ptr_array_index (self->rows, 0));

  for (guint i = 0; i < devices->len; i++)
    add_row (self, g_ptr_array_index (devices, i));
}


static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoDevicesGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = neko_remote_devices_list_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_loading = FALSE;

  if (devices != NULL) {
    show_devices (self, devices);
  } else {
    text = neko_error_text (error);
  }

  show_problem (self, text);
}


static void
load (NekoDevicesGroup *self)
{
  NekoRemoteClient *client = neko_account_item_get_client (self->item);

  if (self->is_loading || client == NULL)
    return;

  self->is_loading = TRUE;
  neko_remote_devices_list_async (client, self->cancellable, listed_cb, g_object_ref (self));
}


/* The token may have come only now. */
static void
item_changed_cb (NekoDevicesGroup *self)
{
  NekoRemoteClient *client = neko_account_item_get_client (self->item);

  gtk_widget_set_visible (GTK_WIDGET (self), client != NULL);

  if (g_set_object (&self->asked, client))
    load (self);
}


/**
 * neko_devices_group_set_account:
 *
 * Asks the Worker for the devices of @item, and shows them.
 */
void
neko_devices_group_set_account (NekoDevicesGroup *self,
                                NekoAccountItem  *item)
{
  g_return_if_fail (NEKO_IS_DEVICES_GROUP (self));
  g_return_if_fail (self->item == NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  item_changed_cb (self);
}


static void
neko_devices_group_dispose (GObject *object)
{
  NekoDevicesGroup *self = NEKO_DEVICES_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->asked);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (neko_devices_group_parent_class)->dispose (object);
}


static void
neko_devices_group_finalize (GObject *object)
{
  NekoDevicesGroup *self = NEKO_DEVICES_GROUP (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (neko_devices_group_parent_class)->finalize (object);
}


static void
neko_devices_group_class_init (NekoDevicesGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_devices_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_devices_group_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-devices-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoDevicesGroup, problem_row);
  gtk_widget_class_bind_template_callback (widget_class, load);
}


static void
neko_devices_group_init (NekoDevicesGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
}
