/* neko-self-signed.c - makes a certificate that its own key signs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-self-signed.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define DAY (24 * 60 * 60)
#define SERIAL_SIZE 16
#define KEY_ID_SIZE 32

typedef struct gnutls_x509_privkey_int PrivateKey;
typedef struct gnutls_x509_crt_int Certificate;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrivateKey, gnutls_x509_privkey_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)


static gboolean
check (int      result,
       GError **error)
{
  if (result >= 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No certificate could be made: %s",
               gnutls_strerror (result));

  return FALSE;
}


static PrivateKey *
open_key (const char *pem,
          GError    **error)
{
  g_autoptr (PrivateKey) key = NULL;
  gnutls_datum_t text = { (unsigned char *) pem, strlen (pem) };

  gnutls_x509_privkey_init (&key);

  if (!check (gnutls_x509_privkey_import2 (key, &text, GNUTLS_X509_FMT_PEM, NULL, 0), error))
    return NULL;

  return g_steal_pointer (&key);
}


static PrivateKey *
make_key (GError **error)
{
  g_autoptr (PrivateKey) key = NULL;

  gnutls_x509_privkey_init (&key);

  if (!check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
              error))
    return NULL;

  return g_steal_pointer (&key);
}


static int
add_name (Certificate *certificate,
          const char  *name)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (name);

  if (address == NULL)
    return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                 strlen (name), GNUTLS_FSAN_APPEND);

  return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS,
                                               g_inet_address_to_bytes (address),
                                               g_inet_address_get_native_size (address),
                                               GNUTLS_FSAN_APPEND);
}


static gboolean
add_names (Certificate       *certificate,
           const char *const *names,
           GError           **error)
{
  for (size_t i = 0; names[i] != NULL; i++) {
    if (!check (add_name (certificate, names[i]), error))
      return FALSE;
  }

  return TRUE;
}


static gboolean
add_identity (Certificate *certificate,
              GError     **error)
{
  unsigned char serial[SERIAL_SIZE];
  unsigned char id[KEY_ID_SIZE];
  size_t id_size = sizeof id;

  if (!check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), error))
    return FALSE;

  /* RFC 5280 section 4.1.2.2: a positive number, so the first bit is 0 and not all are. */
  serial[0] = (serial[0] & 0x7f) | 0x40;

  return check (gnutls_x509_crt_set_version (certificate, 3), error) &&
         check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), error) &&
         check (gnutls_x509_crt_set_dn (certificate, NEKO_SELF_SIGNED_SUBJECT, NULL), error) &&
         check (gnutls_x509_crt_set_issuer_dn (certificate, NEKO_SELF_SIGNED_SUBJECT, NULL), error) &&
         check (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA1, id, &id_size),
                error) &&
         check (gnutls_x509_crt_set_subject_key_id (certificate, id, id_size), error);
}


/* It is good for being this server and for nothing else: whoever trusts it trusts no other
 * certificate by it.  It begins yesterday for the sake of clocks that are behind. */
static gboolean
add_limits (Certificate *certificate,
            gint64       now,
            GError     **error)
{
  time_t end = now + (gint64) NEKO_SELF_SIGNED_DAYS * DAY;

  return check (gnutls_x509_crt_set_activation_time (certificate, now - DAY), error) &&
         check (gnutls_x509_crt_set_expiration_time (certificate, end), error) &&
         check (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1), error) &&
         check (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE), error) &&
         check (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0),
                error);
}


static NekoSecret *
to_pem (PrivateKey  *key,
        Certificate *certificate,
        GError     **error)
{
  gnutls_datum_t key_text = { 0 };
  gnutls_datum_t certificate_text = { 0 };
  NekoSecret *pem = NULL;

  if (check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                &key_text), error) &&
      check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &certificate_text), error))
    pem = g_strdup_printf ("%.*s%.*s", (int) key_text.size, (const char *) key_text.data,
                           (int) certificate_text.size, (const char *) certificate_text.data);

  neko_secret_wipe (key_text.data, key_text.size);
  gnutls_free (key_text.data);
  gnutls_free (certificate_text.data);

  return pem;
}


/**
 * neko_self_signed_make:
 * @key: (nullable): text with a private key in PEM to use again, %NULL to make one
 * @names: (array zero-terminated=1): host names and IP addresses of the server
 * @now: what time it is, in seconds since 1970
 *
 * GLib reads certificates but makes none, so this asks GnuTLS, which is what GLib's TLS is made of.
 * The key is EC P-256: it is made in a millisecond, and there is no client of TLS 1.2 without it.
 *
 * Returns: (transfer full): the key and the certificate in PEM, or %NULL with @error set
 */
NekoSecret *
neko_self_signed_make (const char        *key,
                       const char *const *names,
                       gint64             now,
                       GError           **error)
{
  g_autoptr (PrivateKey) private_key = key != NULL ? open_key (key, error)
                                                     : make_key (error);
  g_autoptr (Certificate) certificate = NULL;

  g_return_val_if_fail (names != NULL, NULL);

  if (private_key == NULL)
    return NULL;

  gnutls_x509_crt_init (&certificate);

  if (!check (gnutls_x509_crt_set_key (certificate, private_key), error) ||
      !add_identity (certificate, error) ||
      !add_limits (certificate, now, error) ||
      !add_names (certificate, names, error) ||
      !check (gnutls_x509_crt_sign2 (certificate, certificate, private_key, GNUTLS_DIG_SHA256, 0),
              error))
    return NULL;

  return to_pem (private_key, certificate, error);
}


/**
 * neko_self_signed_has_key:
 * @pem: a certificate and a private key
 *
 * Returns: whether the key is the certificate's; GLib would notice only when a client comes
 */
gboolean
neko_self_signed_has_key (const char *pem)
{
  g_autoptr (PrivateKey) key = open_key (pem, NULL);
  g_autoptr (Certificate) certificate = NULL;
  gnutls_datum_t text = { (unsigned char *) pem, strlen (pem) };
  unsigned char of_key[KEY_ID_SIZE];
  unsigned char of_certificate[KEY_ID_SIZE];
  size_t key_size = sizeof of_key;
  size_t certificate_size = sizeof of_certificate;

  if (key == NULL)
    return FALSE;

  gnutls_x509_crt_init (&certificate);

  return gnutls_x509_crt_import (certificate, &text, GNUTLS_X509_FMT_PEM) >= 0 &&
         gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, of_key, &key_size) >= 0 &&
         gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, of_certificate,
                                     &certificate_size) >= 0 &&
         memcmp (of_key, of_certificate, sizeof of_key) == 0;
}
