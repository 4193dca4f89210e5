/* neko-user-text.c - a user of a Worker, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-user-text.h"

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
 * neko_user_text_dup_size:
 *
 * Returns: (transfer full): a size in multiples of 1,024, in which the Worker counts too, so that a quota of 1 GB
 *   reads as one. g_format_size() would make 1.1 GB of it
 */
char *
neko_user_text_dup_size (guint64 octets)
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


char *
neko_user_text_dup_messages (guint64 messages)
{
  unsigned count = MIN (messages, G_MAXINT);

  return g_strdup_printf (ngettext ("%u message", "%u messages", count), count);
}


char *
neko_user_text_dup_usage (const NekoRemoteUser *user)
{
  g_autofree char *size = neko_user_text_dup_size (user->size);
  g_autofree char *quota = neko_user_text_dup_size (user->quota);

  /* Translators: two sizes, as in "1.2 MB of 1 GB" */
  return g_strdup_printf (_ ("%s of %s"), size, quota);
}


/**
 * neko_user_text_dup_summary:
 *
 * Returns: (transfer full): what a list says of a user, the most important first
 */
char *
neko_user_text_dup_summary (const NekoRemoteUser *user)
{
  g_autofree char *messages = neko_user_text_dup_messages (user->messages);
  g_autofree char *usage = neko_user_text_dup_usage (user);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;

  if (user->is_disabled)
    g_strv_builder_add (builder, _ ("Disabled"));

  if (user->is_admin)
    g_strv_builder_add (builder, _ ("Administrator"));

  if (user->full_since > 0)
    g_strv_builder_add (builder, _ ("Mailbox full"));

  g_strv_builder_add_many (builder, messages, usage, NULL);
  parts = g_strv_builder_end (builder);

  return g_strjoinv (" · ", parts);
}
