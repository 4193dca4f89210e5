/* test-sasl.c - SASL PLAIN and LOGIN
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sasl.h"

typedef struct {
  const char    *name;
  const char    *argument;
  const char    *lines[3];
  NekoSaslStatus status;
  const char    *user;
  const char    *password;
} Sample;

/* AGEAYg== is NUL a NUL b; YQBhAGI= is a NUL a NUL b; YwBhAGI= is c NUL a NUL b. */
static const Sample samples[] = {
  { "plain-initial",      "PLAIN AGEAYg==",     { NULL },             NEKO_SASL_READY,     "a", "b" },
  { "plain",              "plain",              { "AGEAYg==" },       NEKO_SASL_READY,     "a", "b" },
  { "same-authzid",       "PLAIN YQBhAGI=",     { NULL },             NEKO_SASL_READY,     "a", "b" },
  { "other-authzid",      "PLAIN YwBhAGI=",     { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "login",              "LOGIN",              { "YQ==", "Yg==" },   NEKO_SASL_READY,     "a", "b" },
  { "login-initial",      "LOGIN YQ==",         { "Yg==" },           NEKO_SASL_READY,     "a", "b" },
  { "login-no-password",  "LOGIN YQ==",         { "" },               NEKO_SASL_READY,     "a", ""  },
  { "login-no-user",      "LOGIN =",            { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "cancelled",          "PLAIN",              { "*" },              NEKO_SASL_CANCELLED, NULL, NULL },
  { "login-cancelled",    "LOGIN YQ==",         { "*" },              NEKO_SASL_CANCELLED, NULL, NULL },
  { "empty-response",     "PLAIN =",            { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "no-base64",          "PLAIN ????",         { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "cut-base64",         "PLAIN AGEAYg",       { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "space-in-base64",    "PLAIN AGEA Yg==",    { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "one-field",          "PLAIN YQ==",         { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "two-fields",         "PLAIN AGE=",         { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "four-fields",        "PLAIN AGEAYgBj",     { NULL },             NEKO_SASL_MALFORMED, NULL, NULL },
  { "unknown",            "CRAM-MD5",           { NULL },             NEKO_SASL_UNKNOWN,   NULL, NULL },
  { "prefix",             "PLAI",               { NULL },             NEKO_SASL_UNKNOWN,   NULL, NULL },
};


static void
test_sample (gconstpointer user_data)
{
  const Sample *sample = user_data;
  g_autoptr (NekoSasl) sasl = neko_sasl_new ();
  NekoSaslStatus status = neko_sasl_start (sasl, sample->argument);
  g_autofree char *user = NULL;
  g_autoptr (NekoSecret) password = NULL;

  for (size_t i = 0; sample->lines[i] != NULL; i++) {
    g_assert_cmpint (status, ==, NEKO_SASL_CHALLENGE);
    status = neko_sasl_respond (sasl, sample->lines[i]);
  }

  g_assert_cmpint (status, ==, sample->status);

  if (sample->user == NULL)
    return;

  user = neko_sasl_steal_user (sasl);
  password = neko_sasl_steal_password (sasl);
  g_assert_cmpstr (user, ==, sample->user);
  g_assert_cmpstr (password, ==, sample->password);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/sasl/%s", samples[i].name);

    g_test_add_data_func (path, &samples[i], test_sample);
  }

  return g_test_run ();
}
