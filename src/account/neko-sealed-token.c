/* neko-sealed-token.c - a token that only who has a secret can read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sealed-token.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "neko-account-error.h"

/* AES-256-GCM under a key that HKDF makes of the secret. Text is base64 of the nonce, what was encrypted, and the
 * tag. */
#define KEY_SIZE 32
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define PURPOSE "io.github.nekomail.Token 1"

/* Longer than any token; what is read from a file may be anything. */
#define SIZE_LIMIT 65536

typedef struct {
  gnutls_aead_cipher_hd_t handle;
} Cipher;


static gboolean
cipher_init (Cipher *self,
             GBytes *secret)
{
  unsigned char extracted[KEY_SIZE];
  unsigned char key[KEY_SIZE];
  gsize length;
  const void *data = g_bytes_get_data (secret, &length);
  const gnutls_datum_t input = { (unsigned char *) data, length };
  const gnutls_datum_t no_salt = { NULL, 0 };
  const gnutls_datum_t purpose = { (unsigned char *) PURPOSE, strlen (PURPOSE) };
  const gnutls_datum_t middle = { extracted, sizeof extracted };
  const gnutls_datum_t result = { key, sizeof key };
  gboolean is_good = gnutls_hkdf_extract (GNUTLS_MAC_SHA256, &input, &no_salt, extracted) >= 0 &&
                     gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &middle, &purpose, key, sizeof key) >= 0 &&
                     gnutls_aead_cipher_init (&self->handle, GNUTLS_CIPHER_AES_256_GCM, &result) >= 0;

  neko_secret_wipe (extracted, sizeof extracted);
  neko_secret_wipe (key, sizeof key);

  return is_good;
}


static char *
seal (Cipher     *cipher,
      const char *name,
      const char *token)
{
  size_t length = strlen (token) + TAG_SIZE;
  g_autofree unsigned char *sealed = g_malloc (NONCE_SIZE + length);

  if (!neko_secret_random (sealed, NONCE_SIZE, NULL) ||
      gnutls_aead_cipher_encrypt (cipher->handle, sealed, NONCE_SIZE, name, strlen (name), TAG_SIZE, token,
                                  strlen (token), sealed + NONCE_SIZE, &length) < 0)
    return NULL;

  return g_base64_encode (sealed, NONCE_SIZE + length);
}


static NekoSecret *
unseal (Cipher              *cipher,
        const char          *name,
        const unsigned char *data,
        gsize                size)
{
  size_t length = size - NONCE_SIZE - TAG_SIZE;
  g_autoptr (NekoSecret) token = g_malloc0 (length + TAG_SIZE + 1);

  if (gnutls_aead_cipher_decrypt (cipher->handle, data, NONCE_SIZE, name, strlen (name), TAG_SIZE, data + NONCE_SIZE,
                                  size - NONCE_SIZE, token, &length) < 0)
    return NULL;

  return g_steal_pointer (&token);
}


/**
 * neko_sealed_token_new:
 * @name: whose token it is; it opens under no other name
 *
 * Returns: (transfer full): text that tells nothing without @secret, or %NULL with @error set
 */
char *
neko_sealed_token_new (GBytes     *secret,
                       const char *name,
                       const char *token,
                       GError    **error)
{
  Cipher cipher;
  char *sealed = NULL;

  if (cipher_init (&cipher, secret)) {
    sealed = seal (&cipher, name, token);
    gnutls_aead_cipher_deinit (cipher.handle);
  }

  if (sealed == NULL)
    g_set_error_literal (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED, "The token cannot be encrypted");

  return sealed;
}


/**
 * neko_sealed_token_open:
 *
 * Returns: (transfer full): the token, or %NULL with @error set: to %NEKO_ACCOUNT_ERROR_NO_TOKEN where it was sealed with
 *   another secret or for another name, or changed since
 */
NekoSecret *
neko_sealed_token_open (GBytes     *secret,
                        const char *name,
                        const char *sealed,
                        GError    **error)
{
  gsize size = 0;
  g_autofree unsigned char *data = strlen (sealed) < SIZE_LIMIT ? g_base64_decode (sealed, &size) : NULL;
  Cipher cipher;
  NekoSecret *token = NULL;

  if (!cipher_init (&cipher, secret)) {
    g_set_error_literal (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED, "The token cannot be decrypted");
    return NULL;
  }

  if (size > NONCE_SIZE + TAG_SIZE)
    token = unseal (&cipher, name, data, size);

  gnutls_aead_cipher_deinit (cipher.handle);

  if (token == NULL)
    g_set_error_literal (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN,
                         "The keyring cannot open the token of this account any more; sign in again");

  return token;
}
