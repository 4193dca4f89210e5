/* neko-bridge-password.c - a password for one mail program, made by us and kept as a hash
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-bridge-password.h"

#include <stdint.h>
#include <string.h>

#include "neko-account-error.h"

#define SALT_SIZE 16
#define HASH_SIZE 32

/* 32 characters that are not mistaken for each other, so that one is five bits. */
static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";

G_STATIC_ASSERT (sizeof alphabet == 32 + 1);
G_STATIC_ASSERT (NEKO_BRIDGE_PASSWORD_LENGTH * 5 >= 120);

struct _NekoBridgePassword {
  char   *name;
  uint8_t salt[SALT_SIZE];
  uint8_t hash[HASH_SIZE];
};


void
neko_bridge_password_free (NekoBridgePassword *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self);
}


/* The password has 120 random bits, so nobody tries them all: one SHA-256 is enough, and a log-in
 * stays under a millisecond. */
static void
compute_hash (const NekoBridgePassword *self,
              const char               *password,
              uint8_t                  *hash)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = HASH_SIZE;

  g_checksum_update (checksum, self->salt, SALT_SIZE);
  g_checksum_update (checksum, (const guchar *) password, strlen (password));
  g_checksum_get_digest (checksum, hash, &length);
}


static gboolean
is_name_valid (const char *name)
{
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL) ||
      g_utf8_strlen (name, -1) > NEKO_BRIDGE_PASSWORD_NAME_LIMIT)
    return FALSE;

  for (const char *character = name; *character != '\0'; character = g_utf8_next_char (character)) {
    if (g_unichar_iscntrl (g_utf8_get_char (character)))
      return FALSE;
  }

  return TRUE;
}


/**
 * neko_bridge_password_new:
 * @name: for which mail program it is, 1 to %NEKO_BRIDGE_PASSWORD_NAME_LIMIT characters
 * @password: (out) (transfer full): the password itself, which is not kept
 *
 * Returns: (transfer full): a new password, or %NULL with @error set
 */
NekoBridgePassword *
neko_bridge_password_new (const char  *name,
                          NekoSecret **password,
                          GError     **error)
{
  g_autoptr (NekoBridgePassword) self = g_new0 (NekoBridgePassword, 1);
  uint8_t random[NEKO_BRIDGE_PASSWORD_LENGTH];

  if (!is_name_valid (name)) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "A password needs a name of 1 to %d characters", NEKO_BRIDGE_PASSWORD_NAME_LIMIT);
    return NULL;
  }

  if (!neko_secret_random (self->salt, SALT_SIZE, error) ||
      !neko_secret_random (random, sizeof random, error))
    return NULL;

  *password = g_new0 (char, NEKO_BRIDGE_PASSWORD_LENGTH + 1);

  for (size_t i = 0; i < NEKO_BRIDGE_PASSWORD_LENGTH; i++)
    (*password)[i] = alphabet[random[i] % 32];

  neko_secret_wipe (random, sizeof random);
  self->name = g_strdup (name);
  compute_hash (self, *password, self->hash);

  return g_steal_pointer (&self);
}


static gboolean
decode (const char *text,
        uint8_t    *bytes,
        size_t      size)
{
  gsize length;
  g_autofree guchar *decoded = g_base64_decode (text, &length);

  if (length != size)
    return FALSE;

  memcpy (bytes, decoded, size);

  return TRUE;
}


/**
 * neko_bridge_password_parse:
 * @text: what neko_bridge_password_to_string() made
 *
 * Returns: (transfer full) (nullable): %NULL where it did not
 */
NekoBridgePassword *
neko_bridge_password_parse (const char *text)
{
  g_autoptr (NekoBridgePassword) self = g_new0 (NekoBridgePassword, 1);
  g_auto (GStrv) fields = g_strsplit (text, ":", 3);

  if (g_strv_length (fields) != 3 || !is_name_valid (fields[2]) ||
      !decode (fields[0], self->salt, SALT_SIZE) || !decode (fields[1], self->hash, HASH_SIZE))
    return NULL;

  self->name = g_strdup (fields[2]);

  return g_steal_pointer (&self);
}


/**
 * neko_bridge_password_to_string:
 *
 * Returns: (transfer full): salt, hash and name; nothing of it is secret
 */
char *
neko_bridge_password_to_string (const NekoBridgePassword *self)
{
  g_autofree char *salt = g_base64_encode (self->salt, SALT_SIZE);
  g_autofree char *hash = g_base64_encode (self->hash, HASH_SIZE);

  return g_strdup_printf ("%s:%s:%s", salt, hash, self->name);
}


const char *
neko_bridge_password_get_name (const NekoBridgePassword *self)
{
  return self->name;
}


/**
 * neko_bridge_password_verify:
 *
 * Returns: whether @password is it, found in constant time
 */
gboolean
neko_bridge_password_verify (const NekoBridgePassword *self,
                             const char               *password)
{
  uint8_t hash[HASH_SIZE];

  compute_hash (self, password, hash);

  return neko_secret_equal (hash, self->hash, HASH_SIZE);
}
