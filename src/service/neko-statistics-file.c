/* neko-statistics-file.c - the file that keeps what was counted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-statistics-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "neko-account-store.h"
#include "neko-key-file.h"
#include "neko-log.h"

#define TRAFFIC "traffic"
#define USES "passwords"

/* A file that could be ours is never larger. */
#define FILE_LIMIT (4 * 1024 * 1024)


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


/* Returns: (transfer full): what is written */
char *
neko_statistics_format (NekoStatistics *self,
                        gsize          *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GHashTableIter iterator;
  gpointer address;
  gpointer uses;

  for (guint i = 0; i < self->days->len; i++) {
    const NekoDay *day = &g_array_index (self->days, NekoDay, i);
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

    memcpy (neko_statistics_find_day (self, days[i])->counters, counters, sizeof counters);
    neko_statistics_drop_old_days (self);
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

  neko_statistics_set_use (uses, colon + 1, time);

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

    if (!neko_key_file_dup_texts (file, addresses[i], USES, &texts, NULL))
      return FALSE;

    for (size_t j = 0; texts != NULL && texts[j] != NULL && j < NEKO_ACCOUNT_PASSWORD_LIMIT; j++) {
      if (!parse_use (neko_statistics_find_uses (self, addresses[i]), texts[j]))
        return FALSE;
    }
  }

  return TRUE;
}


/* Returns whether all of it makes sense; if not, a part of it may be in @self. */
gboolean
neko_statistics_parse (NekoStatistics *self,
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


void
neko_statistics_load (NekoStatistics *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (self->path, &text, &length, &error)) {
    if (!neko_statistics_parse (self, text, length))
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
  text = neko_statistics_format (self, &length);
  self->is_changed = FALSE;
  self->saved = self->clock ();
  g_mkdir_with_parents (folder, 0700);

  if (!g_file_set_contents_full (self->path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "statistics-not-kept", error, "The statistics are not kept");
}
