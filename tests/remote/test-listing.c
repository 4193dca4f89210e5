/* test-listing.c - listings, cut anywhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-listing.h"

#define WHOLE \
  "{\"seq\":9,\"reset\":true}\n" \
  "{\"id\":\"a\",\"seq\":3,\"octets\":10,\"wire\":12,\"received\":0,\"flags\":[]}\n" \
  "{\"id\":\"b\",\"seq\":5,\"octets\":20}\n" \
  "{\"id\":\"c\",\"seq\":8,\"deleted\":true}\n" \
  "{\"end\":true,\"seq\":9}\n"

static size_t first_new; /* by the last apply() */


static gboolean
apply (NekoMessageIndex *index,
       const char       *text,
       size_t            length,
       size_t            step)
{
  g_autoptr (NekoListing) listing = neko_listing_new ();

  for (size_t i = 0; i < length; i += step) {
    if (!neko_listing_feed (listing, (const uint8_t *) text + i, MIN (step, length - i)))
      return FALSE;
  }

  return neko_listing_apply (listing, index, &first_new);
}


static void
test_whole (void)
{
  for (size_t step = 1; step < strlen (WHOLE); step++) {
    g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
    g_autoptr (NekoMessageList) list = NULL;

    g_assert_true (apply (index, WHOLE, strlen (WHOLE), step));
    list = neko_message_index_snapshot (index);
    g_assert_cmpuint (neko_message_list_get_length (list), ==, 2);
    g_assert_cmpuint (neko_message_list_get (list, 0).wire, ==, 12);
    g_assert_cmpuint (neko_message_list_get (list, 1).wire, ==, 20);
    g_assert_cmpuint (neko_message_index_get_sequence (index), ==, 9);
  }
}


/* A listing that was cut, at whatever place, changes nothing. */
static void
test_cut (void)
{
  for (size_t length = 0; length < strlen (WHOLE); length++) {
    g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
    g_autoptr (NekoMessageList) list = NULL;

    g_assert_false (apply (index, WHOLE, length, 7));
    list = neko_message_index_snapshot (index);
    g_assert_cmpuint (neko_message_list_get_length (list), ==, 0);
    g_assert_cmpuint (neko_message_index_get_sequence (index), ==, 0);
  }
}


static void
test_changes (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;
  const char *changes = "{\"seq\":12}\n{\"id\":\"a\",\"seq\":11,\"deleted\":true}\n"
                        "{\"id\":\"d\",\"seq\":12,\"octets\":1}\n{\"end\":true,\"seq\":12}\n";

  g_assert_true (apply (index, WHOLE, strlen (WHOLE), 100));
  g_assert_true (apply (index, changes, strlen (changes), 100));
  g_assert_cmpuint (first_new, ==, 1);
  list = neko_message_index_snapshot (index);
  g_assert_cmpuint (neko_message_list_get_length (list), ==, 2);
  g_assert_cmpstr (neko_message_list_get (list, 0).id, ==, "b");
  g_assert_cmpstr (neko_message_list_get (list, 1).id, ==, "d");
}


static void
test_malformed (void)
{
  static const char *const texts[] = {
    "nonsense\n",
    "[]\n",
    "{\"seq\":\"9\"}\n",
    "{\"seq\":-1}\n",
    "{\"seq\":9}\n{\"id\":\"a b\",\"seq\":1,\"octets\":1}\n",
    "{\"seq\":9}\n{\"id\":\"a\",\"seq\":1}\n",
    "{\"seq\":9}\n{\"id\":\"a\",\"seq\":1,\"octets\":-5}\n",
    "{\"seq\":9}\n{\"id\":\"a\",\"seq\":1,\"octets\":4294967295}\n",
    "{\"seq\":9}\n{\"id\":\"a\",\"seq\":1,\"octets\":1,\"wire\":4294967295}\n",
    "{\"seq\":9}\n{\"id\":7,\"seq\":1,\"octets\":1}\n",
    "{\"seq\":9}\n{\"end\":true,\"seq\":9}\n{\"id\":\"a\",\"seq\":1,\"octets\":1}\n",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (NekoMessageIndex) index = neko_message_index_new ();

    g_assert_false (apply (index, texts[i], strlen (texts[i]), 100));
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote/listing/whole", test_whole);
  g_test_add_func ("/remote/listing/cut", test_cut);
  g_test_add_func ("/remote/listing/changes", test_changes);
  g_test_add_func ("/remote/listing/malformed", test_malformed);

  return g_test_run ();
}
