/* test-message-index.c - the index and its snapshots
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-index.h"


static void
add (NekoMessageIndex *index,
     const char       *id)
{
  NekoMessageInfo info = { .id = (char *) id, .octets = 1, .wire = 2 };

  neko_message_index_add (index, &info);
}


static char *
describe (NekoMessageIndex *index)
{
  g_autoptr (NekoMessageList) list = neko_message_index_snapshot (index);
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < neko_message_list_get_length (list); i++)
    g_string_append_printf (text, "%s ", neko_message_list_get (list, i)->id);

  return g_string_free (text, FALSE);
}


static void
assert_messages (NekoMessageIndex *index,
                 const char       *expected)
{
  g_autofree char *text = describe (index);

  g_assert_cmpstr (text, ==, expected);
}


static void
test_order_of_arrival (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();

  add (index, "b");
  add (index, "a");
  add (index, "c");
  add (index, "b"); /* its flags changed; it keeps its place */
  assert_messages (index, "b a c ");
  neko_message_index_remove (index, "a");
  neko_message_index_remove (index, "nothing");
  assert_messages (index, "b c ");
  add (index, "d");
  neko_message_index_remove (index, "b");
  assert_messages (index, "c d ");
  neko_message_index_reset (index);
  assert_messages (index, "");
}


static void
test_snapshots_never_change (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;
  g_autoptr (NekoMessageList) same = NULL;

  add (index, "a");
  add (index, "b");
  list = neko_message_index_snapshot (index);
  same = neko_message_index_snapshot (index);
  g_assert_true (list == same);
  neko_message_index_remove (index, "a");
  add (index, "c");
  g_assert_cmpuint (neko_message_list_get_length (list), ==, 2);
  g_assert_cmpstr (neko_message_list_get (list, 0)->id, ==, "a");
  assert_messages (index, "b c ");
}


/* Emptying a large mailbox takes no time to speak of: it would take hours if each removal moved the
 * rest. */
static void
test_many (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();

  for (unsigned i = 0; i < 100000; i++) {
    g_autofree char *id = g_strdup_printf ("id-%u", i);

    add (index, id);
  }

  for (unsigned i = 0; i < 100000; i++) {
    g_autofree char *id = g_strdup_printf ("id-%u", i);

    neko_message_index_remove (index, id);
  }

  assert_messages (index, "");
}


static void
test_ids (void)
{
  g_autofree char *longest = g_strnfill (NEKO_MESSAGE_ID_LIMIT, 'x');
  g_autofree char *longer = g_strnfill (NEKO_MESSAGE_ID_LIMIT + 1, 'x');

  g_assert_true (neko_message_id_is_valid ("!~"));
  g_assert_true (neko_message_id_is_valid (longest));
  g_assert_false (neko_message_id_is_valid (longer));
  g_assert_false (neko_message_id_is_valid (""));
  g_assert_false (neko_message_id_is_valid ("a b"));
  g_assert_false (neko_message_id_is_valid ("a\r\n"));
  g_assert_false (neko_message_id_is_valid ("\xc3\xa9"));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mail/message-index/order-of-arrival", test_order_of_arrival);
  g_test_add_func ("/mail/message-index/snapshots-never-change", test_snapshots_never_change);
  g_test_add_func ("/mail/message-index/many", test_many);
  g_test_add_func ("/mail/message-index/ids", test_ids);

  return g_test_run ();
}
