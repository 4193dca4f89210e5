/* test-smtp-parameters.c - what stands behind the path in MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-parameters.h"

typedef struct {
  const char *text;
  const char *refusal; /* its codes; NULL where it is taken */
} Sample;

static const Sample mail[] = {
  { "",                                  NULL        },
  { "SIZE=1000",                         NULL        },
  { "SIZE=1001",                         "552 5.3.4" },
  { "SIZE=18446744073709551616",         "552 5.3.4" },
  { "SIZE",                              "501 5.5.4" },
  { "SIZE=",                             "501 5.5.4" },
  { "SIZE=-1",                           "501 5.5.4" },
  { "SIZE=1x",                           "501 5.5.4" },
  { "SIZE=1 size=1",                     "501 5.5.4" },
  { "BODY=7bit",                         NULL        },
  { "BODY=8BITMIME",                     NULL        },
  { "BODY=BINARYMIME",                   "555 5.5.4" },
  { "BODY=7BIT BODY=8BITMIME",           "501 5.5.4" },
  { "SMTPUTF8",                          NULL        },
  { "smtputf8",                          NULL        },
  { "SMTPUTF8=1",                        "501 5.5.4" },
  { "SMTPUTF8=",                         "501 5.5.4" },
  { "SMTPUTF8 SMTPUTF8",                 "501 5.5.4" },
  { "AUTH=<>",                           NULL        },
  { "AUTH=a AUTH=b",                     "501 5.5.4" },
  { "RET=FULL",                          NULL        },
  { "RET=hdrs",                          NULL        },
  { "RET=NONE",                          "501 5.5.4" },
  { "RET=FULL RET=HDRS",                 "501 5.5.4" },
  { "ENVID=QQ314159",                    NULL        },
  { "ENVID=a+20b+2B+3d",                 NULL        },
  { "ENVID=",                            "501 5.5.4" },
  { "ENVID=a=b",                         "501 5.5.4" },
  { "ENVID=a+",                          "501 5.5.4" },
  { "ENVID=a+2",                         "501 5.5.4" },
  { "ENVID=a+2x",                        "501 5.5.4" },
  { "ENVID=a+0Ab",                       "501 5.5.4" },
  { "ENVID=a+00b",                       "501 5.5.4" },
  { "ENVID=a+E9",                        "501 5.5.4" },
  { "ENVID=\xc3\xa9",                    "501 5.5.4" },
  { "ENVID=a\tb",                        "501 5.5.4" },
  { "ENVID=a ENVID=a",                   "501 5.5.4" },
  { "NOTIFY=NEVER",                      "555 5.5.4" },
  { "SIZE=1  BODY=7BIT ",                NULL        },
  { "SIZ=1",                             "555 5.5.4" },
  { "=",                                 "555 5.5.4" },
};

static const Sample recipient[] = {
  { "",                                  NULL        },
  { "NOTIFY=NEVER",                      NULL        },
  { "NOTIFY=SUCCESS,FAILURE,DELAY",      NULL        },
  { "notify=delay",                      NULL        },
  { "NOTIFY=",                           "501 5.5.4" },
  { "NOTIFY=,",                          "501 5.5.4" },
  { "NOTIFY=SUCCESS,",                   "501 5.5.4" },
  { "NOTIFY=NEVER,DELAY",                "501 5.5.4" },
  { "NOTIFY=DELAY,DELAY",                "501 5.5.4" },
  { "NOTIFY=ALWAYS",                     "501 5.5.4" },
  { "NOTIFY=NEVER NOTIFY=NEVER",         "501 5.5.4" },
  { "ORCPT=rfc822;b@y.org",              NULL        },
  { "ORCPT=rfc822;b+2Bc@y.org",          NULL        },
  { "ORCPT=x-odd;anything",              NULL        },
  { "ORCPT=utf-8;b\\x{E9}@y.org",        NULL        },
  { "ORCPT=utf-8;b\xc3\xa9@y.org",       "501 5.5.4" },
  { "ORCPT=rfc822",                      "501 5.5.4" },
  { "ORCPT=rfc822;",                     "501 5.5.4" },
  { "ORCPT=;b@y.org",                    "501 5.5.4" },
  { "ORCPT=r(c;b@y.org",                 "501 5.5.4" },
  { "ORCPT=rfc822;b+0D+0AX@y.org",       "501 5.5.4" },
  { "ORCPT=rfc822;b ORCPT=rfc822;b",     "501 5.5.4" },
  { "SIZE=1",                            "555 5.5.4" },
};

static const Sample recipient_utf8[] = {
  { "ORCPT=utf-8;b\xc3\xa9@y.org",       NULL        },
  { "ORCPT=UTF-8;b\xc3\xa9@y.org",       NULL        },
  { "ORCPT=rfc822;b\xc3\xa9@y.org",      "501 5.5.4" },
  { "ORCPT=utf-8;b\xe9@y.org",           "501 5.5.4" },
  { "ORCPT=utf-8;b\xe2\x80\xa8@y.org",   "501 5.5.4" },
};


static void
assert_refusal (const Sample *sample,
                const char   *refusal)
{
  g_autofree char *shown = g_strescape (sample->text, NULL);

  g_test_message ("%s", shown);

  if (sample->refusal == NULL)
    g_assert_null (refusal);
  else
    g_assert_true (refusal != NULL && g_str_has_prefix (refusal, sample->refusal));
}


static void
test_mail (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (mail); i++) {
    g_auto (NekoSmtpParameters) parameters = { .max_size = 1000, .too_large = "552 5.3.4" };

    assert_refusal (&mail[i], neko_smtp_parameters_parse_mail (&parameters, mail[i].text));
  }
}


static void
test_recipient (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (recipient); i++) {
    g_auto (NekoSmtpParameters) parameters = { 0 };

    assert_refusal (&recipient[i],
                    neko_smtp_parameters_parse_recipient (&parameters, recipient[i].text));
  }
}


static void
test_recipient_utf8 (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (recipient_utf8); i++) {
    g_auto (NekoSmtpParameters) parameters = { .is_utf8 = TRUE };

    assert_refusal (&recipient_utf8[i],
                    neko_smtp_parameters_parse_recipient (&parameters, recipient_utf8[i].text));
  }
}


static void
test_values (void)
{
  g_auto (NekoSmtpParameters) parameters = { .max_size = 1000, .too_large = "552 5.3.4" };

  g_assert_null (neko_smtp_parameters_parse_mail (&parameters, "ret=full ENVID=a+2Bb smtputf8"));
  g_assert_null (neko_smtp_parameters_parse_recipient (&parameters,
                                                       "NOTIFY=delay,Success ORCPT=rfc822;A"));
  g_assert_true (parameters.is_utf8);
  g_assert_cmpstr (parameters.ret, ==, "FULL");
  g_assert_cmpstr (parameters.envelope_id, ==, "a+2Bb");
  g_assert_cmpstr (parameters.notify, ==, "DELAY,SUCCESS");
  g_assert_cmpstr (parameters.original, ==, "rfc822;A");
}


static void
assert_length (const char *prefix,
               size_t      length,
               gboolean    is_mail,
               gboolean    is_fine)
{
  g_auto (NekoSmtpParameters) parameters = { 0 };
  g_autofree char *fill = g_strnfill (length, 'a');
  g_autofree char *text = g_strconcat (prefix, fill, NULL);
  const char *refusal = is_mail ? neko_smtp_parameters_parse_mail (&parameters, text)
                                : neko_smtp_parameters_parse_recipient (&parameters, text);

  g_assert_cmpint (refusal == NULL, ==, is_fine);
}


static void
test_limits (void)
{
  size_t original = NEKO_SMTP_ORIGINAL_LIMIT - sizeof "rfc822;" + 1;

  assert_length ("ENVID=", NEKO_SMTP_ENVELOPE_ID_LIMIT, TRUE, TRUE);
  assert_length ("ENVID=", NEKO_SMTP_ENVELOPE_ID_LIMIT + 1, TRUE, FALSE);
  assert_length ("ORCPT=rfc822;", original, FALSE, TRUE);
  assert_length ("ORCPT=rfc822;", original + 1, FALSE, FALSE);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/protocol/smtp-parameters/mail", test_mail);
  g_test_add_func ("/protocol/smtp-parameters/recipient", test_recipient);
  g_test_add_func ("/protocol/smtp-parameters/recipient-utf8", test_recipient_utf8);
  g_test_add_func ("/protocol/smtp-parameters/values", test_values);
  g_test_add_func ("/protocol/smtp-parameters/limits", test_limits);

  return g_test_run ();
}
