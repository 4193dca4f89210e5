/* neko-autostart-row.c - whether the desktop starts us at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-autostart-row.h"

#include <glib/gi18n.h>

#include "neko-autostart.h"
#include "neko-error-text.h"

/**
 * NekoAutostartRow:
 *
 * A switch that tells how it is, as others may change that too, and goes back where the desktop refuses.
 */
struct _NekoAutostartRow {
  AdwActionRow   parent_instance;

  NekoAutostart *autostart;
  GCancellable  *cancellable;
  GtkWidget     *button;
  gboolean       is_showing; /* what it shows is not what the user chose */
  gboolean       is_busy;
};

G_DEFINE_FINAL_TYPE (NekoAutostartRow, neko_autostart_row, ADW_TYPE_ACTION_ROW)


static void
show_text (NekoAutostartRow *self,
           const GError     *error)
{
  g_autofree char *text = error != NULL ? neko_error_text (error)
                                        : g_strdup (_ ("Mail programs find their mail without a click"));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}


static void
queried_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoAutostartRow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_on = neko_autostart_query_finish (NEKO_AUTOSTART (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->is_busy)
    return;

  if (error != NULL)
    show_text (self, error);

  self->is_showing = TRUE;
  gtk_switch_set_active (GTK_SWITCH (self->button), is_on);
  self->is_showing = FALSE;
}


static void
query (NekoAutostartRow *self)
{
  neko_autostart_query_async (self->autostart, self->cancellable, queried_cb, g_object_ref (self));
}


static void
mapped_cb (NekoAutostartRow *self)
{
  show_text (self, NULL);
  query (self);
}


static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (NekoAutostartRow) self = user_data;
  g_autoptr (GError) error = NULL;

  neko_autostart_set_finish (NEKO_AUTOSTART (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_busy = FALSE;
  show_text (self, error);
  query (self);
}


/* What was switched meanwhile comes to nothing: it is shown how it is, in the end. */
static void
switched_cb (NekoAutostartRow *self)
{
  if (self->is_showing || self->is_busy)
    return;

  self->is_busy = TRUE;
  neko_autostart_set_async (self->autostart, gtk_switch_get_active (GTK_SWITCH (self->button)), "",
                            _ ("Neko Mail brings mail to your mail programs"), self->cancellable, set_cb,
                            g_object_ref (self));
}


static void
neko_autostart_row_dispose (GObject *object)
{
  NekoAutostartRow *self = NEKO_AUTOSTART_ROW (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (neko_autostart_row_parent_class)->dispose (object);
}


static void
neko_autostart_row_finalize (GObject *object)
{
  NekoAutostartRow *self = NEKO_AUTOSTART_ROW (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->autostart);

  G_OBJECT_CLASS (neko_autostart_row_parent_class)->finalize (object);
}


static void
neko_autostart_row_class_init (NekoAutostartRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_autostart_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_autostart_row_finalize;
}


static void
neko_autostart_row_init (NekoAutostartRow *self)
{
  GApplication *application = g_application_get_default ();

  self->cancellable = g_cancellable_new ();
  self->autostart = neko_autostart_new (application != NULL ? g_application_get_dbus_connection (application)
                                                            : NULL);
  self->button = gtk_switch_new ();
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  g_signal_connect_object (self->button, "notify::active", G_CALLBACK (switched_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "map", G_CALLBACK (mapped_cb), self, 0);
}
