/* neko-statistics.c - what was read and sent on the last days, and which passwords were used
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-statistics.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "neko-account-store.h"
#include "neko-log.h"

#define TRAFFIC "traffic"
#define USES "passwords"

/* A file that could be ours is never larger. */
#define FILE_LIMIT (4 * 1024 * 1024)

/* Mail programs log in every few minutes: that alone is not written each time. */
#define USE_INTERVAL (10 * 60) /* seconds */

typedef enum {
  READ_MESSAGES,
  READ_OCTETS,
  SENT_MESSAGES,
  SENT_OCTETS,
  N_COUNTERS,
} Counter;

typedef struct {
  char    day[sizeof "YYYY-MM-DD"];
  guint64 counters[N_COUNTERS];
} Day;

/**
 * NekoStatistics:
 *
 * Counts, and keeps that in a file. Nothing of a message is in it, and nobody's address but those of the
 * accounts. What cannot be kept is lost: mail goes on.
 */
struct _NekoStatistics {
  GObject             parent_instance;

  char               *path;  /* (nullable): nothing is kept */
  NekoStatisticsClock clock;
  GArray             *days;  /* of Day, the oldest first */
  GHashTable         *uses;  /* address → GHashTable, name → gint64 */
  gint64              saved; /* when, by the clock */
  gboolean            is_changed;
  unsigned            timer;
};

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

  g_strlcpy (day, text, sizeof (((Day *) NULL)->day));
}


/* As texts, days are in order. */
static void
drop_old_days (NekoStatistics *self)
{
  char first[sizeof (((Day *) NULL)->day)];
  unsigned old = 0;

  format_day (first, self->clock (), NEKO_STATISTICS_DAYS - 1);

  while (old < self->days->len && strcmp (g_array_index (self->days, Day, old).day, first) < 0)
    old++;

  /* A clock that was wrong may have left some that are still to come. */
  old = MAX (old, self->days->len - MIN (self->days->len, NEKO_STATISTICS_DAYS));

  if (old > 0)
    g_array_remove_range (self->days, 0, old);
}


static Day *
find_day (NekoStatistics *self,
          const char     *name)
{
  Day day = { 0 };
  unsigned position = self->days->len;

  while (position > 0 && strcmp (g_array_index (self->days, Day, position - 1).day, name) > 0)
    position--;

  if (position > 0 && g_str_equal (g_array_index (self->days, Day, position - 1).day, name))
    return &g_array_index (self->days, Day, position - 1);

  g_strlcpy (day.day, name, sizeof day.day);
  g_array_insert_val (self->days, position, day);

  return &g_array_index (self->days, Day, position);
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
       Counter         messages,
       Counter         octets,
       guint64         size)
{
  char today[sizeof (((Day *) NULL)->day)];
  Day *day;

  format_day (today, self->clock (), 0);
  day = find_day (self, today);
  day->counters[messages]++;
  day->counters[octets] += size;
  drop_old_days (self);
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


static GHashTable *
find_uses (NekoStatistics *self,
           const char     *address)
{
  GHashTable *uses = g_hash_table_lookup (self->uses, address);

  if (uses == NULL) {
    uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert (self->uses, g_strdup (address), uses);
  }

  return uses;
}


static void
set_use (GHashTable *uses,
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
  set_use (find_uses (self, neko_account_get_address (account)), name, now);
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

  drop_old_days (self);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(stttt)"));

  for (guint i = 0; i < self->days->len; i++) {
    const Day *day = &g_array_index (self->days, Day, i);

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
format_uses (GKeyFile   *file,
             const char *address,
             GHashTable *uses)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iterator;
  gpointer name;
  gpointer time;

  g_hash_table_iter_init (&iterator, uses);

  while (g_hash_table_iter_next (&iterator, &name, &time))
    g_ptr_array_add (texts, g_strdup_printf ("%" G_GINT64_FORMAT ":%s", *(gint64 *) time,
                                             (const char *) name));

  g_key_file_set_string_list (file, address, USES, (const char *const *) texts->pdata, texts->len);
}


static char *
format (NekoStatistics *self,
        gsize          *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GHashTableIter iterator;
  gpointer address;
  gpointer uses;

  for (guint i = 0; i < self->days->len; i++) {
    const Day *day = &g_array_index (self->days, Day, i);
    g_autoptr (GString) text = g_string_new (NULL);

    for (size_t j = 0; j < N_COUNTERS; j++)
      g_string_append_printf (text, "%" G_GUINT64_FORMAT ";", day->counters[j]);

    g_key_file_set_value (file, TRAFFIC, day->day, text->str);
  }

  g_hash_table_iter_init (&iterator, self->uses);

  while (g_hash_table_iter_next (&iterator, &address, &uses))
    format_uses (file, address, uses);

  return g_key_file_to_data (file, length, NULL);
}


static gboolean
parse_counters (const char *text,
                guint64    *counters)
{
  g_auto (GStrv) words = g_strsplit (text, ";", N_COUNTERS + 2);

  if (g_strv_length (words) != N_COUNTERS + 1 || *words[N_COUNTERS] != '\0')
    return FALSE;

  for (size_t i = 0; i < N_COUNTERS; i++) {
    if (!g_ascii_string_to_unsigned (words[i], 10, 0, G_MAXUINT64, &counters[i], NULL))
      return FALSE;
  }

  return TRUE;
}


static gboolean
is_day (const char *text)
{
  static const char pattern[] = "0000-00-00";

  for (size_t i = 0; i < sizeof pattern; i++) {
    if (pattern[i] == '0' ? !g_ascii_isdigit (text[i]) : text[i] != pattern[i])
      return FALSE;
  }

  return TRUE;
}


static gboolean
parse_days (NekoStatistics *self,
            GKeyFile       *file)
{
  g_auto (GStrv) days = g_key_file_get_keys (file, TRAFFIC, NULL, NULL);

  for (size_t i = 0; days != NULL && days[i] != NULL; i++) {
    g_autofree char *text = g_key_file_get_value (file, TRAFFIC, days[i], NULL);
    guint64 counters[N_COUNTERS];

    if (!is_day (days[i]) || text == NULL || !parse_counters (text, counters))
      return FALSE;

    memcpy (find_day (self, days[i])->counters, counters, sizeof counters);
    drop_old_days (self);
  }

  return TRUE;
}


static gboolean
parse_use (GHashTable *uses,
           const char *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *number = colon != NULL ? g_strndup (text, colon - text) : NULL;
  gint64 time;

  if (number == NULL || !g_ascii_string_to_signed (number, 10, 0, G_MAXINT64, &time, NULL))
    return FALSE;

  set_use (uses, colon + 1, time);

  return TRUE;
}


static gboolean
parse_uses (NekoStatistics *self,
            GKeyFile       *file)
{
  g_auto (GStrv) addresses = g_key_file_get_groups (file, NULL);

  for (size_t i = 0; addresses[i] != NULL && i < NEKO_ACCOUNT_STORE_LIMIT; i++) {
    g_auto (GStrv) texts = NULL;

    if (g_str_equal (addresses[i], TRAFFIC))
      continue;

    texts = g_key_file_get_string_list (file, addresses[i], USES, NULL, NULL);

    for (size_t j = 0; texts != NULL && texts[j] != NULL && j < NEKO_ACCOUNT_PASSWORD_LIMIT; j++) {
      if (!parse_use (find_uses (self, addresses[i]), texts[j]))
        return FALSE;
    }
  }

  return TRUE;
}


static gboolean
parse (NekoStatistics *self,
       const char     *text,
       gsize           length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (length > FILE_LIMIT || (length > 0 && !g_key_file_load_from_data (file, text, length,
                                                                        G_KEY_FILE_NONE, NULL)))
    return FALSE;

  return parse_days (self, file) && parse_uses (self, file);
}


/* Somebody may want to see what is wrong with it, so it is not just written over. */
static void
put_aside (NekoStatistics *self)
{
  g_autofree char *aside = g_strconcat (self->path, ".corrupt", NULL);

  g_array_set_size (self->days, 0);
  g_hash_table_remove_all (self->uses);

  if (g_rename (self->path, aside) == 0)
    neko_log_event (G_LOG_LEVEL_MESSAGE, "statistics-aside",
                    "The statistics cannot be understood and begin anew; they are now %s", aside);
}


static void
load (NekoStatistics *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (self->path, &text, &length, &error)) {
    if (!parse (self, text, length))
      put_aside (self);
  } else if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "statistics-lost", error, "The statistics begin anew");
  }
}


/**
 * neko_statistics_save:
 *
 * Writes what is not written yet; to be called before the program ends.
 */
void
neko_statistics_save (NekoStatistics *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_return_if_fail (NEKO_IS_STATISTICS (self));

  g_clear_handle_id (&self->timer, g_source_remove);

  if (!self->is_changed || self->path == NULL)
    return;

  folder = g_path_get_dirname (self->path);
  text = format (self, &length);
  self->is_changed = FALSE;
  self->saved = self->clock ();
  g_mkdir_with_parents (folder, 0700);

  if (!g_file_set_contents_full (self->path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "statistics-not-kept", error, "The statistics are not kept");
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
  self->days = g_array_new (FALSE, FALSE, sizeof (Day));
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
    load (self);

  return self;
}
