/* neko-account.c - an account, as it is kept on this computer: no secret in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account.h"

#include <string.h>

#include "neko-account-error.h"
#include "neko-uri.h"

struct _NekoAccount {
  GObject    parent_instance;

  char      *address;
  char      *url;
  GPtrArray *passwords; /* NekoBridgePassword */
};

G_DEFINE_FINAL_TYPE (NekoAccount, neko_account, G_TYPE_OBJECT)

enum {
  PASSWORDS_CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


/* What a log-in can name and the accounts file can hold as the name of a group. */
static gboolean
is_address (const char *address)
{
  const char *at = strrchr (address, '@');

  if (at == NULL || at == address || at[1] == '\0' || strlen (address) > NEKO_ACCOUNT_ADDRESS_LIMIT)
    return FALSE;

  for (; *address != '\0'; address++) {
    if (!g_ascii_isgraph (*address) || strchr ("[]<>()\"\\,;:", *address) != NULL)
      return FALSE;
  }

  return TRUE;
}


static gboolean
is_url (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return neko_uri_is_safe (uri);
}


/**
 * neko_account_new:
 * @address: the mail address that mail programs log in with
 * @url: where the Worker is: https, or http on this computer
 *
 * Returns: (transfer full): an account without passwords, or %NULL with @error set
 */
NekoAccount *
neko_account_new (const char *address,
                  const char *url,
                  GError    **error)
{
  NekoAccount *self;

  if (!is_address (address)) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "“%s” is no mail address", address);
    return NULL;
  }

  if (!is_url (url)) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "“%s” is no address of a Worker: it begins with https://", url);
    return NULL;
  }

  self = g_object_new (NEKO_TYPE_ACCOUNT, NULL);
  self->address = g_ascii_strdown (address, -1);
  self->url = g_strdup (url);

  return self;
}


const char *
neko_account_get_address (NekoAccount *self)
{
  return self->address;
}


const char *
neko_account_get_url (NekoAccount *self)
{
  return self->url;
}


static size_t
get_length_without_slashes (const char *path)
{
  size_t length = strlen (path);

  while (length > 0 && path[length - 1] == '/')
    length--;

  return length;
}


/**
 * neko_account_is_at:
 *
 * Returns: whether @url leads to the account's Worker, be it spelled another way: in capitals, with a
 *   slash at its end, with the port that it has anyway
 */
gboolean
neko_account_is_at (NekoAccount *self,
                    const char  *url)
{
  g_autoptr (GUri) first = g_uri_parse (self->url, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  g_autoptr (GUri) second = g_uri_parse (url, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  size_t length;

  if (first == NULL || second == NULL ||
      !g_str_equal (g_uri_get_scheme (first), g_uri_get_scheme (second)) ||
      g_uri_get_port (first) != g_uri_get_port (second) ||
      g_ascii_strcasecmp (g_uri_get_host (first), g_uri_get_host (second)) != 0)
    return FALSE;

  length = get_length_without_slashes (g_uri_get_path (first));

  return length == get_length_without_slashes (g_uri_get_path (second)) &&
         strncmp (g_uri_get_path (first), g_uri_get_path (second), length) == 0;
}


/**
 * neko_account_get_passwords:
 *
 * Returns: (element-type NekoBridgePassword): the bridge passwords, oldest first
 */
GPtrArray *
neko_account_get_passwords (NekoAccount *self)
{
  return self->passwords;
}


static NekoBridgePassword *
find_password (NekoAccount *self,
               const char  *name)
{
  for (guint i = 0; i < self->passwords->len; i++) {
    NekoBridgePassword *password = g_ptr_array_index (self->passwords, i);

    if (g_str_equal (neko_bridge_password_get_name (password), name))
      return password;
  }

  return NULL;
}


/**
 * neko_account_add_password:
 * @password: (transfer full): freed where it cannot be added
 */
gboolean
neko_account_add_password (NekoAccount        *self,
                           NekoBridgePassword *password,
                           GError            **error)
{
  g_autoptr (NekoBridgePassword) owned = password;

  if (find_password (self, neko_bridge_password_get_name (owned)) != NULL) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_EXISTS,
                 "There is a password named “%s” already; choose another name",
                 neko_bridge_password_get_name (owned));
    return FALSE;
  }

  if (self->passwords->len >= NEKO_ACCOUNT_PASSWORD_LIMIT) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_LIMIT,
                 "An account has %d passwords at most; remove one first",
                 NEKO_ACCOUNT_PASSWORD_LIMIT);
    return FALSE;
  }

  g_ptr_array_add (self->passwords, g_steal_pointer (&owned));
  g_signal_emit (self, signals[PASSWORDS_CHANGED], 0);

  return TRUE;
}


/**
 * neko_account_remove_password:
 *
 * Returns: whether there was one of that name
 */
gboolean
neko_account_remove_password (NekoAccount *self,
                              const char  *name)
{
  NekoBridgePassword *password = find_password (self, name);

  if (password == NULL)
    return FALSE;

  g_ptr_array_remove (self->passwords, password);
  g_signal_emit (self, signals[PASSWORDS_CHANGED], 0);

  return TRUE;
}


/**
 * neko_account_take_passwords:
 * @other: the same account, read again; it is left without
 *
 * Replaces all passwords by those of @other.
 */
void
neko_account_take_passwords (NekoAccount *self,
                             NekoAccount *other)
{
  g_ptr_array_set_size (self->passwords, 0);
  g_ptr_array_extend_and_steal (self->passwords, g_steal_pointer (&other->passwords));
  other->passwords = g_ptr_array_new_with_free_func ((GDestroyNotify) neko_bridge_password_free);
  g_signal_emit (self, signals[PASSWORDS_CHANGED], 0);
}


/**
 * neko_account_match_password:
 *
 * Returns: (nullable): the one of the account's bridge passwords that @password is
 */
const NekoBridgePassword *
neko_account_match_password (NekoAccount *self,
                             const char  *password)
{
  const NekoBridgePassword *match = NULL;

  /* All of them, so that the time does not tell which one it was. */
  for (guint i = 0; i < self->passwords->len; i++) {
    if (neko_bridge_password_verify (g_ptr_array_index (self->passwords, i), password))
      match = g_ptr_array_index (self->passwords, i);
  }

  return match;
}


/**
 * neko_account_verify_password:
 *
 * Returns: whether @password is one of the account's bridge passwords
 */
gboolean
neko_account_verify_password (NekoAccount *self,
                              const char  *password)
{
  return neko_account_match_password (self, password) != NULL;
}


static void
neko_account_finalize (GObject *object)
{
  NekoAccount *self = NEKO_ACCOUNT (object);

  g_free (self->address);
  g_free (self->url);
  g_ptr_array_unref (self->passwords);

  G_OBJECT_CLASS (neko_account_parent_class)->finalize (object);
}


static void
neko_account_class_init (NekoAccountClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_account_finalize;

  /**
   * NekoAccount::passwords-changed:
   *
   * There are other bridge passwords than before.
   */
  signals[PASSWORDS_CHANGED] = g_signal_new ("passwords-changed", G_TYPE_FROM_CLASS (klass),
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_account_init (NekoAccount *self)
{
  self->passwords = g_ptr_array_new_with_free_func ((GDestroyNotify) neko_bridge_password_free);
}
