/* neko-user-text.c - a user of a Worker, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-user-text.h"

#include <glib/gi18n.h>

#include "neko-size-text.h"


char *
neko_user_text_dup_messages (guint64 messages)
{
  unsigned count = MIN (messages, G_MAXINT);

  return g_strdup_printf (ngettext ("%u message", "%u messages", count), count);
}


char *
neko_user_text_dup_usage (const NekoRemoteUser *user)
{
  g_autofree char *size = neko_size_text_dup (user->size);
  g_autofree char *quota = neko_size_text_dup (user->quota);

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
