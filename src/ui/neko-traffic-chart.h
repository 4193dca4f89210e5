/* neko-traffic-chart.h - messages read and sent on each of the last days, as bars
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define NEKO_TRAFFIC_DAYS 30

typedef struct {
  guint64 read;
  guint64 read_octets;
  guint64 sent;
  guint64 sent_octets;
} NekoTrafficDay;

#define NEKO_TYPE_TRAFFIC_CHART (neko_traffic_chart_get_type ())

G_DECLARE_FINAL_TYPE (NekoTrafficChart, neko_traffic_chart, NEKO, TRAFFIC_CHART, GtkWidget)

void  neko_traffic_chart_set_days (NekoTrafficChart     *self,
                                   GDateTime            *last_day,
                                   const NekoTrafficDay *days);
char *neko_traffic_chart_dup_amount (const NekoTrafficDay *day) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
