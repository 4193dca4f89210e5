/* test-uri.c - where a password may be sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-uri.h"

static const struct {
  const char *text;
  gboolean    is_safe;
} uris[] = {
  { "https://worker.example",       TRUE  },
  { "http://worker.example",        FALSE },
  { "http://127.0.0.1:8787",        TRUE  },
  { "http://[::1]:8787",            TRUE  },
  { "http://localhost",             TRUE  },
  { "http://localhost.example",     FALSE },
  { "https://alice@worker.example", FALSE },
  { "https://",                     FALSE },
  { "ftp://localhost",              FALSE },
  { "worker.example",               FALSE },
};


static void
test_is_safe (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (GUri) uri = g_uri_parse (uris[i].text, G_URI_FLAGS_NONE, NULL);

    g_test_message ("%s", uris[i].text);
    g_assert_cmpint (neko_uri_is_safe (uri), ==, uris[i].is_safe);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/uri/is-safe", test_is_safe);

  return g_test_run ();
}
