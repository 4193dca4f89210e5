/* neko-account-store.c - the accounts of this user, in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "neko-account-file.h"
#include "neko-file-lock.h"
#include "neko-file-watch.h"
#include "neko-log.h"

#define FILE_NAME "accounts.ini"
#define LOCK_NAME "accounts.lock"

/**
 * NekoAccountStore:
 *
 * The file is the truth: each change is made to what is in it at that time, under a lock, so that two
 * programs never undo each other's changes; and what another program writes appears here. It has a few
 * kilobytes and is written when a person changes something, so there is nothing to gain by doing it
 * asynchronously, and a change that is known to be written is simple to reason about.
 */
struct _NekoAccountStore {
  GObject        parent_instance;

  char          *folder;
  char          *path;
  GStatBuf       identity; /* of the file when it was looked at last, zeros for none */
  char          *digest;   /* (nullable): of the file as we know it; there is none yet */
  GListStore    *accounts; /* NekoAccount */
  NekoFileWatch *watch;    /* (nullable): before it is watched */
};

G_DEFINE_FINAL_TYPE (NekoAccountStore, neko_account_store, G_TYPE_OBJECT)


static gboolean
is_same_account (gconstpointer one,
                 gconstpointer other)
{
  NekoAccount *first = (gpointer) one;
  NekoAccount *second = (gpointer) other;

  return g_str_equal (neko_account_get_address (first), neko_account_get_address (second)) &&
         g_str_equal (neko_account_get_url (first), neko_account_get_url (second));
}


/* Accounts that stay are the same objects as before: sessions and windows hold them. */
static void
apply (NekoAccountStore *self,
       GPtrArray        *accounts)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i > 0; i--) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i - 1);

    if (!g_ptr_array_find_with_equal_func (accounts, account, is_same_account, NULL))
      g_list_store_remove (self->accounts, i - 1);
  }

  for (guint i = 0; i < accounts->len; i++) {
    NekoAccount *account = g_ptr_array_index (accounts, i);
    NekoAccount *present = neko_account_store_find (self, neko_account_get_address (account));

    if (present == NULL)
      g_list_store_append (self->accounts, account);
    else
      neko_account_take_passwords (present, account);
  }
}


/* Reads the file where it is another one than before.  No file, no accounts. */
static gboolean
load (NekoAccountStore *self,
      GError          **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  gsize length = 0;

  if (g_file_get_contents (self->path, &text, &length, &reason))
    digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
  else if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_clear_error (&reason);

  if (reason == NULL && g_strcmp0 (digest, self->digest) == 0)
    return TRUE;

  if (reason == NULL)
    accounts = neko_account_file_parse (text, length, &reason);

  if (reason != NULL) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CORRUPT,
                 "%s cannot be read: %s. Mend it, or move it away and add the accounts again",
                 self->path, reason->message);
    return FALSE;
  }

  g_free (self->digest);
  self->digest = g_steal_pointer (&digest);
  apply (self, accounts);

  return TRUE;
}


static gboolean
make_folder (NekoAccountStore *self,
             GError          **error)
{
  int reason;

  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    return TRUE;

  reason = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason),
               "Cannot make the folder %s: %s", self->folder, g_strerror (reason));

  return FALSE;
}


/* Begins a change: from here to the release of the lock nobody else writes. */
static NekoFileLock *
begin (NekoAccountStore *self,
       GError          **error)
{
  g_autofree char *path = g_build_filename (self->folder, LOCK_NAME, NULL);
  g_autoptr (NekoFileLock) lock = make_folder (self, error) ? neko_file_lock_acquire (path, error)
                                                           : NULL;

  if (lock == NULL || !load (self, error))
    return NULL;

  return g_steal_pointer (&lock);
}


/* Writes the file: whole, and on the disk when this returns. */
static gboolean
save (NekoAccountStore *self,
      GError          **error)
{
  gsize length;
  g_autofree char *text = neko_account_file_format (G_LIST_MODEL (self->accounts), &length);

  if (!g_file_set_contents_full (self->path, text, length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, error))
    return FALSE;

  g_free (self->digest);
  self->digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);

  return TRUE;
}


static void
file_changed_cb (NekoAccountStore *self)
{
  g_autoptr (GError) error = NULL;

  /* What was read before goes on to work. */
  if (!load (self, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "accounts-unreadable", error, "The accounts cannot be read");
}


/**
 * neko_account_store_watch:
 *
 * From now on what another program changes appears here by itself.
 */
void
neko_account_store_watch (NekoAccountStore *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (NEKO_IS_ACCOUNT_STORE (self));
  g_return_if_fail (self->watch == NULL);

  /* GLib polls for a folder that is not there. */
  if (!make_folder (self, &error)) {
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "changes-not-seen", error,
                      "What other programs do to the accounts is not seen");
    return;
  }

  self->watch = neko_file_watch_new (self->path);
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (file_changed_cb), self,
                           G_CONNECT_SWAPPED);

  /* Something may have been written since it was read. */
  file_changed_cb (self);
}


/**
 * neko_account_store_refresh:
 *
 * Reads the file where another program changed it and that is not known yet: what is watched comes a moment
 * later. It costs no more than a look at the folder where nothing changed.
 */
void
neko_account_store_refresh (NekoAccountStore *self)
{
  GStatBuf now = { 0 };

  g_return_if_fail (NEKO_IS_ACCOUNT_STORE (self));

  if (g_stat (self->path, &now) != 0)
    memset (&now, 0, sizeof now);

  /* Whoever writes makes a new file, so this is nearly always all that there is to do. */
  if (now.st_ino == self->identity.st_ino && now.st_size == self->identity.st_size &&
      now.st_mtim.tv_sec == self->identity.st_mtim.tv_sec &&
      now.st_mtim.tv_nsec == self->identity.st_mtim.tv_nsec)
    return;

  self->identity = now;
  file_changed_cb (self);
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


static gboolean
check_new (NekoAccountStore *self,
           const char       *address,
           GError          **error)
{
  if (neko_account_store_find (self, address) != NULL) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_EXISTS,
                 "There is an account %s already", address);
    return FALSE;
  }

  if (g_list_model_get_n_items (G_LIST_MODEL (self->accounts)) >= NEKO_ACCOUNT_STORE_LIMIT) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_LIMIT,
                 "There are %d accounts at most; remove one first", NEKO_ACCOUNT_STORE_LIMIT);
    return FALSE;
  }

  return TRUE;
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
  g_autoptr (NekoFileLock) lock = NULL;

  g_return_val_if_fail (NEKO_IS_ACCOUNT_STORE (self), NULL);

  if (account == NULL)
    return NULL;

  lock = begin (self, error);

  if (lock == NULL || !check_new (self, address, error))
    return NULL;

  g_list_store_append (self->accounts, account);

  if (save (self, error))
    return account;

  g_list_store_remove (self->accounts,
                       g_list_model_get_n_items (G_LIST_MODEL (self->accounts)) - 1);

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
  g_autoptr (NekoFileLock) lock = NULL;
  guint position;

  g_return_val_if_fail (NEKO_IS_ACCOUNT_STORE (self), FALSE);

  lock = begin (self, error);

  if (lock == NULL)
    return FALSE;

  /* Another program was faster. */
  if (!g_list_store_find (self->accounts, account, &position))
    return TRUE;

  g_list_store_remove (self->accounts, position);

  if (save (self, error))
    return TRUE;

  g_list_store_insert (self->accounts, position, kept);

  return FALSE;
}


/* Begins a change of an account that another program may have removed. */
static NekoFileLock *
begin_with (NekoAccountStore *self,
            NekoAccount      *account,
            GError          **error)
{
  g_autoptr (NekoAccount) kept = g_object_ref (account);
  g_autoptr (NekoFileLock) lock = begin (self, error);

  if (lock == NULL)
    return NULL;

  if (!g_list_store_find (self->accounts, account, NULL)) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "There is no account %s any more", neko_account_get_address (account));
    return NULL;
  }

  return g_steal_pointer (&lock);
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
  g_autoptr (NekoBridgePassword) password = neko_bridge_password_new (name, &secret, error);
  g_autoptr (NekoFileLock) lock = password != NULL ? begin_with (self, account, error) : NULL;

  if (lock == NULL || !neko_account_add_password (account, g_steal_pointer (&password), error))
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
  g_autoptr (NekoFileLock) lock = begin_with (self, account, error);

  if (lock == NULL)
    return FALSE;

  if (!neko_account_remove_password (account, name)) {
    g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "There is no password named “%s”", name);
    return FALSE;
  }

  return save (self, error);
}


static void
neko_account_store_dispose (GObject *object)
{
  NekoAccountStore *self = NEKO_ACCOUNT_STORE (object);

  g_clear_object (&self->watch);

  G_OBJECT_CLASS (neko_account_store_parent_class)->dispose (object);
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
  G_OBJECT_CLASS (klass)->dispose = neko_account_store_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_account_store_finalize;
}


static void
neko_account_store_init (NekoAccountStore *self)
{
  self->accounts = g_list_store_new (NEKO_TYPE_ACCOUNT);
}
