/* test-message-index.c - the index and its snapshots
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-index.h"


/* Does what a text says: "+id" adds, "-id" removes, between spaces. */
static NekoMessageChanges *
parse (const char *text)
{
  NekoMessageChanges *changes = neko_message_changes_new ();
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (size_t i = 0; words[i] != NULL; i++) {
    NekoMessageInfo info = { words[i] + 1, 1, 2 };

    if (words[i][0] == '+')
      g_assert_true (neko_message_changes_add (changes, &info));
    else if (words[i][0] == '-')
      g_assert_true (neko_message_changes_remove (changes, words[i] + 1));
  }

  return changes;
}


static char *
describe (const NekoMessageList *list)
{
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < neko_message_list_get_length (list); i++)
    g_string_append_printf (text, "%s ", neko_message_list_get (list, i).id);

  g_assert_cmpuint (neko_message_list_get_total (list), ==,
                    2 * neko_message_list_get_length (list));

  return g_string_free (text, FALSE);
}


static void
assert_messages (NekoMessageIndex *index,
                 const char       *expected)
{
  g_autoptr (NekoMessageList) list = neko_message_index_snapshot (index);
  g_autofree char *text = describe (list);

  g_assert_cmpstr (text, ==, expected);
}


static void
apply (NekoMessageIndex *index,
       const char       *changes,
       const char       *expected,
       size_t            expected_new)
{
  size_t first_new;

  g_assert_true (neko_message_index_apply (index, parse (changes), &first_new));
  g_assert_cmpuint (first_new, ==, expected_new);
  assert_messages (index, expected);
}


static void
test_changes (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();

  apply (index, "", "", 0);
  apply (index, "+b +a +c", "b a c ", 0);
  apply (index, "+b", "b a c ", 3); /* its flags changed; it keeps its place */
  apply (index, "-a -nothing", "b c ", 2);
  apply (index, "-b +d", "c d ", 1);
  apply (index, "+e +e", "c d e ", 2);
  apply (index, "+f -f", "c d e ", 3);
  apply (index, "-c +c", "d e c ", 2);
  apply (index, "+g -g +h +g", "d e c h g ", 3);
  apply (index, "+d -d", "e c h g ", 4);
  apply (index, "+x -e -c -h -g", "x ", 0);
}


static void
test_replaced (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  size_t first_new;

  apply (index, "+a +b", "a b ", 0);
  neko_message_index_replace (index, parse ("+c +b +d"), &first_new);
  g_assert_cmpuint (first_new, ==, 3);
  assert_messages (index, "c b d ");
  neko_message_index_replace (index, parse ("+e +f +e -f -g"), NULL);
  assert_messages (index, "e ");
  apply (index, "+e +h", "e h ", 1);
  neko_message_index_replace (index, neko_message_changes_new (), NULL);
  assert_messages (index, "");
}


static void
test_snapshots_never_change (void)
{
  static const char *const ids[] = { "a", "c" };
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;
  g_autofree char *text = NULL;
  const char *id;

  apply (index, "+a +b", "a b ", 0);
  list = neko_message_index_snapshot (index);
  id = neko_message_list_get (list, 0).id;
  apply (index, "+c", "a b c ", 2);
  neko_message_index_remove (index, ids, G_N_ELEMENTS (ids));
  assert_messages (index, "b ");
  neko_message_index_replace (index, parse ("+z"), NULL);
  text = describe (list);
  g_assert_cmpstr (text, ==, "a b ");
  g_assert_cmpstr (id, ==, "a");
}


/* What a session holds while it reads must not move, however much comes in. */
static void
test_ids_stay_where_they_are (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;
  NekoMessageInfo first;

  apply (index, "+a", "a ", 0);
  list = neko_message_index_snapshot (index);
  first = neko_message_list_get (list, 0);

  for (unsigned i = 0; i < 5000; i++) {
    g_autofree char *change = g_strdup_printf ("+some-longer-id-%u", i);

    g_assert_true (neko_message_index_apply (index, parse (change), NULL));
  }

  g_assert_true (neko_message_list_get (list, 0).id == first.id);
  g_assert_cmpstr (first.id, ==, "a");
}


static NekoMessageChanges *
make_many (unsigned count,
           gboolean are_removed)
{
  NekoMessageChanges *changes = neko_message_changes_new ();

  for (unsigned i = 0; i < count; i++) {
    g_autofree char *id = g_strdup_printf ("%u-0123456789abcdef", i);
    NekoMessageInfo info = { id, 1, 2 };

    g_assert_true (are_removed ? neko_message_changes_remove (changes, id)
                               : neko_message_changes_add (changes, &info));
  }

  return changes;
}


/* Filling and emptying a large mailbox takes no time to speak of: it would take hours if each removal
 * moved the rest. */
static void
test_many (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;

  neko_message_index_replace (index, make_many (100000, FALSE), NULL);
  list = neko_message_index_snapshot (index);
  g_assert_cmpuint (neko_message_list_get_length (list), ==, 100000);
  g_assert_true (neko_message_index_apply (index, make_many (60000, TRUE), NULL));
  g_assert_true (neko_message_index_apply (index, make_many (30000, FALSE), NULL));
  g_clear_pointer (&list, neko_message_list_unref);
  list = neko_message_index_snapshot (index);
  g_assert_cmpuint (neko_message_list_get_length (list), ==, 70000);
  g_assert_cmpstr (neko_message_list_get (list, 0).id, ==, "60000-0123456789abcdef");
  g_assert_cmpstr (neko_message_list_get (list, 69999).id, ==, "29999-0123456789abcdef");
  g_clear_pointer (&list, neko_message_list_unref);
  g_assert_true (neko_message_index_apply (index, make_many (100000, TRUE), NULL));
  assert_messages (index, "");
}


static void
test_limits (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  NekoMessageChanges *changes = neko_message_changes_new ();
  NekoMessageInfo largest = { "a", NEKO_MESSAGE_SIZE_LIMIT - 1, NEKO_MESSAGE_SIZE_LIMIT - 1 };
  NekoMessageInfo larger = { "b", NEKO_MESSAGE_SIZE_LIMIT, 1 };
  NekoMessageInfo larger_on_the_wire = { "b", 1, NEKO_MESSAGE_SIZE_LIMIT };
  NekoMessageInfo invalid = { "", 1, 1 };

  g_assert_false (neko_message_changes_add (changes, &larger));
  g_assert_false (neko_message_changes_add (changes, &larger_on_the_wire));
  g_assert_false (neko_message_changes_add (changes, &invalid));
  g_assert_false (neko_message_changes_remove (changes, ""));

  for (unsigned i = 1; i < NEKO_MESSAGE_COUNT_LIMIT; i++)
    g_assert_true (neko_message_changes_remove (changes, "x"));

  g_assert_true (neko_message_changes_add (changes, &largest));
  g_assert_false (neko_message_changes_add (changes, &largest));
  g_assert_false (neko_message_changes_remove (changes, "x"));
  g_assert_true (neko_message_index_apply (index, changes, NULL));

  /* An index with as many messages takes no more. */
  neko_message_index_replace (index, make_many (NEKO_MESSAGE_COUNT_LIMIT, FALSE), NULL);
  g_assert_true (neko_message_index_apply (index, neko_message_changes_new (), NULL));
  g_assert_false (neko_message_index_apply (index, parse ("+y"), NULL));
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

  g_test_add_func ("/mail/message-index/changes", test_changes);
  g_test_add_func ("/mail/message-index/replaced", test_replaced);
  g_test_add_func ("/mail/message-index/snapshots-never-change", test_snapshots_never_change);
  g_test_add_func ("/mail/message-index/ids-stay-where-they-are", test_ids_stay_where_they_are);
  g_test_add_func ("/mail/message-index/many", test_many);
  g_test_add_func ("/mail/message-index/limits", test_limits);
  g_test_add_func ("/mail/message-index/ids", test_ids);

  return g_test_run ();
}
