/* neko-traffic-group.c - what mail programs read and sent in the last days
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-traffic-group.h"

#include <glib/gi18n.h>

#include "neko-size-text.h"
#include "neko-traffic-chart.h"

struct _NekoTrafficGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  NekoTrafficChart   *chart;
  GtkLabel           *summary;
  GCancellable       *cancellable;
  gboolean            is_asking;
  gboolean            is_outdated; /* what is asked now */
};

G_DEFINE_FINAL_TYPE (NekoTrafficGroup, neko_traffic_group, ADW_TYPE_PREFERENCES_GROUP)


/* Where today's column is the last one. */
static int
find_column (GDateTime  *today,
             const char *day)
{
  for (int i = 0; i < NEKO_TRAFFIC_DAYS; i++) {
    g_autoptr (GDateTime) before = g_date_time_add_days (today, i - (NEKO_TRAFFIC_DAYS - 1));
    g_autofree char *name = g_date_time_format (before, "%Y-%m-%d");

    if (g_str_equal (name, day))
      return i;
  }

  return -1;
}


static void
describe (NekoTrafficGroup     *self,
          const NekoTrafficDay *sum)
{
  g_autofree char *amount = neko_traffic_chart_dup_amount (sum);
  g_autofree char *read_size = neko_size_text_dup (sum->read_octets);
  g_autofree char *sent_size = neko_size_text_dup (sum->sent_octets);
  g_autofree char *sizes = NULL;

  gtk_label_set_text (self->summary, sum->read + sum->sent > 0 ? amount : _ ("No mail was read or sent"));

  /* Translators: %1$s and %2$s are sizes, like "1.2 MB" */
  sizes = g_strdup_printf (_ ("%1$s read, %2$s sent"), read_size, sent_size);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), sum->read + sum->sent > 0 ? sizes : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chart),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Mail of the last 30 days"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, gtk_label_get_text (self->summary), -1);
}


static void
show (NekoTrafficGroup *self,
      GVariant         *days)
{
  g_autoptr (GDateTime) today = g_date_time_new_now_local ();
  NekoTrafficDay columns[NEKO_TRAFFIC_DAYS] = { { 0 } };
  NekoTrafficDay sum = { 0 };
  NekoTrafficDay day;
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, days);

  while (g_variant_iter_next (&iter, "(&stttt)", &name, &day.read, &day.read_octets, &day.sent, &day.sent_octets)) {
    int column = find_column (today, name);

    if (column < 0)
      continue;

    columns[column] = day;
    sum.read += day.read;
    sum.read_octets += day.read_octets;
    sum.sent += day.sent;
    sum.sent_octets += day.sent_octets;
  }

  neko_traffic_chart_set_days (self->chart, today, columns);
  describe (self, &sum);
}


static void update (NekoTrafficGroup *self);


static void
traffic_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoTrafficGroup) self = user_data;
  g_autoptr (GVariant) days = NULL;
  g_autoptr (GError) error = NULL;

  neko_control_call_get_traffic_finish (NEKO_CONTROL (source), &days, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_asking = FALSE;

  /* A program that ended meanwhile is asked again when it is back. */
  if (days != NULL)
    show (self, days);

  if (self->is_outdated)
    update (self);
}


/* Only while somebody looks. */
static void
update (NekoTrafficGroup *self)
{
  NekoControl *control = neko_model_get_control (self->model);

  self->is_outdated = self->is_asking;

  if (control == NULL || self->is_asking || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->is_asking = TRUE;
  neko_control_call_get_traffic (control, self->cancellable, traffic_cb, g_object_ref (self));
}


static void
neko_traffic_group_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (neko_traffic_group_parent_class)->map (widget);
  update (NEKO_TRAFFIC_GROUP (widget));
}


/**
 * neko_traffic_group_set_model:
 *
 * Shows the traffic of the program in the background, and follows it.
 */
void
neko_traffic_group_set_model (NekoTrafficGroup *self,
                              NekoModel        *model)
{
  g_return_if_fail (NEKO_IS_TRAFFIC_GROUP (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}


static void
neko_traffic_group_dispose (GObject *object)
{
  NekoTrafficGroup *self = NEKO_TRAFFIC_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (neko_traffic_group_parent_class)->dispose (object);
}


static void
neko_traffic_group_finalize (GObject *object)
{
  g_object_unref (NEKO_TRAFFIC_GROUP (object)->cancellable);

  G_OBJECT_CLASS (neko_traffic_group_parent_class)->finalize (object);
}


static void
neko_traffic_group_class_init (NekoTrafficGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_traffic_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_traffic_group_finalize;
  widget_class->map = neko_traffic_group_map;

  g_type_ensure (NEKO_TYPE_TRAFFIC_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-traffic-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoTrafficGroup, chart);
  gtk_widget_class_bind_template_child (widget_class, NekoTrafficGroup, summary);
}


static void
neko_traffic_group_init (NekoTrafficGroup *self)
{
  NekoTrafficDay nothing = { 0 };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  describe (self, &nothing);
}
