/* neko-keyring-token-store.c - tokens in the desktop's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-token-store-private.h"

#include "neko-keyring-watch.h"
#include "neko-surroundings.h"

/**
 * NekoKeyringTokenStore:
 *
 * Asks the keyring nothing that could open a prompt, unless the user asks for that: at log-in nobody sits
 * there to answer it, and it waits for ever. So it looks first whether there is a keyring and whether it is
 * open. Where it is not, it hears from the keyring when that may have changed.
 */
struct _NekoKeyringTokenStore {
  GObject           parent_instance;

  unsigned          look_up_seconds;
  unsigned          store_seconds;
  NekoSharedSecret *shared; /* (nullable): outside a sandbox */
  NekoKeyringWatch *watch; /* (nullable): nothing has failed so far */
  GHashTable       *asked; /* name → NekoKeyringRequest, looking for a token; perhaps nobody waits any more */
  GHashTable       *found; /* name → NekoSecret, which came too late for who waited, until asked for again */
};

static void neko_keyring_token_store_token_store_init (NekoTokenStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoKeyringTokenStore, neko_keyring_token_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_TOKEN_STORE,
                                                      neko_keyring_token_store_token_store_init))


static void
watch_changed_cb (NekoKeyringTokenStore *self)
{
  neko_token_store_tell_available (NEKO_TOKEN_STORE (self));
}


/* Only now: a keyring that works need not be listened to. What it told meanwhile is made up for when the
 * watch begins. */
static void
watch (NekoKeyringTokenStore *self)
{
  if (self->watch != NULL)
    return;

  self->watch = neko_keyring_watch_new ();
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (watch_changed_cb), self,
                           G_CONNECT_SWAPPED);
}


/* Returns: whether it is the last one for its token. */
static gboolean
is_wanted (NekoKeyringTokenStore *self,
           NekoKeyringRequest    *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  return call->name != NULL && g_hash_table_lookup (self->asked, call->name) == request;
}


/* Takes @error. */
void
neko_keyring_token_store_fail (NekoKeyringRequest *request,
                               GError             *error)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  g_autoptr (NekoKeyringTokenStore) store = g_weak_ref_get (&call->store);

  gboolean is_late = store != NULL && is_wanted (store, request) &&
                     !neko_keyring_request_is_awaited (request) &&
                     !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
                     !g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);

  if (store != NULL) {
    if (is_wanted (store, request))
      g_hash_table_remove (store->asked, call->name);

    if (!g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN))
      watch (store);
  }

  neko_keyring_request_fail (request, error);

  /* Who was told that it is slow has not been told this. */
  if (is_late)
    neko_token_store_tell_available (NEKO_TOKEN_STORE (store));
}


/* Where nobody waits any more it is kept for who asks next, which is at once. */
void
neko_keyring_token_store_hand_over (NekoKeyringRequest *request,
                                    const char         *text)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  g_autoptr (GTask) task = neko_keyring_request_steal_task (request);
  g_autoptr (NekoKeyringTokenStore) store = g_weak_ref_get (&call->store);
  gboolean is_wanted_still = store != NULL && is_wanted (store, request);

  if (is_wanted_still)
    g_hash_table_remove (store->asked, call->name);

  if (task != NULL) {
    g_task_return_pointer (task, g_strdup (text), (GDestroyNotify) neko_secret_free);
  } else if (is_wanted_still) {
    g_hash_table_insert (store->found, g_strdup (call->name), g_strdup (text));
    neko_token_store_tell_available (NEKO_TOKEN_STORE (store));
  }
}


/* What came late is there already; and what may come yet is not asked for twice. */
static void
look_up (NekoKeyringTokenStore *self,
         const char            *account,
         const char            *url,
         GTask                 *task)
{
  g_autofree char *name = neko_keyring_call_dup_name (account, url);
  NekoKeyringRequest *late = g_hash_table_lookup (self->asked, name);
  g_autoptr (NekoKeyringRequest) request = NULL;
  g_autofree char *found_name = NULL;
  gpointer found;

  if (g_hash_table_steal_extended (self->found, name, (gpointer *) &found_name, &found)) {
    g_task_return_pointer (task, found, (GDestroyNotify) neko_secret_free);
    g_object_unref (task);
    return;
  }

  if (late != NULL && !neko_keyring_request_is_awaited (late) &&
      !g_cancellable_is_cancelled (neko_keyring_request_get_cancellable (late))) {
    neko_keyring_request_wait (late, task, self->look_up_seconds, FALSE);
    return;
  }

  request = neko_keyring_request_new (neko_keyring_call_new_for (self, NEKO_KEYRING_LOOK_UP, account, url),
                                      (GDestroyNotify) neko_keyring_call_free);
  g_hash_table_replace (self->asked, g_steal_pointer (&name), neko_keyring_request_ref (request));
  neko_keyring_request_wait (request, task, self->look_up_seconds, FALSE);
  neko_keyring_call_start (request);
}


static void
neko_keyring_token_store_lookup_async (NekoTokenStore     *store,
                                       const char         *account,
                                       const char         *url,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_keyring_token_store_lookup_async);
  look_up (NEKO_KEYRING_TOKEN_STORE (store), account, url, task);
}


static NekoSecret *
neko_keyring_token_store_lookup_finish (NekoTokenStore *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
neko_keyring_token_store_store_async (NekoTokenStore     *store,
                                      const char         *account,
                                      const char         *url,
                                      const char         *token,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  NekoKeyringTokenStore *self = NEKO_KEYRING_TOKEN_STORE (store);
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  NekoKeyringCall *call = neko_keyring_call_new_for (self, NEKO_KEYRING_STORE, account, url);
  g_autoptr (NekoKeyringRequest) request = neko_keyring_request_new (call,
                                                                     (GDestroyNotify) neko_keyring_call_free);

  g_task_set_source_tag (task, neko_keyring_token_store_store_async);
  call->token = g_strdup (token);

  /* What was asked for before is the one before. */
  g_hash_table_remove (self->asked, call->name);
  g_hash_table_remove (self->found, call->name);
  neko_keyring_request_wait (request, task, self->store_seconds, TRUE);
  neko_keyring_call_start (request);
}


static gboolean
neko_keyring_token_store_store_finish (NekoTokenStore *self,
                                       GAsyncResult   *result,
                                       GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
neko_keyring_token_store_unlock_async (NekoTokenStore     *store,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  NekoKeyringTokenStore *self = NEKO_KEYRING_TOKEN_STORE (store);
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  NekoKeyringCall *call = neko_keyring_call_new (self, NEKO_KEYRING_UNLOCK);
  g_autoptr (NekoKeyringRequest) request = neko_keyring_request_new (call,
                                                                     (GDestroyNotify) neko_keyring_call_free);

  g_task_set_source_tag (task, neko_keyring_token_store_unlock_async);
  neko_keyring_request_wait (request, task, self->look_up_seconds, TRUE);
  neko_keyring_call_start (request);
}


static gboolean
neko_keyring_token_store_unlock_finish (NekoTokenStore *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
neko_keyring_token_store_token_store_init (NekoTokenStoreInterface *iface)
{
  iface->lookup_async = neko_keyring_token_store_lookup_async;
  iface->lookup_finish = neko_keyring_token_store_lookup_finish;
  iface->store_async = neko_keyring_token_store_store_async;
  iface->store_finish = neko_keyring_token_store_store_finish;
  iface->unlock_async = neko_keyring_token_store_unlock_async;
  iface->unlock_finish = neko_keyring_token_store_unlock_finish;
}


static void
neko_keyring_token_store_dispose (GObject *object)
{
  NekoKeyringTokenStore *self = NEKO_KEYRING_TOKEN_STORE (object);

  g_clear_object (&self->shared);
  g_clear_object (&self->watch);
  g_hash_table_remove_all (self->asked);
  g_hash_table_remove_all (self->found);

  G_OBJECT_CLASS (neko_keyring_token_store_parent_class)->dispose (object);
}


static void
neko_keyring_token_store_finalize (GObject *object)
{
  NekoKeyringTokenStore *self = NEKO_KEYRING_TOKEN_STORE (object);

  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->found);

  G_OBJECT_CLASS (neko_keyring_token_store_parent_class)->finalize (object);
}


static void
neko_keyring_token_store_class_init (NekoKeyringTokenStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_keyring_token_store_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_keyring_token_store_finalize;
}


static void
neko_keyring_token_store_init (NekoKeyringTokenStore *self)
{
  self->look_up_seconds = NEKO_KEYRING_LOOK_UP_SECONDS;
  self->store_seconds = NEKO_KEYRING_STORE_SECONDS;
  neko_keyring_token_store_set_sandboxed (self, neko_surroundings_are_flatpak ());
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) neko_keyring_request_unref);
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) neko_secret_free);
}


/**
 * neko_keyring_token_store_new:
 *
 * A keyring that does not answer in time is %NEKO_ACCOUNT_ERROR_KEYRING_SLOW; a token that it gives later is
 * told of by #NekoTokenStore::available.
 */
NekoKeyringTokenStore *
neko_keyring_token_store_new (void)
{
  return g_object_new (NEKO_TYPE_KEYRING_TOKEN_STORE, NULL);
}


NekoSharedSecret *
neko_keyring_token_store_dup_shared (NekoKeyringTokenStore *self)
{
  return self->shared != NULL ? g_object_ref (self->shared) : NULL;
}


/**
 * neko_keyring_token_store_set_sandboxed:
 *
 * Whether the keyring is out of reach, which it finds out by itself; for tests.
 */
void
neko_keyring_token_store_set_sandboxed (NekoKeyringTokenStore *self,
                                        gboolean               is_sandboxed)
{
  g_clear_object (&self->shared);

  if (is_sandboxed)
    self->shared = neko_shared_secret_new ();
}


/* For tests, that do not wait as long. */
void
neko_keyring_token_store_set_patience (NekoKeyringTokenStore *self,
                                       unsigned               look_up_seconds,
                                       unsigned               store_seconds)
{
  self->look_up_seconds = look_up_seconds;
  self->store_seconds = store_seconds;
}
