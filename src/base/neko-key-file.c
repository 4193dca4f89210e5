/* neko-key-file.c - values of key files that may be malformed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-key-file.h"

#include <string.h>


/* Of a value that ends in the middle of an escape and has another that is wrong, GLib sets two errors, the one over
 * the other, for which it warns. */
static gboolean
is_cut (GKeyFile   *file,
        const char *group,
        const char *key)
{
  g_autofree char *value = g_key_file_get_value (file, group, key, NULL);
  size_t length = value != NULL ? strlen (value) : 0;
  size_t backslashes = 0;

  while (backslashes < length && value[length - backslashes - 1] == '\\')
    backslashes++;

  return backslashes % 2 == 1;
}


static gboolean
check (GKeyFile   *file,
       const char *group,
       const char *key,
       GError    **error)
{
  if (!is_cut (file, group, key))
    return TRUE;

  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "the value of “%s” ends with a single backslash", key);

  return FALSE;
}


/**
 * neko_key_file_dup_text:
 *
 * Returns: (transfer full): the value, or %NULL with @error set in %G_KEY_FILE_ERROR where there is none or it is
 *   malformed
 */
char *
neko_key_file_dup_text (GKeyFile   *file,
                        const char *group,
                        const char *key,
                        GError    **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;

  if (check (file, group, key, &reason))
    text = g_key_file_get_string (file, group, key, &reason);

  if (reason == NULL)
    return g_steal_pointer (&text);

  /* With an escape that it does not know, GLib returns a text as well. */
  g_propagate_error (error, g_steal_pointer (&reason));

  return NULL;
}


/**
 * neko_key_file_dup_texts:
 * @texts: (out) (transfer full) (nullable): the values of a list; %NULL where there is none
 *
 * Returns: whether there is no such list, or a whole one; if not, @error is set in %G_KEY_FILE_ERROR
 */
gboolean
neko_key_file_dup_texts (GKeyFile   *file,
                         const char *group,
                         const char *key,
                         GStrv      *texts,
                         GError    **error)
{
  g_autoptr (GError) reason = NULL;

  *texts = NULL;

  if (check (file, group, key, &reason))
    *texts = g_key_file_get_string_list (file, group, key, NULL, &reason);

  if (reason == NULL || g_error_matches (reason, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) ||
      g_error_matches (reason, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
    return TRUE;

  g_clear_pointer (texts, g_strfreev);
  g_propagate_error (error, g_steal_pointer (&reason));

  return FALSE;
}
