/* neko-statistics.c - what was read and sent on the last days, and which passwords were used
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-statistics-private.h"

#include <string.h>

/* Mail programs log in every few minutes: that alone is not written each time. */
#define USE_INTERVAL (10 * 60) /* seconds */

G_DEFINE_FINAL_TYPE (NekoStatistics, neko_statistics, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
format_day (char  *day,
            gint64 time,
            int    days_before)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (time);
  g_autoptr (GDateTime) then = g_date_time_add_days (now, -days_before);
  g_autofree char *text = g_date_time_format (then, "%Y-%m-%d");

  g_strlcpy (day, text, sizeof (((NekoDay *) NULL)->day));
}


/* As texts, days are in order. */
void
neko_statistics_drop_old_days (NekoStatistics *self)
{
  char first[sizeof (((NekoDay *) NULL)->day)];
  unsigned old = 0;

  format_day (first, self->clock (), NEKO_STATISTICS_DAYS - 1);

  while (old < self->days->len && strcmp (g_array_index (self->days, NekoDay, old).day, first) < 0)
    old++;

  /* A clock that was wrong may have left some that are still to come. */
  old = MAX (old, self->days->len - MIN (self->days->len, NEKO_STATISTICS_DAYS));

  if (old > 0)
    g_array_remove_range (self->days, 0, old);
}


NekoDay *
neko_statistics_find_day (NekoStatistics *self,
                          const char     *name)
{
  NekoDay day = { 0 };
  unsigned position = self->days->len;

  while (position > 0 && strcmp (g_array_index (self->days, NekoDay, position - 1).day, name) > 0)
    position--;

  if (position > 0 && g_str_equal (g_array_index (self->days, NekoDay, position - 1).day, name))
    return &g_array_index (self->days, NekoDay, position - 1);

  g_strlcpy (day.day, name, sizeof day.day);
  g_array_insert_val (self->days, position, day);

  return &g_array_index (self->days, NekoDay, position);
}


static gboolean
timer_cb (gpointer user_data)
{
  NekoStatistics *self = user_data;

  self->timer = 0;
  neko_statistics_save (self);

  return G_SOURCE_REMOVE;
}


static void
note_change (NekoStatistics *self,
             gboolean        is_urgent)
{
  self->is_changed = TRUE;

  if (is_urgent && self->timer == 0 && self->path != NULL)
    self->timer = g_timeout_add_seconds (NEKO_STATISTICS_DELAY, timer_cb, self);

  g_signal_emit (self, signals[CHANGED], 0);
}


static void
count (NekoStatistics *self,
       NekoCounter     messages,
       NekoCounter     octets,
       guint64         size)
{
  char today[sizeof (((NekoDay *) NULL)->day)];
  NekoDay *day;

  format_day (today, self->clock (), 0);
  day = neko_statistics_find_day (self, today);
  day->counters[messages]++;
  day->counters[octets] += size;
  neko_statistics_drop_old_days (self);
  note_change (self, TRUE);
}


/**
 * neko_statistics_add_read:
 * @octets: of a message that a mail program was given
 */
void
neko_statistics_add_read (NekoStatistics *self,
                          guint64         octets)
{
  g_return_if_fail (NEKO_IS_STATISTICS (self));

  count (self, READ_MESSAGES, READ_OCTETS, octets);
}


/**
 * neko_statistics_add_sent:
 * @octets: of a message that the Worker took
 */
void
neko_statistics_add_sent (NekoStatistics *self,
                          guint64         octets)
{
  g_return_if_fail (NEKO_IS_STATISTICS (self));

  count (self, SENT_MESSAGES, SENT_OCTETS, octets);
}


GHashTable *
neko_statistics_find_uses (NekoStatistics *self,
                           const char     *address)
{
  GHashTable *uses = g_hash_table_lookup (self->uses, address);

  if (uses == NULL) {
    uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert (self->uses, g_strdup (address), uses);
  }

  return uses;
}


void
neko_statistics_set_use (GHashTable *uses,
                         const char *name,
                         gint64      time)
{
  g_hash_table_insert (uses, g_strdup (name), g_memdup2 (&time, sizeof time));
}


/**
 * neko_statistics_use_password:
 * @name: of the bridge password with which a mail program logged in
 */
void
neko_statistics_use_password (NekoStatistics *self,
                              NekoAccount    *account,
                              const char     *name)
{
  gint64 now;

  g_return_if_fail (NEKO_IS_STATISTICS (self));

  now = self->clock ();
  neko_statistics_set_use (neko_statistics_find_uses (self, neko_account_get_address (account)), name, now);
  note_change (self, now - self->saved >= USE_INTERVAL);
}


static gboolean
is_gone (gpointer name,
         gpointer time,
         gpointer passwords)
{
  GPtrArray *array = passwords;

  for (guint i = 0; i < array->len; i++) {
    if (g_str_equal (neko_bridge_password_get_name (g_ptr_array_index (array, i)), name))
      return FALSE;
  }

  return TRUE;
}


/**
 * neko_statistics_keep_passwords:
 *
 * Forgets the passwords that @account does not have, lest a new one of the same name looks used.
 */
void
neko_statistics_keep_passwords (NekoStatistics *self,
                                NekoAccount    *account)
{
  GHashTable *uses;

  g_return_if_fail (NEKO_IS_STATISTICS (self));

  uses = g_hash_table_lookup (self->uses, neko_account_get_address (account));

  if (uses != NULL &&
      g_hash_table_foreach_remove (uses, is_gone, neko_account_get_passwords (account)) > 0)
    note_change (self, TRUE);
}


void
neko_statistics_forget_account (NekoStatistics *self,
                                NekoAccount    *account)
{
  g_return_if_fail (NEKO_IS_STATISTICS (self));

  if (g_hash_table_remove (self->uses, neko_account_get_address (account)))
    note_change (self, TRUE);
}


/**
 * neko_statistics_list_days:
 *
 * Returns: (transfer floating): an a(stttt): the days that had any traffic, the oldest first, with messages
 *   and octets read, messages and octets sent
 */
GVariant *
neko_statistics_list_days (NekoStatistics *self)
{
  GVariantBuilder builder;

  g_return_val_if_fail (NEKO_IS_STATISTICS (self), NULL);

  neko_statistics_drop_old_days (self);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(stttt)"));

  for (guint i = 0; i < self->days->len; i++) {
    const NekoDay *day = &g_array_index (self->days, NekoDay, i);

    g_variant_builder_add (&builder, "(stttt)", day->day, day->counters[READ_MESSAGES],
                           day->counters[READ_OCTETS], day->counters[SENT_MESSAGES],
                           day->counters[SENT_OCTETS]);
  }

  return g_variant_builder_end (&builder);
}


/**
 * neko_statistics_list_passwords:
 *
 * Returns: (transfer floating): an a{sx}: when each password was used last, in seconds since 1970; those
 *   that never were are not in it
 */
GVariant *
neko_statistics_list_passwords (NekoStatistics *self,
                                NekoAccount    *account)
{
  GVariantBuilder builder;
  GHashTableIter iterator;
  GHashTable *uses;
  gpointer name;
  gpointer time;

  g_return_val_if_fail (NEKO_IS_STATISTICS (self), NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sx}"));
  uses = g_hash_table_lookup (self->uses, neko_account_get_address (account));

  if (uses != NULL) {
    g_hash_table_iter_init (&iterator, uses);

    while (g_hash_table_iter_next (&iterator, &name, &time)) {
      if (!is_gone (name, time, neko_account_get_passwords (account)))
        g_variant_builder_add (&builder, "{sx}", name, *(gint64 *) time);
    }
  }

  return g_variant_builder_end (&builder);
}


static void
neko_statistics_dispose (GObject *object)
{
  neko_statistics_save (NEKO_STATISTICS (object));

  G_OBJECT_CLASS (neko_statistics_parent_class)->dispose (object);
}


static void
neko_statistics_finalize (GObject *object)
{
  NekoStatistics *self = NEKO_STATISTICS (object);

  g_free (self->path);
  g_array_unref (self->days);
  g_hash_table_unref (self->uses);

  G_OBJECT_CLASS (neko_statistics_parent_class)->finalize (object);
}


static void
neko_statistics_class_init (NekoStatisticsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_statistics_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_statistics_finalize;

  /**
   * NekoStatistics::changed:
   *
   * Something was counted, or forgotten.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_statistics_init (NekoStatistics *self)
{
  self->days = g_array_new (FALSE, FALSE, sizeof (NekoDay));
  self->uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) g_hash_table_unref);
}


static gint64
get_time (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}


/**
 * neko_statistics_new:
 * @path: (nullable): the file where they are kept, %NULL to keep them nowhere
 * @clock: (nullable): for tests
 *
 * Returns: (transfer full): what was counted so far; nothing where the file is not there, or corrupt
 */
NekoStatistics *
neko_statistics_new (const char         *path,
                     NekoStatisticsClock clock)
{
  NekoStatistics *self = g_object_new (NEKO_TYPE_STATISTICS, NULL);

  self->path = g_strdup (path);
  self->clock = clock != NULL ? clock : get_time;

  if (path != NULL)
    neko_statistics_load (self);

  return self;
}
