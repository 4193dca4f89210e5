/* neko-keyring-token-store.c - tokens in the desktop's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-token-store.h"

#include <libsecret/secret.h>

/**
 * NekoKeyringTokenStore:
 *
 * Asks the keyring nothing that could open a prompt: at log-in nobody sits there to answer it, and it
 * waits for ever. So it looks first whether there is a keyring and whether it is open.
 */
struct _NekoKeyringTokenStore {
  GObject parent_instance;
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

typedef struct {
  GHashTable    *attributes;
  char          *label;
  gboolean       is_storing;
  NekoSecret    *token;   /* (nullable): to store, %NULL for none */
  SecretService *service; /* (nullable): before it is known */
} Request;


static void
request_free (Request *request)
{
  g_hash_table_unref (request->attributes);
  g_free (request->label);
  neko_secret_free (request->token);
  g_clear_object (&request->service);
  g_free (request);
}


static GTask *
new_task (NekoTokenStore     *self,
          gpointer            tag,
          const char         *account,
          const char         *url,
          GCancellable       *cancellable,
          GAsyncReadyCallback callback,
          gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, tag);
  request->attributes = secret_attributes_build (&schema, "account", account, "url", url, NULL);
  request->label = g_strdup_printf ("Neko Mail: %s", account);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  return task;
}


static void
return_failure (GTask        *task,
                const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_error_copy (error));
    return;
  }

  g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED,
                           "The keyring failed: %s", error->message);
}


static void
return_locked (GTask *task)
{
  g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED,
                           "The keyring is locked; unlock it");
}


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_service_store_finish (SECRET_SERVICE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    return_failure (task, error);
}


/* That there was none is no failure. */
static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_service_clear_finish (SECRET_SERVICE (source), result, &error);

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    return_failure (task, error);
}


static void
store_token (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  g_autoptr (SecretValue) value = NULL;

  if (request->token == NULL) {
    secret_service_clear (request->service, &schema, request->attributes,
                          g_task_get_cancellable (task), cleared_cb, task);
    return;
  }

  value = secret_value_new (request->token, -1, "text/plain");
  secret_service_store (request->service, &schema, request->attributes, SECRET_COLLECTION_DEFAULT,
                        request->label, value, g_task_get_cancellable (task), stored_cb, task);
}


static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_service_search_finish (SECRET_SERVICE (source), result, &error);
  g_autoptr (SecretValue) value = NULL;

  for (GList *item = items; item != NULL && value == NULL; item = item->next)
    value = secret_item_get_secret (item->data);

  if (error != NULL)
    return_failure (task, error);
  else if (value != NULL && secret_value_get_text (value) != NULL)
    g_task_return_pointer (task, g_strdup (secret_value_get_text (value)),
                           (GDestroyNotify) neko_secret_free);
  else if (items != NULL)
    return_locked (task);
  else
    g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN,
                             "The keyring has no token for this account; sign in again");

  g_list_free_full (items, g_object_unref);
}


static void
search_token (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  /* Without SECRET_SEARCH_UNLOCK there is no prompt. */
  secret_service_search (request->service, &schema, request->attributes,
                         SECRET_SEARCH_LOAD_SECRETS, g_task_get_cancellable (task), found_cb, task);
}


static void
collection_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_finish (result, &error);
  Request *request = g_task_get_task_data (task);

  if (error != NULL)
    return_failure (task, error);
  else if (collection == NULL)
    g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_NONE,
                             "There is no default keyring; make one in your desktop's "
                             "password settings");
  else if (secret_collection_get_locked (collection))
    return_locked (task);
  else if (request->is_storing)
    store_token (g_steal_pointer (&task));
  else
    search_token (g_steal_pointer (&task));
}


static void
service_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Request *request = g_task_get_task_data (task);

  request->service = secret_service_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  if (request->service == NULL) {
    g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,
                             "There is no keyring: start one, or use --token-file");
    return;
  }

  secret_collection_for_alias (request->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                               g_task_get_cancellable (task), collection_cb,
                               g_object_ref (task));
}


static void
neko_keyring_token_store_lookup_async (NekoTokenStore     *self,
                                       const char         *account,
                                       const char         *url,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  GTask *task = new_task (self, neko_keyring_token_store_lookup_async, account, url, cancellable,
                          callback, user_data);

  secret_service_get (SECRET_SERVICE_OPEN_SESSION, cancellable, service_cb, task);
}


static NekoSecret *
neko_keyring_token_store_lookup_finish (NekoTokenStore *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
neko_keyring_token_store_store_async (NekoTokenStore     *self,
                                      const char         *account,
                                      const char         *url,
                                      const char         *token,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  GTask *task = new_task (self, neko_keyring_token_store_store_async, account, url, cancellable,
                          callback, user_data);
  Request *request = g_task_get_task_data (task);

  request->is_storing = TRUE;
  request->token = g_strdup (token);
  secret_service_get (SECRET_SERVICE_OPEN_SESSION, cancellable, service_cb, task);
}


static gboolean
neko_keyring_token_store_store_finish (NekoTokenStore *self,
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
}


static void
neko_keyring_token_store_class_init (NekoKeyringTokenStoreClass *klass)
{
}


static void
neko_keyring_token_store_init (NekoKeyringTokenStore *self)
{
}


NekoKeyringTokenStore *
neko_keyring_token_store_new (void)
{
  return g_object_new (NEKO_TYPE_KEYRING_TOKEN_STORE, NULL);
}
