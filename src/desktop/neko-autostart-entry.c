/* neko-autostart-entry.c - the text of the file that starts us at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-autostart-entry.h"

#define GROUP G_KEY_FILE_DESKTOP_GROUP

/* What GNOME's Tweaks and some other programs write where they mean Hidden. */
#define GNOME_ENABLED "X-GNOME-Autostart-enabled"

/* A file with nothing else is ours alone. */
static const struct {
  const char *key;
  const char *value;
} ours[] = {
  { G_KEY_FILE_DESKTOP_KEY_TYPE, G_KEY_FILE_DESKTOP_TYPE_APPLICATION },
  { G_KEY_FILE_DESKTOP_KEY_NAME, "Neko Mail"                         },
  { G_KEY_FILE_DESKTOP_KEY_EXEC, "neko-mail --background"            },
  { G_KEY_FILE_DESKTOP_KEY_ICON, NEKO_APPLICATION_ID                 },
};


/* Returns: (transfer full): an empty one where @text cannot be read, as no desktop could read it either */
static GKeyFile *
parse (GBytes *text)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (text != NULL &&
      !g_key_file_load_from_bytes (file, text, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                                   NULL)) {
    g_key_file_unref (file);
    file = g_key_file_new ();
  }

  return g_steal_pointer (&file);
}


static GBytes *
format (GKeyFile *file)
{
  gsize length;
  char *text = g_key_file_to_data (file, &length, NULL);

  return g_bytes_new_take (text, length);
}


/* As it stands there: of escapes that GLib does not know, as in many a command, it may even warn. */
static gboolean
has_value (GKeyFile   *file,
           const char *key,
           const char *value)
{
  g_autofree char *present = g_key_file_get_value (file, GROUP, key, NULL);

  return g_strcmp0 (present, value) == 0;
}


/* Whether a desktop starts what such a file tells of. */
gboolean
neko_autostart_entry_is_on (GBytes *text)
{
  g_autoptr (GKeyFile) file = parse (text);
  g_autofree char *command = g_key_file_get_value (file, GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, NULL);

  if (command == NULL || *command == '\0' ||
      !has_value (file, G_KEY_FILE_DESKTOP_KEY_TYPE, G_KEY_FILE_DESKTOP_TYPE_APPLICATION))
    return FALSE;

  if (g_key_file_has_key (file, GROUP, GNOME_ENABLED, NULL) &&
      !g_key_file_get_boolean (file, GROUP, GNOME_ENABLED, NULL))
    return FALSE;

  return !g_key_file_get_boolean (file, GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL);
}


/* Where a key is there more than once, GLib removes the last; another comes to light when it reads what is left. */
static void
remove_key (GKeyFile  **file,
            const char *key)
{
  while (g_key_file_has_key (*file, GROUP, key, NULL)) {
    g_autoptr (GBytes) rest = NULL;

    g_key_file_remove_key (*file, GROUP, key, NULL);
    rest = format (*file);
    g_key_file_unref (*file);
    *file = parse (rest);
  }
}


/**
 * neko_autostart_entry_turn_on:
 * @text: (nullable): a file that is there
 *
 * Keeps what somebody put there, be it another command.
 *
 * Returns: (transfer full): a file that is on
 */
GBytes *
neko_autostart_entry_turn_on (GBytes *text)
{
  g_autoptr (GKeyFile) file = parse (text);

  remove_key (&file, G_KEY_FILE_DESKTOP_KEY_HIDDEN);
  remove_key (&file, GNOME_ENABLED);

  for (size_t i = 0; i < G_N_ELEMENTS (ours); i++) {
    g_autofree char *value = g_key_file_get_value (file, GROUP, ours[i].key, NULL);

    if (value == NULL || *value == '\0')
      g_key_file_set_string (file, GROUP, ours[i].key, ours[i].value);
  }

  g_key_file_set_string (file, GROUP, ours[0].key, ours[0].value);

  return format (file);
}


static gboolean
is_ours (GKeyFile   *file,
         const char *key)
{
  if (g_str_equal (key, G_KEY_FILE_DESKTOP_KEY_HIDDEN) || g_str_equal (key, GNOME_ENABLED))
    return TRUE;

  for (size_t i = 0; i < G_N_ELEMENTS (ours); i++)
    if (g_str_equal (key, ours[i].key))
      return has_value (file, key, ours[i].value);

  return FALSE;
}


static gboolean
is_ours_alone (GKeyFile *file)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);
  gsize count;
  g_auto (GStrv) groups = g_key_file_get_groups (file, &count);

  for (size_t i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!is_ours (file, keys[i]))
      return FALSE;

  return count <= 1;
}


/**
 * neko_autostart_entry_turn_off:
 * @text: (nullable): a file that is there
 * @must_stay: whether another file would be in force if there were none
 *
 * Returns: (transfer full) (nullable): a file that is off, or %NULL where none is needed
 */
GBytes *
neko_autostart_entry_turn_off (GBytes  *text,
                               gboolean must_stay)
{
  g_autoptr (GKeyFile) file = parse (text);

  if (!must_stay && is_ours_alone (file))
    return NULL;

  g_key_file_set_boolean (file, GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, TRUE);

  return format (file);
}
