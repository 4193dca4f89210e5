/* test-read-log.c - one line for many messages that were read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-read-log.h"

#include "neko-log.h"


static guint
count_entries (void)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();

  return entries->len;
}


static void
assert_last (const char *text)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  const NekoLogEntry *last;

  g_assert_cmpuint (entries->len, >, 0);
  last = g_ptr_array_index (entries, entries->len - 1);
  g_assert_cmpstr (last->event, ==, "read");
  g_assert_cmpstr (last->text, ==, text);
}


static void
test_pause (void)
{
  g_autoptr (NekoReadLog) log = neko_read_log_new ("alice@neko.test");
  guint before = count_entries ();

  for (int i = 0; i < 3; i++)
    neko_read_log_add (log, 100);

  g_assert_cmpuint (count_entries (), ==, before);

  while (count_entries () == before)
    g_main_context_iteration (NULL, TRUE);

  assert_last ("alice@neko.test: messages read: 3, with 300 octets");
  neko_read_log_add (log, 7);

  while (count_entries () == before + 1)
    g_main_context_iteration (NULL, TRUE);

  assert_last ("alice@neko.test: messages read: 1, with 7 octets");
}


static void
test_end (void)
{
  NekoReadLog *log = neko_read_log_new ("alice@neko.test");
  guint before = count_entries ();

  neko_read_log_free (log);
  g_assert_cmpuint (count_entries (), ==, before);
  log = neko_read_log_new ("alice@neko.test");
  neko_read_log_add (log, 5);
  neko_read_log_free (log);
  assert_last ("alice@neko.test: messages read: 1, with 5 octets");
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  neko_log_start ();

  g_test_add_func ("/service/read-log/pause", test_pause);
  g_test_add_func ("/service/read-log/end", test_end);

  return g_test_run ();
}
