/* test-autostart-entry.c - files that start us at login, or say that they do not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-autostart-entry.h"

#include <string.h>

#define OURS \
  "[Desktop Entry]\n" \
  "Type=Application\n" \
  "Name=Neko Mail\n" \
  "Exec=neko-mail --background\n" \
  "Icon=io.github.nekomail.NekoMail\n"
#define START "[Desktop Entry]\nType=Application\n"

/* A file, whether it is on, and what it is when it has been turned on and when off (%NULL: there is none). */
static const struct {
  const char *name;
  const char *text;
  gboolean    is_on;
  const char *when_on;
  const char *when_off;
} files[] = {
  { "ours",      OURS,                     TRUE,  OURS, NULL },
  { "hidden",    OURS "Hidden=true\n",     FALSE, OURS, NULL },
  { "not-hidden", OURS "Hidden=false\n",   TRUE,  OURS, NULL },
  { "gnome-off", OURS "X-GNOME-Autostart-enabled=false\n", FALSE, OURS, NULL },
  { "gnome-on",  OURS "X-GNOME-Autostart-enabled=true\n",  TRUE,  OURS, NULL },
  { "both",      OURS "Hidden=true\nX-GNOME-Autostart-enabled=true\n", FALSE, OURS, NULL },
  { "hidden-twice", OURS "Hidden=true\nHidden=true\n", FALSE, OURS, NULL },
  { "empty",     "", FALSE, OURS, NULL },
  { "broken",    "Exec=neko-mail", FALSE, OURS, NULL },
  { "link",
    "[Desktop Entry]\nType=Link\nExec=neko-mail\n", FALSE,
    START "Exec=neko-mail\nName=Neko Mail\nIcon=io.github.nekomail.NekoMail\n",
    "[Desktop Entry]\nType=Link\nExec=neko-mail\nHidden=true\n" },
  { "without-a-command", START, FALSE,
    START "Name=Neko Mail\nExec=neko-mail --background\nIcon=io.github.nekomail.NekoMail\n", NULL },
  { "with-an-empty-command", START "Exec=\n", FALSE,
    START "Exec=neko-mail --background\nName=Neko Mail\nIcon=io.github.nekomail.NekoMail\n",
    START "Exec=\nHidden=true\n" },
  { "another-command",
    START "Name=Neko\nExec=/opt/neko --background\nIcon=cat\nHidden=true\n", FALSE,
    START "Name=Neko\nExec=/opt/neko --background\nIcon=cat\n",
    START "Name=Neko\nExec=/opt/neko --background\nIcon=cat\nHidden=true\n" },
  { "more-keys",
    OURS "# late, please\nX-GNOME-Autostart-Delay=10\nName[zh_CN]=猫\n", TRUE,
    OURS "# late, please\nX-GNOME-Autostart-Delay=10\nName[zh_CN]=猫\n",
    OURS "# late, please\nX-GNOME-Autostart-Delay=10\nName[zh_CN]=猫\nHidden=true\n" },
  { "another-group", OURS "\n[X]\nY=1\n", TRUE, OURS "\n[X]\nY=1\n", OURS "\nHidden=true\n\n[X]\nY=1\n" },
};


static void
assert_text (GBytes     *text,
             const char *expected)
{
  g_autofree char *copy = text != NULL ? g_strndup (g_bytes_get_data (text, NULL),
                                                    g_bytes_get_size (text)) : NULL;

  g_assert_cmpstr (copy, ==, expected);
}


static void
test_file (gconstpointer user_data)
{
  size_t i = GPOINTER_TO_SIZE (user_data);
  g_autoptr (GBytes) text = g_bytes_new_static (files[i].text, strlen (files[i].text));
  g_autoptr (GBytes) on = neko_autostart_entry_turn_on (text);
  g_autoptr (GBytes) off = neko_autostart_entry_turn_off (text, FALSE);
  g_autoptr (GBytes) kept = neko_autostart_entry_turn_off (text, TRUE);

  g_assert_cmpint (neko_autostart_entry_is_on (text), ==, files[i].is_on);
  g_assert_true (neko_autostart_entry_is_on (on));
  g_assert_false (neko_autostart_entry_is_on (kept));
  assert_text (on, files[i].when_on);
  assert_text (off, files[i].when_off);
}


static void
test_none (void)
{
  g_autoptr (GBytes) on = neko_autostart_entry_turn_on (NULL);
  g_autoptr (GBytes) kept = neko_autostart_entry_turn_off (NULL, TRUE);

  assert_text (on, OURS);
  assert_text (kept, "[Desktop Entry]\nHidden=true\n");
  g_assert_null (neko_autostart_entry_turn_off (NULL, FALSE));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_strdup_printf ("/desktop/autostart-entry/%s", files[i].name);

    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_file);
  }

  g_test_add_func ("/desktop/autostart-entry/none", test_none);

  return g_test_run ();
}
