/* neko-file-token-store.c - tokens in a file, for computers without a keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-file-token-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "neko-file-lock.h"
#include "neko-key-file.h"
#include "neko-private-file.h"

#define SIZE_LIMIT 65536

/* A key file with a group for each account.  It is small and read once for each account, so it is
 * read and written without a thread. */
struct _NekoFileTokenStore {
  GObject  parent_instance;

  char    *path;
  gboolean is_sealed; /* what is in it, by somebody else */
};

static void neko_file_token_store_token_store_init (NekoTokenStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoFileTokenStore, neko_file_token_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_TOKEN_STORE,
                                                      neko_file_token_store_token_store_init))


static gboolean
fail (NekoFileTokenStore *self,
      const char         *reason,
      GError            **error)
{
  g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED, "Token file %s: %s",
               self->path, reason);

  return FALSE;
}


static gboolean
check_mode (NekoFileTokenStore *self,
            int                 descriptor,
            GError            **error)
{
  const char *reason = neko_private_file_check (descriptor, SIZE_LIMIT);

  return reason == NULL || fail (self, reason, error);
}


static gboolean
read_whole (NekoFileTokenStore *self,
            int                 descriptor,
            GKeyFile           *file,
            GError            **error)
{
  char *text = g_malloc0 (SIZE_LIMIT + 1);
  size_t length = 0;
  ssize_t part;
  gboolean is_key_file;

  while ((part = read (descriptor, text + length, SIZE_LIMIT - length)) > 0)
    length += part;

  is_key_file = part == 0 && (length == 0 ||
                              g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL));
  neko_secret_wipe (text, SIZE_LIMIT);
  g_free (text);

  return is_key_file || fail (self, "it cannot be read", error);
}


/* Loads the file; one that is not there is empty. Returns: FALSE with @is_damaged where it will never be right again. */
static gboolean
load (NekoFileTokenStore *self,
      GKeyFile           *file,
      gboolean           *is_damaged,
      GError            **error)
{
  int descriptor = g_open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  *is_damaged = FALSE;

  if (descriptor < 0)
    return errno == ENOENT || fail (self, g_strerror (errno), error);

  *is_damaged = !check_mode (self, descriptor, error) || !read_whole (self, descriptor, file, error);
  close (descriptor);

  return !*is_damaged;
}


/* A file that the user does not know of, and in which nothing can be read, must not be in the way of who signs in again.
 * It is kept beside it nevertheless. */
static gboolean
set_aside (NekoFileTokenStore *self,
           GError            **error)
{
  g_autofree char *path = g_strconcat (self->path, ".damaged", NULL);

  g_clear_error (error);

  return g_rename (self->path, path) == 0 || fail (self, g_strerror (errno), error);
}


static void
neko_file_token_store_lookup_async (NekoTokenStore     *store,
                                    const char         *account,
                                    const char         *url,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  NekoFileTokenStore *self = NEKO_FILE_TOKEN_STORE (store);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *stored_url = NULL;
  g_autoptr (NekoSecret) token = NULL;
  gboolean is_damaged;
  GError *error = NULL;

  g_task_set_source_tag (task, neko_file_token_store_lookup_async);

  if (!load (self, file, &is_damaged, &error)) {
    g_task_return_error (task, error);
    return;
  }

  stored_url = neko_key_file_dup_text (file, account, "url", NULL);
  token = neko_key_file_dup_text (file, account, "token", NULL);

  /* A token is never shown to another Worker than the one that made it. */
  if (token == NULL || g_strcmp0 (stored_url, url) != 0) {
    g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN,
                             "The token file has no token for %s; sign in again", account);
    return;
  }

  g_task_return_pointer (task, g_steal_pointer (&token), (GDestroyNotify) neko_secret_free);
}


static NekoSecret *
neko_file_token_store_lookup_finish (NekoTokenStore *store,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


/* On a computer that is new to all of this, the folder is not there. If it cannot be made, taking the lock says why. */
static NekoFileLock *
lock_file (NekoFileTokenStore *self,
           GError            **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);

  g_mkdir_with_parents (folder, 0700);

  return neko_file_lock_acquire (path, error);
}


/* Two programs may store a token at the same time. */
static gboolean
store_token (NekoFileTokenStore *self,
             const char         *account,
             const char         *url,
             const char         *token,
             GError            **error)
{
  g_autoptr (NekoFileLock) lock = lock_file (self, error);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (NekoSecret) text = NULL;
  gboolean is_damaged;
  gsize length;

  if (lock == NULL)
    return FALSE;

  if (!load (self, file, &is_damaged, error) && !(is_damaged && self->is_sealed && set_aside (self, error)))
    return FALSE;

  if (token != NULL) {
    g_key_file_set_string (file, account, "url", url);
    g_key_file_set_string (file, account, "token", token);
  } else if (!g_key_file_remove_group (file, account, NULL)) {
    return TRUE;
  }

  text = g_key_file_to_data (file, &length, NULL);

  return g_file_set_contents_full (self->path, text, length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}


static void
neko_file_token_store_store_async (NekoTokenStore     *store,
                                   const char         *account,
                                   const char         *url,
                                   const char         *token,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, neko_file_token_store_store_async);

  if (store_token (NEKO_FILE_TOKEN_STORE (store), account, url, token, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}


static gboolean
neko_file_token_store_store_finish (NekoTokenStore *store,
                                    GAsyncResult   *result,
                                    GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


/* Nobody has to be asked for a file. */
static void
neko_file_token_store_unlock_async (NekoTokenStore     *store,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_file_token_store_unlock_async);
  g_task_return_boolean (task, TRUE);
}


static gboolean
neko_file_token_store_unlock_finish (NekoTokenStore *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
neko_file_token_store_token_store_init (NekoTokenStoreInterface *iface)
{
  iface->lookup_async = neko_file_token_store_lookup_async;
  iface->lookup_finish = neko_file_token_store_lookup_finish;
  iface->store_async = neko_file_token_store_store_async;
  iface->store_finish = neko_file_token_store_store_finish;
  iface->unlock_async = neko_file_token_store_unlock_async;
  iface->unlock_finish = neko_file_token_store_unlock_finish;
}


static void
neko_file_token_store_finalize (GObject *object)
{
  g_free (NEKO_FILE_TOKEN_STORE (object)->path);

  G_OBJECT_CLASS (neko_file_token_store_parent_class)->finalize (object);
}


static void
neko_file_token_store_class_init (NekoFileTokenStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_file_token_store_finalize;
}


static void
neko_file_token_store_init (NekoFileTokenStore *self)
{
}


/**
 * neko_file_token_store_new:
 * @path: the file; made when a token is stored, and its folder too
 *
 * Returns: (transfer full): a store
 */
NekoFileTokenStore *
neko_file_token_store_new (const char *path)
{
  NekoFileTokenStore *self = g_object_new (NEKO_TYPE_FILE_TOKEN_STORE, NULL);

  self->path = g_strdup (path);

  return self;
}


/**
 * neko_file_token_store_new_for_sealed:
 * @path: as above
 *
 * For tokens that the caller has sealed, in a file that no user knows of. One that is damaged, or that others may read, is
 * set aside when a token is stored.
 *
 * Returns: (transfer full): a store
 */
NekoFileTokenStore *
neko_file_token_store_new_for_sealed (const char *path)
{
  NekoFileTokenStore *self = neko_file_token_store_new (path);

  self->is_sealed = TRUE;

  return self;
}
