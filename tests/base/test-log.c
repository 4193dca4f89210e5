/* test-log.c - which lines are kept, and how they look
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-log.h"

#include <string.h>


static const NekoLogEntry *
get_last (GPtrArray *entries)
{
  g_assert_cmpuint (entries->len, >, 0);

  return g_ptr_array_index (entries, entries->len - 1);
}


static void
assert_last (GLogLevelFlags level,
             const char    *text)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  const NekoLogEntry *last = get_last (entries);

  g_assert_cmpuint (last->level, ==, level);
  g_assert_cmpstr (last->text, ==, text);
}


static void
test_levels (void)
{
  gint64 before = g_get_real_time ();
  g_autoptr (GPtrArray) entries = NULL;

  g_message ("a %s", "message");
  assert_last (G_LOG_LEVEL_MESSAGE, "a message");
  g_info ("for information");
  assert_last (G_LOG_LEVEL_INFO, "for information");

  /* Neither what is for developers, nor what libraries tell for information. */
  g_debug ("states");
  g_log ("libsoup", G_LOG_LEVEL_INFO, "details");
  assert_last (G_LOG_LEVEL_INFO, "for information");
  g_log ("libsoup", G_LOG_LEVEL_MESSAGE, "of a library");
  assert_last (G_LOG_LEVEL_MESSAGE, "of a library");

  entries = neko_log_dup_entries ();
  g_assert_cmpuint (get_last (entries)->number, ==, 3);
  g_assert_cmpint (get_last (entries)->time, >=, before);
  g_assert_cmpint (get_last (entries)->time, <=, g_get_real_time ());
}


/* What strangers said must not change what a terminal shows. */
static void
test_text (void)
{
  g_autofree char *limit = g_strnfill (NEKO_LOG_TEXT_LIMIT, 'x');

  g_message ("a\033[2Jb");
  assert_last (G_LOG_LEVEL_MESSAGE, "a?[2Jb");
  g_message ("%s", limit);
  assert_last (G_LOG_LEVEL_MESSAGE, limit);
  g_message ("%sy", limit);
  assert_last (G_LOG_LEVEL_MESSAGE, limit);
}


static void
test_length (void)
{
  g_autoptr (GPtrArray) entries = NULL;

  for (int i = 0; i < NEKO_LOG_LENGTH + 1; i++)
    g_info ("%d", i);

  entries = neko_log_dup_entries ();
  g_assert_cmpuint (entries->len, ==, NEKO_LOG_LENGTH);
  g_assert_cmpstr (((NekoLogEntry *) g_ptr_array_index (entries, 0))->text, ==, "1");
  g_assert_cmpint (strcmp (get_last (entries)->text, G_STRINGIFY (NEKO_LOG_LENGTH)), ==, 0);
}


static void
assert_arguments (const char *event,
                  const char *joined)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  const NekoLogEntry *last = get_last (entries);
  g_autofree char *arguments = g_strjoinv ("|", last->arguments);

  g_assert_cmpstr (last->event, ==, event);
  g_assert_cmpstr (arguments, ==, joined);
}


static void
test_event (void)
{
  g_message ("no event");
  assert_arguments (NULL, "");
  neko_log_event (G_LOG_LEVEL_INFO, "nothing-said", "Nothing is said");
  assert_last (G_LOG_LEVEL_INFO, "Nothing is said");
  assert_arguments ("nothing-said", "");
  neko_log_event (G_LOG_LEVEL_MESSAGE, "sent", "%s sent %s octets, %s", "alice", "12", "");
  assert_last (G_LOG_LEVEL_MESSAGE, "alice sent 12 octets, ");
  assert_arguments ("sent", "alice|12|");

  /* Nothing that a stranger says begins another argument, or a line. */
  neko_log_event (G_LOG_LEVEL_MESSAGE, "sent", "%s and %s", "a\x1f" "b\nc", "");
  assert_last (G_LOG_LEVEL_MESSAGE, "a?b?c and ");
  assert_arguments ("sent", "a?b?c|");
}


static void
test_failure (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, 7, "a\nfile");

  neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-kept", error, "%s is not kept", "It");
  assert_last (G_LOG_LEVEL_MESSAGE, "It is not kept: a?file");
  assert_arguments ("not-kept", "It|g-file-error-quark|7|a?file");
  neko_log_failure (G_LOG_LEVEL_MESSAGE, "failed", error, "%s", "");
  assert_last (G_LOG_LEVEL_MESSAGE, "a?file");
  neko_log_failure (G_LOG_LEVEL_MESSAGE, "failed", error, "It failed");
  assert_arguments ("failed", "g-file-error-quark|7|a?file");
}


static void
test_detailed (void)
{
  g_message ("before");
  neko_log_event (G_LOG_LEVEL_DEBUG, "conversation", "%s", "not kept");
  assert_last (G_LOG_LEVEL_MESSAGE, "before");
  neko_log_set_detailed (TRUE);
  g_assert_true (neko_log_is_detailed ());
  neko_log_event (G_LOG_LEVEL_DEBUG, "conversation", "%s", "kept");
  assert_last (G_LOG_LEVEL_DEBUG, "kept");
  g_debug ("what is no event may hold anything");
  g_log ("libsoup", G_LOG_LEVEL_DEBUG, "details");
  assert_last (G_LOG_LEVEL_DEBUG, "kept");
  neko_log_set_detailed (FALSE);
  neko_log_event (G_LOG_LEVEL_DEBUG, "conversation", "%s", "no longer kept");
  assert_last (G_LOG_LEVEL_DEBUG, "kept");
}


static void
logged_cb (const NekoLogEntry *entry,
           gpointer            user_data)
{
  g_string_append_printf (user_data, "%s\n", entry->text);
}


static gpointer
log_in_thread (gpointer user_data)
{
  g_message ("from a thread");

  return NULL;
}


static void
test_listener (void)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  GThread *thread;

  neko_log_set_listener (logged_cb, heard);

  /* The listener belongs to the main context: at once where this is its thread, else when it runs. */
  thread = g_thread_new ("test", log_in_thread, NULL);
  g_thread_join (thread);
  g_assert_cmpstr (heard->str, ==, "");
  g_assert_true (g_main_context_acquire (NULL));
  g_info ("here");
  g_assert_cmpstr (heard->str, ==, "here\n");
  g_main_context_release (NULL);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpstr (heard->str, ==, "here\nfrom a thread\n");
  neko_log_set_listener (NULL, NULL);
  g_info ("nobody hears this");

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpstr (heard->str, ==, "here\nfrom a thread\n");
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  neko_log_start ();

  g_test_add_func ("/base/log/levels", test_levels);
  g_test_add_func ("/base/log/text", test_text);
  g_test_add_func ("/base/log/event", test_event);
  g_test_add_func ("/base/log/failure", test_failure);
  g_test_add_func ("/base/log/detailed", test_detailed);
  g_test_add_func ("/base/log/length", test_length);
  g_test_add_func ("/base/log/listener", test_listener);

  return g_test_run ();
}
