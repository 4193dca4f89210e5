/* neko-round-trip-row.c - sends a message to oneself, and tells how long it took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-round-trip-row.h"

#include <glib/gi18n.h>

#include "neko-error-text.h"
#include "neko-remote-round-trip.h"

struct _NekoRoundTripRow {
  AdwActionRow     parent_instance;

  NekoAccountItem *item;
  GCancellable    *cancellable;
  GtkWidget       *spinner;
  GtkWidget       *button;
};

G_DEFINE_FINAL_TYPE (NekoRoundTripRow, neko_round_trip_row, ADW_TYPE_ACTION_ROW)


static void
set_busy (NekoRoundTripRow *self,
          gboolean          is_busy)
{
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), is_busy);
  gtk_widget_set_visible (self->spinner, is_busy);
  gtk_widget_set_visible (self->button, !is_busy);
}


static char *
describe (const NekoRemoteRoundTrip *times)
{
  double taken = times->taken / (double) G_USEC_PER_SEC;
  double arrived = times->arrived / (double) G_USEC_PER_SEC;

  /* Translators: both are seconds, as in 0.25 */
  return g_strdup_printf (_ ("It works: the Worker took the message after %.2f s, and it arrived after %.2f s. Your "
                             "mail program shows it the next time that it looks"), taken, arrived);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoRoundTripRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  NekoRemoteRoundTrip times;
  gboolean is_good = neko_remote_round_trip_finish (result, &times, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  text = is_good ? describe (&times) : neko_error_text (error);
  set_busy (self, FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}


static void
send_cb (NekoRoundTripRow *self)
{
  NekoRemoteClient *client = neko_account_item_get_client (self->item);

  if (client == NULL)
    return;

  set_busy (self, TRUE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _ ("The message is on its way…"));
  neko_remote_round_trip_async (client, neko_account_item_get_address (self->item),
                                /* Translators: a short subject, of at most 40 octets of UTF-8 */
                                _ ("Neko Mail test"),
                                _ ("If you read this in your mail program, everything works.\n"),
                                self->cancellable, done_cb, g_object_ref (self));
}


static void
item_changed_cb (NekoRoundTripRow *self)
{
  gtk_widget_set_sensitive (self->button, neko_account_item_get_client (self->item) != NULL);
}


/**
 * neko_round_trip_row_set_account:
 * @item: from which, and to which, the message goes
 */
void
neko_round_trip_row_set_account (NekoRoundTripRow *self,
                                 NekoAccountItem  *item)
{
  g_return_if_fail (NEKO_IS_ROUND_TRIP_ROW (self));
  g_return_if_fail (self->item == NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  item_changed_cb (self);
}


/* Nobody waits for it any more. */
static void
neko_round_trip_row_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (NEKO_ROUND_TRIP_ROW (widget)->cancellable);

  GTK_WIDGET_CLASS (neko_round_trip_row_parent_class)->unroot (widget);
}


static void
neko_round_trip_row_dispose (GObject *object)
{
  NekoRoundTripRow *self = NEKO_ROUND_TRIP_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (neko_round_trip_row_parent_class)->dispose (object);
}


static void
neko_round_trip_row_class_init (NekoRoundTripRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_round_trip_row_dispose;
  GTK_WIDGET_CLASS (klass)->unroot = neko_round_trip_row_unroot;
}


static void
neko_round_trip_row_init (NekoRoundTripRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->spinner = gtk_spinner_new ();
  self->button = gtk_button_new_with_mnemonic (_ ("S_end"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Send a Test Message"), -1);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (send_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->spinner);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Test"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               _ ("Send yourself a message, and see it arrive"));
  set_busy (self, FALSE);
}
