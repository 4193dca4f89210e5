/* test-certificate.c - the certificate of an installation: made once, renewed, never written over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-certificate.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "neko-self-signed.h"

#define DAY (24 * 60 * 60)
#define START G_GINT64_CONSTANT (1900000000)

typedef struct {
  char *parent;
  char *folder;
  char *path;
} Fixture;

static gint64 now;


static gint64
tell_time (void)
{
  return now;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->parent = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->folder = g_build_filename (fixture->parent, "neko-mail", NULL);
  fixture->path = g_build_filename (fixture->folder, "certificate.pem", NULL);
  now = START;
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autofree char *lock = g_build_filename (fixture->folder, "certificate.lock", NULL);

  g_remove (lock);
  g_remove (fixture->path);
  g_remove (fixture->folder);
  g_remove (fixture->parent);
  g_free (fixture->parent);
  g_free (fixture->folder);
  g_free (fixture->path);
}


static NekoCertificate *
new_certificate (Fixture *fixture)
{
  NekoCertificate *certificate = neko_certificate_new (fixture->folder);

  neko_certificate_set_clock (certificate, tell_time);

  return certificate;
}


static NekoCertificate *
open_certificate (Fixture    *fixture,
                  const char *address)
{
  NekoCertificate *certificate = new_certificate (fixture);
  GError *error = NULL;

  g_assert_true (neko_certificate_open (certificate, address, &error));
  g_assert_no_error (error);

  return certificate;
}


static gnutls_x509_crt_t
parse (NekoCertificate *certificate)
{
  g_autofree char *pem = neko_certificate_dup_pem (certificate);
  gnutls_datum_t text = { (unsigned char *) pem, strlen (pem) };
  gnutls_x509_crt_t parsed;

  g_assert_nonnull (strstr (pem, "BEGIN CERTIFICATE"));
  g_assert_null (strstr (pem, "PRIVATE"));
  gnutls_x509_crt_init (&parsed);
  g_assert_cmpint (gnutls_x509_crt_import (parsed, &text, GNUTLS_X509_FMT_PEM), ==, 0);

  return parsed;
}


static void
assert_key_id (NekoCertificate *certificate,
               const char      *expected)
{
  gnutls_x509_crt_t parsed = parse (certificate);
  unsigned char id[32];
  size_t size = sizeof id;

  g_assert_cmpint (gnutls_x509_crt_get_key_id (parsed, GNUTLS_KEYID_USE_SHA256, id, &size), ==, 0);
  g_assert_cmpmem (id, size, expected, 32);
  gnutls_x509_crt_deinit (parsed);
}


static void
get_key_id (NekoCertificate *certificate,
            char            *id)
{
  gnutls_x509_crt_t parsed = parse (certificate);
  size_t size = 32;

  g_assert_cmpint (gnutls_x509_crt_get_key_id (parsed, GNUTLS_KEYID_USE_SHA256,
                                               (unsigned char *) id, &size), ==, 0);
  gnutls_x509_crt_deinit (parsed);
}


/* What a mail program looks at. */
static void
test_contents (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);
  g_auto (GStrv) names = neko_certificate_dup_names (certificate);
  gnutls_x509_crt_t parsed = parse (certificate);
  unsigned critical;
  unsigned is_authority;
  unsigned usage;
  char purpose[64];
  size_t purpose_size = sizeof purpose;
  GStatBuf status;

  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);

  g_assert_cmpstrv (names, ((const char *[]) { "localhost", "127.0.0.1", "::1", NULL }));
  g_assert_true (gnutls_x509_crt_check_hostname (parsed, "localhost"));
  g_assert_true (gnutls_x509_crt_check_hostname (parsed, "127.0.0.1"));
  g_assert_true (gnutls_x509_crt_check_hostname (parsed, "::1"));
  g_assert_false (gnutls_x509_crt_check_hostname (parsed, "neko.test"));

  g_assert_cmpint (gnutls_x509_crt_get_pk_algorithm (parsed, NULL), ==, GNUTLS_PK_ECDSA);
  g_assert_cmpint (gnutls_x509_crt_get_version (parsed), ==, 3);
  g_assert_cmpint (gnutls_x509_crt_get_basic_constraints (parsed, &critical, &is_authority, NULL),
                   >=, 0);
  g_assert_cmpuint (is_authority, ==, 0);
  g_assert_cmpint (gnutls_x509_crt_get_key_usage (parsed, &usage, &critical), >=, 0);
  g_assert_cmpuint (usage, ==, GNUTLS_KEY_DIGITAL_SIGNATURE);
  g_assert_cmpint (gnutls_x509_crt_get_key_purpose_oid (parsed, 0, purpose, &purpose_size,
                                                        &critical), >=, 0);
  g_assert_cmpstr (purpose, ==, GNUTLS_KP_TLS_WWW_SERVER);
  g_assert_cmpint (gnutls_x509_crt_get_activation_time (parsed), ==, START - DAY);
  g_assert_cmpint (gnutls_x509_crt_get_expiration_time (parsed), ==,
                   START + (gint64) NEKO_SELF_SIGNED_DAYS * DAY);
  gnutls_x509_crt_deinit (parsed);
}


static void
test_fingerprint (Fixture      *fixture,
                  gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);
  g_autofree char *fingerprint = neko_certificate_dup_fingerprint (certificate);
  gnutls_x509_crt_t parsed = parse (certificate);
  unsigned char digest[32];
  size_t size = sizeof digest;
  g_autoptr (GString) expected = g_string_new (NULL);

  g_assert_cmpint (gnutls_x509_crt_get_fingerprint (parsed, GNUTLS_DIG_SHA256, digest, &size), ==, 0);

  for (size_t i = 0; i < size; i++)
    g_string_append_printf (expected, "%s%02X", i > 0 ? ":" : "", digest[i]);

  g_assert_cmpstr (fingerprint, ==, expected->str);
  gnutls_x509_crt_deinit (parsed);
}


static void
test_stays (Fixture      *fixture,
            gconstpointer user_data)
{
  g_autoptr (NekoCertificate) first = open_certificate (fixture, NULL);
  g_autoptr (NekoCertificate) second = NULL;

  now += (gint64) (NEKO_SELF_SIGNED_DAYS - NEKO_CERTIFICATE_RENEWAL_DAYS) * DAY - 1;
  second = open_certificate (fixture, NULL);
  g_assert_true (g_tls_certificate_is_same (neko_certificate_get_tls (first),
                                            neko_certificate_get_tls (second)));
}


static void
test_two_differ (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (NekoCertificate) first = open_certificate (fixture, NULL);
  g_autoptr (NekoCertificate) second = NULL;
  char id[32];
  char other[32];

  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  second = open_certificate (fixture, NULL);
  get_key_id (first, id);
  get_key_id (second, other);
  g_assert_cmpint (memcmp (id, other, sizeof id), !=, 0);
}


static void
test_renewed (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (NekoCertificate) first = open_certificate (fixture, NULL);
  g_autoptr (NekoCertificate) second = NULL;
  gnutls_x509_crt_t parsed;
  char id[32];

  get_key_id (first, id);
  now += (gint64) (NEKO_SELF_SIGNED_DAYS - NEKO_CERTIFICATE_RENEWAL_DAYS) * DAY;
  second = open_certificate (fixture, NULL);
  g_assert_false (g_tls_certificate_is_same (neko_certificate_get_tls (first),
                                             neko_certificate_get_tls (second)));
  assert_key_id (second, id);
  parsed = parse (second);
  g_assert_cmpint (gnutls_x509_crt_get_expiration_time (parsed), ==,
                   now + (gint64) NEKO_SELF_SIGNED_DAYS * DAY);
  gnutls_x509_crt_deinit (parsed);
}


static void
count_cb (NekoCertificate *certificate,
          unsigned        *count)
{
  ++*count;
}


/* While the program runs, too; the timer sees to it. */
static void
test_renewed_while_in_use (Fixture      *fixture,
                           gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);
  g_autofree char *before = neko_certificate_dup_fingerprint (certificate);
  g_autofree char *after = NULL;
  unsigned changes = 0;

  g_signal_connect (certificate, "changed", G_CALLBACK (count_cb), &changes);
  now += (gint64) (NEKO_SELF_SIGNED_DAYS - NEKO_CERTIFICATE_RENEWAL_DAYS) * DAY - 1;
  neko_certificate_keep (certificate, TRUE);
  g_assert_cmpuint (changes, ==, 0);
  now++;

  while (changes == 0)
    g_main_context_iteration (NULL, TRUE);

  after = neko_certificate_dup_fingerprint (certificate);
  g_assert_cmpstr (before, !=, after);
}


static void
test_no_timer_without_use (Fixture      *fixture,
                           gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);

  neko_certificate_keep (certificate, TRUE);
  g_assert_nonnull (g_main_context_find_source_by_user_data (NULL, certificate));
  neko_certificate_keep (certificate, FALSE);
  g_assert_null (g_main_context_find_source_by_user_data (NULL, certificate));
}


/* An address that the user chooses gets into it with the same key, and stays in it. */
static void
test_other_address (Fixture      *fixture,
                    gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);
  g_autofree char *first = neko_certificate_dup_fingerprint (certificate);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_auto (GStrv) names = NULL;
  char id[32];

  get_key_id (certificate, id);
  g_assert_true (neko_certificate_open (certificate, "192.0.2.7", NULL));
  second = neko_certificate_dup_fingerprint (certificate);
  g_assert_cmpstr (first, !=, second);
  assert_key_id (certificate, id);
  names = neko_certificate_dup_names (certificate);
  g_assert_true (g_strv_contains ((const char *const *) names, "192.0.2.7"));
  g_assert_true (g_strv_contains ((const char *const *) names, g_get_host_name ()));

  g_assert_true (neko_certificate_open (certificate, "0.0.0.0", NULL));
  g_assert_true (neko_certificate_open (certificate, NULL, NULL));
  third = neko_certificate_dup_fingerprint (certificate);
  g_assert_cmpstr (second, ==, third);
}


static void
test_unusable_is_left_alone (Fixture      *fixture,
                             gconstpointer user_data)
{
  g_autoptr (NekoSecret) one = neko_self_signed_make (NULL, (const char *[]) { NULL }, START, NULL);
  g_autoptr (NekoSecret) two = neko_self_signed_make (NULL, (const char *[]) { NULL }, START, NULL);
  g_autofree char *of_another_key = g_strdup_printf ("%.*s%s", (int) (strstr (one, "-----BEGIN CERT") - one),
                                                     one, strstr (two, "-----BEGIN CERT"));
  const char *texts[] = { "", "no certificate", strstr (one, "-----BEGIN CERT"), of_another_key };

  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (NekoCertificate) certificate = new_certificate (fixture);
    g_autoptr (GError) error = NULL;
    g_autofree char *after = NULL;

    g_assert_true (g_file_set_contents_full (fixture->path, texts[i], -1, 0, 0600, NULL));
    g_assert_false (neko_certificate_open (certificate, NULL, &error));
    g_assert_nonnull (strstr (error->message, fixture->path));
    g_assert_null (neko_certificate_get_tls (certificate));
    g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
    g_assert_cmpstr (after, ==, texts[i]);
  }
}


/* A key that others can read is no secret. */
static void
test_readable_by_others (Fixture      *fixture,
                         gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_chmod (fixture->path, 0644), ==, 0);
  g_assert_false (neko_certificate_open (certificate, NULL, &error));
  g_assert_nonnull (strstr (error->message, "chmod 600"));
  g_assert_nonnull (neko_certificate_get_tls (certificate));
}


/* As a user's own authority would make one: other names, and it ended long ago. */
static NekoSecret *
make_foreign (void)
{
  g_autoptr (NekoSecret) ours = neko_self_signed_make (NULL, (const char *[]) { NULL }, START, NULL);
  gnutls_datum_t text = { (unsigned char *) ours, strlen (ours) };
  gnutls_datum_t exported;
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t made;
  NekoSecret *pem;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_crt_init (&made);
  g_assert_cmpint (gnutls_x509_privkey_import (key, &text, GNUTLS_X509_FMT_PEM), ==, 0);
  gnutls_x509_crt_set_version (made, 3);
  gnutls_x509_crt_set_serial (made, "1", 1);
  gnutls_x509_crt_set_dn (made, "CN=mail.neko.test", NULL);
  gnutls_x509_crt_set_issuer_dn (made, "CN=mail.neko.test", NULL);
  gnutls_x509_crt_set_activation_time (made, START - 2 * DAY);
  gnutls_x509_crt_set_expiration_time (made, START - DAY);
  gnutls_x509_crt_set_key (made, key);
  g_assert_cmpint (gnutls_x509_crt_sign2 (made, made, key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (made, GNUTLS_X509_FMT_PEM, &exported), ==, 0);
  pem = g_strdup_printf ("%.*s%.*s", (int) (strstr (ours, "-----BEGIN CERT") - ours), ours,
                         (int) exported.size, (const char *) exported.data);
  gnutls_free (exported.data);
  gnutls_x509_crt_deinit (made);
  gnutls_x509_privkey_deinit (key);

  return pem;
}


static void
test_of_the_user (Fixture      *fixture,
                  gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = NULL;
  g_autoptr (NekoSecret) text = make_foreign ();
  g_autofree char *after = NULL;

  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (fixture->path, text, -1, 0, 0600, NULL));
  certificate = open_certificate (fixture, "192.0.2.7");
  g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, text);
  neko_certificate_keep (certificate, TRUE);
  g_assert_null (g_main_context_find_source_by_user_data (NULL, certificate));
}


/* The user moves it away and puts another one there, which is not written over. */
static void
test_replaced_while_in_use (Fixture      *fixture,
                            gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = open_certificate (fixture, NULL);
  g_autofree char *before = neko_certificate_dup_fingerprint (certificate);
  g_autofree char *moved = g_strconcat (fixture->path, ".old", NULL);
  g_autoptr (NekoSecret) text = make_foreign ();
  g_autofree char *after = NULL;
  g_autofree char *content = NULL;
  unsigned changes = 0;

  g_signal_connect (certificate, "changed", G_CALLBACK (count_cb), &changes);
  neko_certificate_keep (certificate, TRUE);
  g_assert_cmpint (g_rename (fixture->path, moved), ==, 0);
  g_assert_true (g_file_set_contents_full (fixture->path, text, -1, 0, 0600, NULL));

  while (changes == 0)
    g_main_context_iteration (NULL, TRUE);

  after = neko_certificate_dup_fingerprint (certificate);
  g_assert_cmpstr (before, !=, after);
  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, text);
  g_remove (moved);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *path;
    void        (*func) (Fixture      *fixture,
                         gconstpointer user_data);
  } tests[] = {
    { "/service/certificate/contents",               test_contents               },
    { "/service/certificate/fingerprint",            test_fingerprint            },
    { "/service/certificate/stays",                  test_stays                  },
    { "/service/certificate/two-differ",             test_two_differ             },
    { "/service/certificate/renewed",                test_renewed                },
    { "/service/certificate/renewed-while-in-use",   test_renewed_while_in_use   },
    { "/service/certificate/replaced-while-in-use",  test_replaced_while_in_use  },
    { "/service/certificate/no-timer-without-use",   test_no_timer_without_use   },
    { "/service/certificate/other-address",          test_other_address          },
    { "/service/certificate/unusable-is-left-alone", test_unusable_is_left_alone },
    { "/service/certificate/readable-by-others",     test_readable_by_others     },
    { "/service/certificate/of-the-user",            test_of_the_user            },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
