/* test-mask.c - what is left of a text when nobody is to be known by it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mask.h"

static const struct {
  const char *text;
  const char *masked;
} texts[] = {
  { "",                                            ""                                           },
  { "POP3: alice@neko.test logged in from 127.0.0.1", "POP3: account 1 logged in from 127.0.0.1" },
  { "Alice@Neko.Test",                             "account 1"                                  },
  { "alice@neko.test, then carol@neko.test",       "account 1, then (address)"           },
  { "mail.neko.test does not answer",              "Worker 1 does not answer"                   },
  { "https://mail.neko.test/v1/messages?x=1: no",  "(URL) no"      },
  { "see https://else.where/path?token=1",         "see (URL)"                                  },
  { "550 <dave@else.where>: no such user",         "550 <(address)>: no such user"              },
  { "“dave@else.where” and dave@else.where,",      "“(address)” and (address),"                 },
  { "from 192.168.1.20: no",                       "from (IP address): no"                      },
  { "listening on 0.0.0.0",                        "listening on 0.0.0.0"                       },
  { "from fe80::1%eth0",                           "from (IP address)"                          },
  { "from 2001:db8:0:0:1:0:0:1.",                  "from (IP address)."                         },
  { "from ::1",                                    "from ::1"                                   },
  { "Neko Mail 1.2.3, GTK 4.8.3: at 12:30:45",     "Neko Mail 1.2.3, GTK 4.8.3: at 12:30:45"    },
  { "“” ~ \xff",                                   "“” ~ \uFFFD"                                },
  { "1+1=2 and (a|b)",                             "one and (a|b)"                              },
};


static void
test_texts (void)
{
  g_autoptr (NekoMask) mask = neko_mask_new ();

  neko_mask_add (mask, "neko.test", "domain 1");
  neko_mask_add (mask, "alice@neko.test", "account 1");
  neko_mask_add (mask, "mail.neko.test", "Worker 1");
  neko_mask_add (mask, "1+1=2", "one");
  neko_mask_add (mask, "", "nothing");

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *masked = neko_mask_dup_text (mask, texts[i].text);

    g_assert_cmpstr (masked, ==, texts[i].masked);
  }
}


/* A folder may have any octets in its name. */
static void
test_name_of_no_encoding (void)
{
  g_autoptr (NekoMask) mask = neko_mask_new ();
  g_autofree char *masked = NULL;

  neko_mask_add (mask, "/home/ren\xe9", "~");
  masked = neko_mask_dup_text (mask, "/home/ren\xe9/Mail and /home/ren");

  g_assert_cmpstr (masked, ==, "~/Mail and /home/ren");
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/mask/texts", test_texts);
  g_test_add_func ("/base/mask/name-of-no-encoding", test_name_of_no_encoding);

  return g_test_run ();
}
