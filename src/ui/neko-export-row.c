/* neko-export-row.c - saves the mail of an account in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-export-row.h"

#include <glib/gi18n.h>

#include "neko-error-text.h"
#include "neko-remote-export.h"
#include "neko-size-text.h"

struct _NekoExportRow {
  AdwActionRow          parent_instance;

  NekoAccountItem      *item;
  GCancellable         *cancellable; /* (nullable): nothing is saved now */
  GtkFileChooserNative *chooser;     /* (nullable): not open */
  GtkWidget            *spinner;
  GtkWidget            *button;
  GtkWidget            *stop_button;
};

G_DEFINE_FINAL_TYPE (NekoExportRow, neko_export_row, ADW_TYPE_ACTION_ROW)


static void
show_busy (NekoExportRow *self)
{
  gboolean is_busy = self->cancellable != NULL;

  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), is_busy);
  gtk_widget_set_visible (self->spinner, is_busy);
  gtk_widget_set_visible (self->stop_button, is_busy);
  gtk_widget_set_visible (self->button, !is_busy);
}


static void
show_text (NekoExportRow *self,
           const char    *text)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}


static void
progress_cb (guint64  octets,
             gpointer user_data)
{
  NekoExportRow *self = user_data;
  g_autofree char *size = neko_size_text_dup (octets);
  /* Translators: %s is a size */
  g_autofree char *text = g_strdup_printf (_ ("%s saved so far"), size);

  show_text (self, text);
}


static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (NekoExportRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (neko_remote_export_finish (result, &error))
    text = g_strdup (_ ("Saved. Most mail programs can import the file"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (_ ("Stopped; nothing was saved"));
  else
    text = neko_error_text (error);

  g_clear_object (&self->cancellable);
  show_busy (self);
  show_text (self, text);
  g_application_release (g_application_get_default ());
}


static void
export_to (NekoExportRow *self,
           GFile         *file)
{
  NekoRemoteClient *client = neko_account_item_get_client (self->item);

  if (client == NULL)
    return;

  /* Whoever closes the window wants the file nevertheless. */
  g_application_hold (g_application_get_default ());
  self->cancellable = g_cancellable_new ();
  show_busy (self);
  progress_cb (0, self);
  neko_remote_export_async (client, NEKO_REMOTE_MAILBOX_INBOX, file, progress_cb, self, self->cancellable,
                            exported_cb, g_object_ref (self));
}


static void
chosen_cb (NekoExportRow *self,
           int            response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

  g_clear_object (&self->chooser);

  if (file != NULL)
    export_to (self, file);
}


static void
choose_cb (NekoExportRow *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *name = g_strconcat (neko_account_item_get_address (self->item), ".mbox", NULL);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Save Mail"), window, GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                               NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}


static void
stop_cb (NekoExportRow *self)
{
  g_cancellable_cancel (self->cancellable);
}


static void
item_changed_cb (NekoExportRow *self)
{
  gtk_widget_set_sensitive (self->button, neko_account_item_get_client (self->item) != NULL);
}


/**
 * neko_export_row_set_account:
 * @item: whose mail is saved
 */
void
neko_export_row_set_account (NekoExportRow   *self,
                             NekoAccountItem *item)
{
  g_return_if_fail (NEKO_IS_EXPORT_ROW (self));
  g_return_if_fail (self->item == NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  item_changed_cb (self);
}


/* It is the row that shows how far it is, so it does not go on without. */
static void
neko_export_row_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (NEKO_EXPORT_ROW (widget)->cancellable);

  GTK_WIDGET_CLASS (neko_export_row_parent_class)->unroot (widget);
}


static void
neko_export_row_dispose (GObject *object)
{
  NekoExportRow *self = NEKO_EXPORT_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->chooser);

  G_OBJECT_CLASS (neko_export_row_parent_class)->dispose (object);
}


static void
neko_export_row_class_init (NekoExportRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_export_row_dispose;
  GTK_WIDGET_CLASS (klass)->unroot = neko_export_row_unroot;
}


static GtkWidget *
add_button (NekoExportRow *self,
            const char    *text,
            const char    *label,
            GCallback      callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (text);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);

  return button;
}


static void
neko_export_row_init (NekoExportRow *self)
{
  self->spinner = gtk_spinner_new ();
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->spinner);
  self->button = add_button (self, _ ("_Save…"), _ ("Save Mail"), G_CALLBACK (choose_cb));
  self->stop_button = add_button (self, _ ("S_top"), _ ("Stop Saving"), G_CALLBACK (stop_cb));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Export"));
  show_text (self, _ ("Save all received mail in one file (mbox)"));
  show_busy (self);
}
