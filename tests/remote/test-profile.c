/* test-profile.c - as whom an account may send
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-profile.h"


static NekoProfile *
parse (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  return neko_profile_parse (json_node_get_object (root));
}


static void
test_may_send_as (void)
{
  static const struct {
    const char *address;
    gboolean    may;
  } senders[] = {
    { "alice@neko.test",        TRUE  },
    { "ALICE@Neko.Test",        TRUE  },
    { "alice+tag@neko.test",    TRUE  },
    { "sales@neko.test",        TRUE  },
    { "sales+a+b@neko.test",    TRUE  },
    { "bob@neko.test",          FALSE },
    { "alice@other.test",       FALSE },
    { "alic@neko.test",         FALSE },
    { "alicex@neko.test",       FALSE },
    { "+alice@neko.test",       FALSE },
    { "alice@neko.test.org",    FALSE },
    { "alice",                  FALSE },
    { "",                       FALSE },
  };
  g_autoptr (NekoProfile) profile = parse ("{\"address\":\"alice@neko.test\","
                                           "\"aliases\":[\"sales@neko.test\",7],"
                                           "\"limits\":{\"maxMessageSize\":5242880}}");

  g_assert_cmpuint (profile->max_message_size, ==, 5242880);

  for (size_t i = 0; i < G_N_ELEMENTS (senders); i++)
    g_assert_cmpint (neko_profile_may_send_as (profile, senders[i].address), ==, senders[i].may);
}


/* What one may log in as. */
static void
test_has_address (void)
{
  static const struct {
    const char *address;
    gboolean    has;
  } addresses[] = {
    { "alice@neko.test",     TRUE  },
    { "ALICE@Neko.Test",     TRUE  },
    { "sales@neko.test",     TRUE  },
    { "alice+tag@neko.test", FALSE },
    { "any@shop.test",       FALSE },
    { "bob@neko.test",       FALSE },
    { "",                    FALSE },
  };
  g_autoptr (NekoProfile) profile = parse ("{\"address\":\"alice@neko.test\","
                                           "\"aliases\":[\"sales@neko.test\"],"
                                           "\"catchAll\":[\"shop.test\"]}");

  for (size_t i = 0; i < G_N_ELEMENTS (addresses); i++)
    g_assert_cmpint (neko_profile_has_address (profile, addresses[i].address), ==,
                     addresses[i].has);
}


static void
test_malformed (void)
{
  g_autoptr (NekoProfile) bare = parse ("{\"address\":\"a@x.org\",\"aliases\":{},\"limits\":[]}");

  g_assert_null (parse ("{}"));
  g_assert_null (parse ("{\"address\":7}"));
  g_assert_cmpuint (bare->max_message_size, ==, 0);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote/profile/may-send-as", test_may_send_as);
  g_test_add_func ("/remote/profile/has-address", test_has_address);
  g_test_add_func ("/remote/profile/malformed", test_malformed);

  return g_test_run ();
}
