/* neko-traffic-chart.c - messages read and sent on each of the last days, as bars
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-traffic-chart.h"

#include <glib/gi18n.h>

#define HEIGHT 88
#define GAP 0.3f        /* of a day's width */
#define BASE 1.0f       /* thickness of the line under the bars */
#define LEAST 2.0f      /* height of a bar for one message beside thousands */

struct _NekoTrafficChart {
  GtkWidget      parent_instance;

  GDateTime     *last_day; /* (nullable) */
  NekoTrafficDay days[NEKO_TRAFFIC_DAYS]; /* the oldest first */
};

G_DEFINE_FINAL_TYPE (NekoTrafficChart, neko_traffic_chart, GTK_TYPE_WIDGET)


/**
 * neko_traffic_chart_dup_amount:
 *
 * Returns: (transfer full): how many messages were read and sent
 */
char *
neko_traffic_chart_dup_amount (const NekoTrafficDay *day)
{
  g_autofree char *read = NULL;
  g_autofree char *sent = NULL;

  read = g_strdup_printf (ngettext ("%u message read", "%u messages read", day->read), (unsigned) day->read);

  /* Translators: messages, which stands before it; see the sentence that has both */
  sent = g_strdup_printf (ngettext ("%u sent", "%u sent", day->sent), (unsigned) day->sent);

  /* Translators: %1$s is like "12 messages read", %2$s like "3 sent" */
  return g_strdup_printf (_ ("%1$s, %2$s"), read, sent);
}


static guint64
get_most (NekoTrafficChart *self)
{
  guint64 most = 1;

  for (size_t i = 0; i < NEKO_TRAFFIC_DAYS; i++)
    most = MAX (most, self->days[i].read + self->days[i].sent);

  return most;
}


static float
get_height (guint64 messages,
            guint64 most,
            float   room)
{
  return messages > 0 ? MAX (LEAST, room * messages / most) : 0;
}


/* The theme's colours, so that it is right in the dark and in high contrast. */
static void
look_up_colors (NekoTrafficChart *self,
                GdkRGBA          *read,
                GdkRGBA          *sent,
                GdkRGBA          *base)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  gtk_style_context_get_color (context, sent);
  *base = *sent;
  base->alpha *= 0.25f;

  if (!gtk_style_context_lookup_color (context, "accent_color", read))
    *read = *sent;

  sent->alpha *= 0.55f;
}


static void
append_bar (GtkSnapshot   *snapshot,
            const GdkRGBA *color,
            float          x,
            float          bottom,
            float          width,
            float          height)
{
  if (height > 0)
    gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, bottom - height, width, height));
}


static void
neko_traffic_chart_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  NekoTrafficChart *self = NEKO_TRAFFIC_CHART (widget);
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float width = gtk_widget_get_width (widget);
  float bottom = gtk_widget_get_height (widget) - BASE;
  float day_width = width / NEKO_TRAFFIC_DAYS;
  guint64 most = get_most (self);
  GdkRGBA read, sent, base;

  look_up_colors (self, &read, &sent, &base);

  for (size_t i = 0; i < NEKO_TRAFFIC_DAYS; i++) {
    size_t place = is_mirrored ? NEKO_TRAFFIC_DAYS - 1 - i : i;
    float x = (place + GAP / 2) * day_width;
    float bar_width = (1 - GAP) * day_width;
    float read_height = get_height (self->days[i].read, most, bottom - LEAST);

    append_bar (snapshot, &read, x, bottom, bar_width, read_height);
    append_bar (snapshot, &sent, x, bottom - read_height, bar_width,
                get_height (self->days[i].sent, most, bottom - LEAST));
  }

  append_bar (snapshot, &base, 0, bottom + BASE, width, BASE);
}


static void
neko_traffic_chart_measure (GtkWidget     *widget,
                            GtkOrientation orientation,
                            int            for_size,
                            int           *minimum,
                            int           *natural,
                            int           *minimum_baseline,
                            int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : NEKO_TRAFFIC_DAYS;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : NEKO_TRAFFIC_DAYS * 10;
}


static gboolean
neko_traffic_chart_query_tooltip (GtkWidget  *widget,
                                  int         x,
                                  int         y,
                                  gboolean    is_keyboard,
                                  GtkTooltip *tooltip)
{
  NekoTrafficChart *self = NEKO_TRAFFIC_CHART (widget);
  int place = x * NEKO_TRAFFIC_DAYS / MAX (gtk_widget_get_width (widget), 1);
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *amount = NULL;
  g_autofree char *date = NULL;
  g_autofree char *text = NULL;

  if (is_keyboard || self->last_day == NULL || place < 0 || place >= NEKO_TRAFFIC_DAYS)
    return FALSE;

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    place = NEKO_TRAFFIC_DAYS - 1 - place;

  day = g_date_time_add_days (self->last_day, place - (NEKO_TRAFFIC_DAYS - 1));
  amount = neko_traffic_chart_dup_amount (&self->days[place]);
  date = g_date_time_format (day, "%x");

  /* Translators: %1$s is a day, %2$s is like "12 messages read, 3 sent" */
  text = g_strdup_printf (_ ("%1$s: %2$s"), date, amount);
  gtk_tooltip_set_text (tooltip, text);

  return TRUE;
}


static GtkSizeRequestMode
neko_traffic_chart_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}


static void
neko_traffic_chart_finalize (GObject *object)
{
  g_clear_pointer (&NEKO_TRAFFIC_CHART (object)->last_day, g_date_time_unref);

  G_OBJECT_CLASS (neko_traffic_chart_parent_class)->finalize (object);
}


static void
neko_traffic_chart_class_init (NekoTrafficChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_traffic_chart_finalize;
  widget_class->get_request_mode = neko_traffic_chart_get_request_mode;
  widget_class->measure = neko_traffic_chart_measure;
  widget_class->query_tooltip = neko_traffic_chart_query_tooltip;
  widget_class->snapshot = neko_traffic_chart_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}


static void
neko_traffic_chart_init (NekoTrafficChart *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}


/**
 * neko_traffic_chart_set_days:
 * @last_day: which day the last one is
 * @days: %NEKO_TRAFFIC_DAYS of them, the oldest first
 */
void
neko_traffic_chart_set_days (NekoTrafficChart     *self,
                             GDateTime            *last_day,
                             const NekoTrafficDay *days)
{
  g_return_if_fail (NEKO_IS_TRAFFIC_CHART (self));

  g_clear_pointer (&self->last_day, g_date_time_unref);
  self->last_day = g_date_time_ref (last_day);
  memcpy (self->days, days, sizeof self->days);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
