/* neko-size-text.c - how much mail that is, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-size-text.h"

#include <glib/gi18n.h>

#define KILOBYTE (G_GUINT64_CONSTANT (1024))
#define GIGABYTE (1024 * NEKO_MEGABYTE)


static char *
dup_number (double number)
{
  /* Whole numbers as they are, others with one decimal. */
  if (number >= 100 || (guint64) (number * 10 + 0.5) % 10 == 0)
    return g_strdup_printf ("%.0f", number);

  return g_strdup_printf ("%.1f", number);
}


/**
 * neko_size_text_dup:
 *
 * Returns: (transfer full): a size in multiples of 1,024, in which the Worker counts too, so that a quota of 1 GB
 *   reads as one. g_format_size() would make 1.1 GB of it
 */
char *
neko_size_text_dup (guint64 octets)
{
  g_autofree char *number = NULL;

  if (octets < NEKO_MEGABYTE) {
    /* What is not empty never reads as 0. */
    number = dup_number ((octets + KILOBYTE - 1) / KILOBYTE);
    /* Translators: %s is a number of kilobytes */
    return g_strdup_printf (_ ("%s KB"), number);
  }

  if (octets < GIGABYTE) {
    number = dup_number (octets / (double) NEKO_MEGABYTE);
    /* Translators: %s is a number of megabytes */
    return g_strdup_printf (_ ("%s MB"), number);
  }

  number = dup_number (octets / (double) GIGABYTE);
  /* Translators: %s is a number of gigabytes */
  return g_strdup_printf (_ ("%s GB"), number);
}
