/* fuzz-statistics-file.c - a file of statistics that we did not write
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-statistics-private.h"


/* Noon of 14 June 2026, wherever. */
static gint64
get_noon (void)
{
  return 1781438400;
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (NekoStatistics) statistics = neko_statistics_new (NULL, get_noon);
  g_autoptr (NekoStatistics) again = neko_statistics_new (NULL, get_noon);
  g_autoptr (GVariant) days = NULL;
  g_autoptr (GVariant) days_again = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!neko_statistics_parse (statistics, (const char *) data, size))
    return 0;

  /* What was understood is understood again, once it was written. */
  days = g_variant_ref_sink (neko_statistics_list_days (statistics));
  text = neko_statistics_format (statistics, &length);
  g_assert_true (neko_statistics_parse (again, text, length));
  days_again = g_variant_ref_sink (neko_statistics_list_days (again));
  g_assert_cmpuint (g_variant_n_children (days), <=, NEKO_STATISTICS_DAYS);
  g_assert_true (g_variant_equal (days, days_again));
  g_assert_cmpuint (g_hash_table_size (statistics->uses), ==, g_hash_table_size (again->uses));

  return 0;
}
