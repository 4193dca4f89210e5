/* neko-keyring-token-store.c - tokens in the desktop's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-token-store.h"

#include <libsecret/secret.h>

#include "neko-keyring-request.h"
#include "neko-keyring-watch.h"

#define LABEL "Default keyring"

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
  NekoKeyringWatch *watch; /* (nullable): nothing has failed so far */
  GHashTable       *asked; /* name → NekoKeyringRequest, looking for a token; perhaps nobody waits any more */
  GHashTable       *found; /* name → NekoSecret, which came too late for who waited, until asked for again */
};

static void neko_keyring_token_store_token_store_init (NekoTokenStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoKeyringTokenStore, neko_keyring_token_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_TOKEN_STORE,
                                                      neko_keyring_token_store_token_store_init))

static const SecretSchema schema = {
  "io.github.nekomail.Token", SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "url", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
  0, NULL, NULL, NULL, NULL, NULL, NULL, NULL
};

typedef enum {
  LOOK_UP,
  STORE,
  UNLOCK,
} Purpose;

typedef struct {
  GWeakRef       store;
  Purpose        purpose;
  char          *name;       /* (nullable): of the token, in this program */
  GHashTable    *attributes; /* (nullable) */
  char          *label;      /* (nullable) */
  NekoSecret    *token;      /* (nullable): to store, %NULL for none */
  SecretService *service;    /* (nullable): before it is known */
} Call;


static void
call_free (Call *call)
{
  g_weak_ref_clear (&call->store);
  g_free (call->name);
  g_clear_pointer (&call->attributes, g_hash_table_unref);
  g_free (call->label);
  neko_secret_free (call->token);
  g_clear_object (&call->service);
  g_free (call);
}


static Call *
call_new (NekoKeyringTokenStore *store,
          Purpose                purpose)
{
  Call *call = g_new0 (Call, 1);

  g_weak_ref_init (&call->store, store);
  call->purpose = purpose;

  return call;
}


static char *
dup_name (const char *account,
          const char *url)
{
  return g_strdup_printf ("%s %s", account, url);
}


static Call *
call_new_for (NekoKeyringTokenStore *store,
              Purpose                purpose,
              const char            *account,
              const char            *url)
{
  Call *call = call_new (store, purpose);

  call->name = dup_name (account, url);
  call->attributes = secret_attributes_build (&schema, "account", account, "url", url, NULL);
  call->label = g_strdup_printf ("Neko Mail: %s", account);

  return call;
}


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
  Call *call = neko_keyring_request_get_data (request);

  return call->name != NULL && g_hash_table_lookup (self->asked, call->name) == request;
}


/* Takes @error. */
static void
fail (NekoKeyringRequest *request,
      GError             *error)
{
  Call *call = neko_keyring_request_get_data (request);
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


static void
fail_for (NekoKeyringRequest *request,
          NekoAccountError    code,
          const char         *message)
{
  fail (request, g_error_new_literal (NEKO_ACCOUNT_ERROR, code, message));
}


static void
fail_as (NekoKeyringRequest *request,
         const GError       *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (request, g_error_copy (error));
  else
    fail (request, g_error_new (NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED, "The keyring failed: %s",
                                error->message));
}


static void
succeed (NekoKeyringRequest *request)
{
  g_autoptr (GTask) task = neko_keyring_request_steal_task (request);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}


/* Where nobody waits any more it is kept for who asks next, which is at once. */
static void
hand_over (NekoKeyringRequest *request,
           const char         *text)
{
  Call *call = neko_keyring_request_get_data (request);
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


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_service_store_finish (SECRET_SERVICE (source), result, &error))
    succeed (request);
  else
    fail_as (request, error);
}


/* That there was none is no failure. */
static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;

  secret_service_clear_finish (SECRET_SERVICE (source), result, &error);

  if (error == NULL)
    succeed (request);
  else
    fail_as (request, error);
}


static void
store_token (NekoKeyringRequest *request)
{
  Call *call = neko_keyring_request_get_data (request);
  GCancellable *cancellable = neko_keyring_request_get_cancellable (request);
  g_autoptr (SecretValue) value = NULL;

  if (call->token == NULL) {
    secret_service_clear (call->service, &schema, call->attributes, cancellable, cleared_cb,
                          neko_keyring_request_ref (request));
    return;
  }

  value = secret_value_new (call->token, -1, "text/plain");
  secret_service_store (call->service, &schema, call->attributes, SECRET_COLLECTION_DEFAULT,
                        call->label, value, cancellable, stored_cb, neko_keyring_request_ref (request));
}


static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_service_search_finish (SECRET_SERVICE (source), result, &error);
  g_autoptr (SecretValue) value = NULL;

  for (GList *item = items; item != NULL && value == NULL; item = item->next)
    value = secret_item_get_secret (item->data);

  if (error != NULL)
    fail_as (request, error);
  else if (value != NULL && secret_value_get_text (value) != NULL)
    hand_over (request, secret_value_get_text (value));
  else if (items != NULL)
    fail_for (request, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED, "The keyring is locked; unlock it");
  else
    fail_for (request, NEKO_ACCOUNT_ERROR_NO_TOKEN,
              "The keyring has no token for this account; sign in again");

  g_list_free_full (items, g_object_unref);
}


static void
search_token (NekoKeyringRequest *request)
{
  Call *call = neko_keyring_request_get_data (request);

  /* Without SECRET_SEARCH_UNLOCK there is no prompt. */
  secret_service_search (call->service, &schema, call->attributes, SECRET_SEARCH_LOAD_SECRETS,
                         neko_keyring_request_get_cancellable (request), found_cb,
                         neko_keyring_request_ref (request));
}


static void
fail_dismissed (NekoKeyringRequest *request)
{
  fail_for (request, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED, "The keyring stays locked");
}


static void
unlocked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  int count = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);

  if (error != NULL)
    fail_as (request, error);
  else if (count > 0)
    succeed (request);
  else
    fail_dismissed (request);
}


static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretCollection) collection = secret_collection_create_finish (result, &error);

  /* libsecret looks for what the user did not want to have made. */
  if (collection != NULL)
    succeed (request);
  else if (error == NULL || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD))
    fail_dismissed (request);
  else
    fail_as (request, error);
}


static void
unlock (NekoKeyringRequest *request,
        SecretCollection   *collection)
{
  Call *call = neko_keyring_request_get_data (request);
  GList objects = { .data = collection };

  neko_keyring_request_wait_longer (request);
  secret_service_unlock (call->service, &objects, neko_keyring_request_get_cancellable (request),
                         unlocked_cb, neko_keyring_request_ref (request));
}


static void
create_collection (NekoKeyringRequest *request)
{
  Call *call = neko_keyring_request_get_data (request);

  neko_keyring_request_wait_longer (request);
  secret_collection_create (call->service, LABEL, SECRET_COLLECTION_DEFAULT,
                            SECRET_COLLECTION_CREATE_NONE,
                            neko_keyring_request_get_cancellable (request), created_cb,
                            neko_keyring_request_ref (request));
}


static void
go_on_without (NekoKeyringRequest *request)
{
  Call *call = neko_keyring_request_get_data (request);

  if (call->purpose == UNLOCK)
    create_collection (request);
  else
    fail_for (request, NEKO_ACCOUNT_ERROR_KEYRING_NONE,
              "There is no default keyring; make one in your desktop's password settings");
}


static void
go_on_locked (NekoKeyringRequest *request,
              SecretCollection   *collection)
{
  Call *call = neko_keyring_request_get_data (request);

  if (call->purpose == UNLOCK)
    unlock (request, collection);
  else
    fail_for (request, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED, "The keyring is locked; unlock it");
}


static void
go_on (NekoKeyringRequest *request)
{
  Call *call = neko_keyring_request_get_data (request);

  switch (call->purpose) {
  case LOOK_UP:
    search_token (request);
    break;

  case STORE:
    store_token (request);
    break;

  case UNLOCK:
  default:
    succeed (request);
  }
}


static void
collection_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_finish (result, &error);

  if (error != NULL)
    fail_as (request, error);
  else if (collection == NULL)
    go_on_without (request);
  else if (secret_collection_get_locked (collection))
    go_on_locked (request, collection);
  else
    go_on (request);
}


static gboolean
is_timeout (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT);
}


static void
service_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  Call *call = neko_keyring_request_get_data (request);
  g_autoptr (GError) error = NULL;

  call->service = secret_service_get_finish (result, &error);

  if (call->service != NULL)
    secret_collection_for_alias (call->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                 neko_keyring_request_get_cancellable (request), collection_cb,
                                 neko_keyring_request_ref (request));
  else if (is_timeout (error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail_as (request, error);
  else
    fail_for (request, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,
              "There is no keyring: start one, or use --token-file");
}


static void
start (NekoKeyringRequest *request)
{
  secret_service_get (SECRET_SERVICE_OPEN_SESSION, neko_keyring_request_get_cancellable (request),
                      service_cb, neko_keyring_request_ref (request));
}


/* What came late is there already; and what may come yet is not asked for twice. */
static void
look_up (NekoKeyringTokenStore *self,
         const char            *account,
         const char            *url,
         GTask                 *task)
{
  g_autofree char *name = dup_name (account, url);
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

  request = neko_keyring_request_new (call_new_for (self, LOOK_UP, account, url),
                                      (GDestroyNotify) call_free);
  g_hash_table_replace (self->asked, g_steal_pointer (&name), neko_keyring_request_ref (request));
  neko_keyring_request_wait (request, task, self->look_up_seconds, FALSE);
  start (request);
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
  Call *call = call_new_for (self, STORE, account, url);
  g_autoptr (NekoKeyringRequest) request = neko_keyring_request_new (call, (GDestroyNotify) call_free);

  g_task_set_source_tag (task, neko_keyring_token_store_store_async);
  call->token = g_strdup (token);

  /* What was asked for before is the one before. */
  g_hash_table_remove (self->asked, call->name);
  g_hash_table_remove (self->found, call->name);
  neko_keyring_request_wait (request, task, self->store_seconds, TRUE);
  start (request);
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
  g_autoptr (NekoKeyringRequest) request = neko_keyring_request_new (call_new (self, UNLOCK),
                                                                     (GDestroyNotify) call_free);

  g_task_set_source_tag (task, neko_keyring_token_store_unlock_async);
  neko_keyring_request_wait (request, task, self->look_up_seconds, TRUE);
  start (request);
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


/* For tests, that do not wait as long. */
void
neko_keyring_token_store_set_patience (NekoKeyringTokenStore *self,
                                       unsigned               look_up_seconds,
                                       unsigned               store_seconds)
{
  self->look_up_seconds = look_up_seconds;
  self->store_seconds = store_seconds;
}
