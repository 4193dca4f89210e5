/* neko-thunderbird-row.c - has Thunderbird find the settings by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-thunderbird-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "neko-autoconfig.h"
#include "neko-window.h"

/**
 * NekoThunderbirdRow:
 *
 * It is shown only where Thunderbird is, and looks where this program can put something.
 */
struct _NekoThunderbirdRow {
  AdwActionRow parent_instance;

  GtkWidget   *button;
  char        *folder; /* (nullable): no Thunderbird is here */
  char        *domain; /* (nullable): not set yet */
  char        *text;   /* (nullable) */
};

G_DEFINE_FINAL_TYPE (NekoThunderbirdRow, neko_thunderbird_row, ADW_TYPE_ACTION_ROW)


static void
show (NekoThunderbirdRow *self)
{
  gboolean is_there = self->folder != NULL && self->text != NULL &&
                      neko_autoconfig_has (self->folder, self->domain, self->text);

  gtk_widget_set_visible (GTK_WIDGET (self), self->folder != NULL && self->text != NULL);
  gtk_widget_set_visible (self->button, !is_there);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), is_there
                               ? _ ("Done: enter only your name, the mail address and the password")
                               : _ ("Thunderbird on this computer then asks only for name, address and password. "
                                    "Nothing is published"));
}


static void
installed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoThunderbirdRow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!neko_autoconfig_install_finish (result, &error)) {
    gboolean is_refused = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

    neko_window_toast (GTK_WIDGET (self), is_refused ? _ ("That was not allowed; enter the settings by hand")
                                                     : error->message);
  }

  gtk_widget_set_sensitive (self->button, TRUE);
  show (self);
}


static void
install_cb (NekoThunderbirdRow *self)
{
  gtk_widget_set_sensitive (self->button, FALSE);
  neko_autoconfig_install_async (self->folder, self->domain, self->text, NULL, installed_cb, g_object_ref (self));
}


/**
 * neko_thunderbird_row_set_ports:
 * @address: an account's; the settings are for all of its domain
 */
void
neko_thunderbird_row_set_ports (NekoThunderbirdRow *self,
                                const char         *address,
                                unsigned            pop3_port,
                                unsigned            smtp_port)
{
  const char *at = strrchr (address, '@');

  g_return_if_fail (NEKO_IS_THUNDERBIRD_ROW (self));
  g_return_if_fail (at != NULL);

  g_free (self->domain);
  g_free (self->text);
  self->domain = g_strdup (at + 1);
  self->text = neko_autoconfig_dup_text (self->domain, pop3_port, smtp_port);
  show (self);
}


static void
neko_thunderbird_row_finalize (GObject *object)
{
  NekoThunderbirdRow *self = NEKO_THUNDERBIRD_ROW (object);

  g_free (self->folder);
  g_free (self->domain);
  g_free (self->text);

  G_OBJECT_CLASS (neko_thunderbird_row_parent_class)->finalize (object);
}


static void
neko_thunderbird_row_class_init (NekoThunderbirdRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_thunderbird_row_finalize;
}


static void
neko_thunderbird_row_init (NekoThunderbirdRow *self)
{
  self->folder = neko_autoconfig_find_folder ();
  self->button = gtk_button_new_with_mnemonic (_ ("_Set Up"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (install_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Have it find the settings by itself"));
  show (self);
}


GtkWidget *
neko_thunderbird_row_new (void)
{
  return g_object_new (NEKO_TYPE_THUNDERBIRD_ROW, NULL);
}
