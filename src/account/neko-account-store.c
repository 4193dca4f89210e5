/* neko-account-store.c - the accounts of this user, in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-store.h"

#include <errno.h>
#include <glib/gstdio.h>

#define FILE_NAME "accounts.ini"

struct _NekoAccountStore {
  GObject     parent_instance;

  char       *folder;
  char       *path;
  char       *digest;   /* (nullable): of the file as we know it; there is none yet */
  GListStore *accounts; /* NekoAccount */
};

G_DEFINE_FINAL_TYPE (NekoAccountStore, neko_account_store, G_TYPE_OBJECT)


static void
write_account (GKeyFile    *file,
               NekoAccount *account)
{
  GPtrArray *passwords = neko_account_get_passwords (account);
  g_auto (GStrv) texts = g_new0 (char *, passwords->len + 1);

  for (guint i = 0; i < passwords->len; i++)
    texts[i] = neko_bridge_password_to_string (g_ptr_array_index (passwords, i));

  g_key_file_set_string (file, neko_account_get_address (account), "url",
                         neko_account_get_url (account));
  g_key_file_set_string_list (file, neko_account_get_address (account), "passwords",
                              (const char *const *) texts, passwords->len);
}


static char *
dup_digest (NekoAccountStore *self)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, NULL))
    return NULL;

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
}


/* What another program wrote since, a password that was revoked perhaps, must not be undone. */
static gboolean
check_unchanged (NekoAccountStore *self,
                 GError          **error)
{
  g_autofree char *digest = dup_digest (self);

  if (g_strcmp0 (digest, self->digest) == 0)
    return TRUE;

  g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CHANGED,
               "%s was changed by another program; restart Neko Mail and try again", self->path);

  return FALSE;
}


/* Writes the file: whole, and on the disk when this returns.  It has a few kilobytes and is written
 * when a person changes something, so there is nothing to gain by doing it asynchronously, and a
 * change that is known to be written is simple to reason about. */
static gboolean
save (NekoAccountStore *self,
      GError          **error)
{
  GListModel *accounts = G_LIST_MODEL (self->accounts);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    write_account (file, account);
  }

  text = g_key_file_to_data (file, &length, NULL);

  if (g_mkdir_with_parents (self->folder, 0700) < 0) {
    int reason = errno;

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason),
                 "Cannot make the folder %s: %s", self->folder, g_strerror (reason));
    return FALSE;
  }

  if (!check_unchanged (self, error) ||
      !g_file_set_contents_full (self->path, text, length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, error))
    return FALSE;

  g_free (self->digest);
  self->digest = dup_digest (self);

  return TRUE;
}


static gboolean
read_account (NekoAccountStore *self,
              GKeyFile         *file,
              const char       *address,
              GError          **error)
{
  g_autofree char *url = g_key_file_get_string (file, address, "url", error);
  g_auto (GStrv) passwords = NULL;
  g_autoptr (NekoAccount) account = NULL;

  if (url == NULL)
    return FALSE;

  account = neko_account_new (address, url, error);

  if (account == NULL)
    return FALSE;

  passwords = g_key_file_get_string_list (file, address, "passwords", NULL, NULL);

  for (size_t i = 0; passwords != NULL && passwords[i] != NULL; i++) {
    NekoBridgePassword *password = neko_bridge_password_parse (passwords[i]);

    if (password == NULL) {
      g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CORRUPT,
                   "A password of %s is malformed", address);
      return FALSE;
    }

    if (!neko_account_add_password (account, password, error))
      return FALSE;
  }

  g_list_store_append (self->accounts, account);

  return TRUE;
}


static gboolean
load (NekoAccountStore *self,
      GError          **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) addresses = NULL;

  g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, &reason);

  /* No file, no accounts. */
  if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;

  self->digest = dup_digest (self);
  addresses = g_key_file_get_groups (file, NULL);

  for (size_t i = 0; reason == NULL && addresses[i] != NULL; i++)
    read_account (self, file, addresses[i], &reason);

  if (reason == NULL)
    return TRUE;

  g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CORRUPT,
               "%s cannot be read: %s. Mend it, or move it away and add the accounts again",
               self->path, reason->message);

  return FALSE;
}


/**
 * neko_account_store_open:
 * @folder: where the file is; made when something is written
 *
 * Returns: (transfer full): the accounts, none where there is no file yet; or %NULL with @error set
 *   where there is one that cannot be read, which is then left as it is
 */
NekoAccountStore *
neko_account_store_open (const char *folder,
                         GError    **error)
{
  g_autoptr (NekoAccountStore) self = g_object_new (NEKO_TYPE_ACCOUNT_STORE, NULL);

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, FILE_NAME, NULL);

  return load (self, error) ? g_steal_pointer (&self) : NULL;
}


/**
 * neko_account_store_get_accounts:
 *
 * Returns: a list of #NekoAccount
 */
GListModel *
neko_account_store_get_accounts (NekoAccountStore *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_STORE (self), NULL);

  return G_LIST_MODEL (self->accounts);
}


/**
 * neko_account_store_find:
 *
 * Returns: (nullable): the account of that address, compared without case
 */
NekoAccount *
neko_account_store_find (NekoAccountStore *self,
                         const char       *address)
{
  GListModel *accounts = neko_account_store_get_accounts (self);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    /* The list holds it on. */
    if (g_ascii_strcasecmp (neko_account_get_address (account), address) == 0)
      return account;
  }

  return NULL;
}


/**
 * neko_account_store_add:
 *
 * Adds an account; one that cannot be written is not added.
 *
 * Returns: the new account, or %NULL with @error set
 */
NekoAccount *
neko_account_store_add (NekoAccountStore *self,
                        const char       *address,
                        const char       *url,
                        GError          **error)
{
  g_autoptr (NekoAccount) account = neko_account_new (address, url, error);
  guint position;

  g_return_val_if_fail (NEKO_IS_ACCOUNT_STORE (self), NULL);

  if (account == NULL)
    return NULL;

  if (neko_account_store_find (self, address) != NULL) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_EXISTS,
                 "There is an account %s already", address);
    return NULL;
  }

  position = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));

  if (position >= NEKO_ACCOUNT_STORE_LIMIT) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_LIMIT,
                 "There are %d accounts at most; remove one first", NEKO_ACCOUNT_STORE_LIMIT);
    return NULL;
  }

  g_list_store_append (self->accounts, account);

  if (save (self, error))
    return account;

  g_list_store_remove (self->accounts, position);

  return NULL;
}


/**
 * neko_account_store_remove:
 *
 * Forgets an account on this computer. Its mail stays on the Worker.
 */
gboolean
neko_account_store_remove (NekoAccountStore *self,
                           NekoAccount      *account,
                           GError          **error)
{
  g_autoptr (NekoAccount) kept = g_object_ref (account);
  guint position;

  g_return_val_if_fail (NEKO_IS_ACCOUNT_STORE (self), FALSE);
  g_return_val_if_fail (g_list_store_find (self->accounts, account, &position), FALSE);

  g_list_store_remove (self->accounts, position);

  if (save (self, error))
    return TRUE;

  g_list_store_insert (self->accounts, position, kept);

  return FALSE;
}


/**
 * neko_account_store_add_password:
 * @name: for which mail program
 *
 * Makes a bridge password.
 *
 * Returns: (transfer full): the password, which is not kept, or %NULL with @error set
 */
NekoSecret *
neko_account_store_add_password (NekoAccountStore *self,
                                 NekoAccount      *account,
                                 const char       *name,
                                 GError          **error)
{
  g_autoptr (NekoSecret) secret = NULL;
  NekoBridgePassword *password = neko_bridge_password_new (name, &secret, error);

  if (password == NULL || !neko_account_add_password (account, password, error))
    return NULL;

  if (save (self, error))
    return g_steal_pointer (&secret);

  neko_account_remove_password (account, name);

  return NULL;
}


/**
 * neko_account_store_remove_password:
 *
 * Revokes a bridge password. The mail program that uses it cannot log in any more. Where that cannot
 * be written, @error says so, and the password is back after a restart.
 */
gboolean
neko_account_store_remove_password (NekoAccountStore *self,
                                    NekoAccount      *account,
                                    const char       *name,
                                    GError          **error)
{
  if (!neko_account_remove_password (account, name)) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "There is no password named “%s”", name);
    return FALSE;
  }

  return save (self, error);
}


static void
neko_account_store_finalize (GObject *object)
{
  NekoAccountStore *self = NEKO_ACCOUNT_STORE (object);

  g_free (self->folder);
  g_free (self->path);
  g_free (self->digest);
  g_clear_object (&self->accounts);

  G_OBJECT_CLASS (neko_account_store_parent_class)->finalize (object);
}


static void
neko_account_store_class_init (NekoAccountStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_account_store_finalize;
}


static void
neko_account_store_init (NekoAccountStore *self)
{
  self->accounts = g_list_store_new (NEKO_TYPE_ACCOUNT);
}
