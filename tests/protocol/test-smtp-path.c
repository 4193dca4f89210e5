/* test-smtp-path.c - the argument of MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-path.h"

typedef struct {
  const char        *text;
  NekoSmtpPathStatus status;
  const char        *address;
  const char        *parameters;
} Sample;

static const Sample samples[] = {
  { "FROM:<a@x.org>",              NEKO_SMTP_PATH_FINE,      "a@x.org",         ""              },
  { "from:<a@x.org>",              NEKO_SMTP_PATH_FINE,      "a@x.org",         ""              },
  { "FROM: <a@x.org>",             NEKO_SMTP_PATH_FINE,      "a@x.org",         ""              },
  { "FROM:<>",                     NEKO_SMTP_PATH_FINE,      "",                ""              },
  { "FROM:<a@x.org> SIZE=1 BODY=7BIT", NEKO_SMTP_PATH_FINE,  "a@x.org",         "SIZE=1 BODY=7BIT" },
  { "FROM:<@r.org,@s.org:a@x.org>", NEKO_SMTP_PATH_FINE,     "a@x.org",         ""              },
  { "FROM:<\"a b>\"@x.org>",       NEKO_SMTP_PATH_FINE,      "\"a b>\"@x.org",  ""              },
  { "FROM:<\"a\\\"b\"@x.org>",     NEKO_SMTP_PATH_FINE,      "\"a\\\"b\"@x.org", ""             },
  { "FROM:<a@[127.0.0.1]>",        NEKO_SMTP_PATH_FINE,      "a@[127.0.0.1]",   ""              },
  { "FROM:<a.@x.org>",             NEKO_SMTP_PATH_FINE,      "a.@x.org",        ""              },
  { "FROM:<\xc3\xa9@x.org> SMTPUTF8", NEKO_SMTP_PATH_UTF8,  "\xc3\xa9@x.org", "SMTPUTF8"      },
  { "FROM:<a@\xc3\xa9.org>",       NEKO_SMTP_PATH_UTF8,      "a@\xc3\xa9.org",  ""              },
  { "FROM:<\"\xc3\xa9 b\"@x.org>", NEKO_SMTP_PATH_UTF8,      "\"\xc3\xa9 b\"@x.org", ""         },
  { "FROM:<\xe9@x.org> SMTPUTF8",  NEKO_SMTP_PATH_NOT_UTF8,  NULL,              "SMTPUTF8"      },
  { "FROM:<\xed\xa0\x80@x.org>",   NEKO_SMTP_PATH_NOT_UTF8,  NULL,              ""              },
  { "FROM:<\xc0\xae@x.org>",       NEKO_SMTP_PATH_NOT_UTF8,  NULL,              ""              },
  { "FROM:a@x.org",                NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a@x.org",               NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a@x.org>x",             NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a>",                    NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a@>",                   NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<@x.org>",               NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a b@x.org>",            NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a@x.org@y.org>",        NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<\"a@x.org>",            NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM:<a\r@x.org>",            NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "TO:<a@x.org>",                NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { "FROM",                        NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
  { NULL,                          NEKO_SMTP_PATH_MALFORMED, NULL,              NULL            },
};


static void
test_samples (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *address = NULL;
    const char *parameters = NULL;

    g_assert_cmpint (neko_smtp_path_parse (samples[i].text, "FROM:", &address, &parameters), ==,
                     samples[i].status);
    g_assert_cmpstr (address, ==, samples[i].address);
    g_assert_cmpstr (parameters, ==, samples[i].parameters);
  }
}


static void
test_limit (void)
{
  g_autofree char *user = g_strnfill (NEKO_SMTP_PATH_LIMIT - 6, 'u');
  g_autofree char *longest = g_strdup_printf ("FROM:<%s@x.org>", user);
  g_autofree char *longer = g_strdup_printf ("FROM:<u%s@x.org>", user);
  g_autofree char *address = NULL;
  const char *parameters;

  g_assert_cmpint (neko_smtp_path_parse (longest, "FROM:", &address, &parameters), ==,
                   NEKO_SMTP_PATH_FINE);
  g_assert_cmpint (neko_smtp_path_parse (longer, "FROM:", &address, &parameters), ==,
                   NEKO_SMTP_PATH_MALFORMED);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/protocol/smtp-path/samples", test_samples);
  g_test_add_func ("/protocol/smtp-path/limit", test_limit);

  return g_test_run ();
}
