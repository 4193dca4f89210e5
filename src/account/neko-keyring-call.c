/* neko-keyring-call.c - what is asked of the keyring, step by step
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-token-store-private.h"

#define LABEL "Default keyring"

static const SecretSchema schema = {
  "io.github.nekomail.Token", SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "url", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
  0, NULL, NULL, NULL, NULL, NULL, NULL, NULL
};


void
neko_keyring_call_free (NekoKeyringCall *call)
{
  g_weak_ref_clear (&call->store);
  g_free (call->name);
  g_clear_pointer (&call->attributes, g_hash_table_unref);
  g_free (call->label);
  neko_secret_free (call->token);
  neko_secret_free (call->sealed);
  g_clear_object (&call->shared);
  g_clear_object (&call->service);
  g_free (call);
}


NekoKeyringCall *
neko_keyring_call_new (NekoKeyringTokenStore *store,
                       NekoKeyringPurpose     purpose)
{
  NekoKeyringCall *call = g_new0 (NekoKeyringCall, 1);

  g_weak_ref_init (&call->store, store);
  call->purpose = purpose;
  call->shared = neko_keyring_token_store_dup_shared (store);

  return call;
}


char *
neko_keyring_call_dup_name (const char *account,
                            const char *url)
{
  return g_strdup_printf ("%s %s", account, url);
}


NekoKeyringCall *
neko_keyring_call_new_for (NekoKeyringTokenStore *store,
                           NekoKeyringPurpose     purpose,
                           const char            *account,
                           const char            *url)
{
  NekoKeyringCall *call = neko_keyring_call_new (store, purpose);

  call->name = neko_keyring_call_dup_name (account, url);
  call->attributes = secret_attributes_build (&schema, "account", account, "url", url, NULL);
  call->label = g_strdup_printf ("Neko Mail: %s", account);

  return call;
}


void
neko_keyring_call_fail (NekoKeyringRequest *request,
                        NekoAccountError    code,
                        const char         *message)
{
  neko_keyring_token_store_fail (request, g_error_new_literal (NEKO_ACCOUNT_ERROR, code, message));
}


void
neko_keyring_call_fail_as (NekoKeyringRequest *request,
                           const GError       *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    neko_keyring_token_store_fail (request, g_error_copy (error));
  else
    neko_keyring_token_store_fail (request, g_error_new (NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED,
                                                         "The keyring failed: %s", error->message));
}


void
neko_keyring_call_succeed (NekoKeyringRequest *request)
{
  g_autoptr (GTask) task = neko_keyring_request_steal_task (request);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_service_store_finish (SECRET_SERVICE (source), result, &error))
    neko_keyring_call_succeed (request);
  else
    neko_keyring_call_fail_as (request, error);
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
    neko_keyring_call_succeed (request);
  else
    neko_keyring_call_fail_as (request, error);
}


static void
store_token (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
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
    neko_keyring_call_fail_as (request, error);
  else if (value != NULL && secret_value_get_text (value) != NULL)
    neko_keyring_token_store_hand_over (request, secret_value_get_text (value));
  else if (items != NULL)
    neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED, "The keyring is locked; unlock it");
  else
    neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_NO_TOKEN,
                            NEKO_KEYRING_NO_TOKEN);

  g_list_free_full (items, g_object_unref);
}


static void
search_token (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  /* Without SECRET_SEARCH_UNLOCK there is no prompt. */
  secret_service_search (call->service, &schema, call->attributes, SECRET_SEARCH_LOAD_SECRETS,
                         neko_keyring_request_get_cancellable (request), found_cb,
                         neko_keyring_request_ref (request));
}


static void
fail_dismissed (NekoKeyringRequest *request)
{
  neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED, "The keyring stays locked");
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
    neko_keyring_call_fail_as (request, error);
  else if (count > 0)
    neko_keyring_call_succeed (request);
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
    neko_keyring_call_succeed (request);
  else if (error == NULL || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD))
    fail_dismissed (request);
  else
    neko_keyring_call_fail_as (request, error);
}


static void
unlock (NekoKeyringRequest *request,
        SecretCollection   *collection)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  GList objects = { .data = collection };

  neko_keyring_request_wait_longer (request);
  secret_service_unlock (call->service, &objects, neko_keyring_request_get_cancellable (request),
                         unlocked_cb, neko_keyring_request_ref (request));
}


static void
create_collection (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  neko_keyring_request_wait_longer (request);
  secret_collection_create (call->service, LABEL, SECRET_COLLECTION_DEFAULT,
                            SECRET_COLLECTION_CREATE_NONE,
                            neko_keyring_request_get_cancellable (request), created_cb,
                            neko_keyring_request_ref (request));
}


static void
go_on_without (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  if (call->purpose == NEKO_KEYRING_UNLOCK)
    create_collection (request);
  else
    neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_KEYRING_NONE,
                            "There is no default keyring; make one in your desktop's password settings");
}


static void
go_on_locked (NekoKeyringRequest *request,
              SecretCollection   *collection)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  if (call->purpose == NEKO_KEYRING_UNLOCK)
    unlock (request, collection);
  else
    neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED, "The keyring is locked; unlock it");
}


static void
go_on (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  switch (call->purpose) {
  case NEKO_KEYRING_LOOK_UP:
    search_token (request);
    break;

  case NEKO_KEYRING_STORE:
    store_token (request);
    break;

  case NEKO_KEYRING_UNLOCK:
  default:
    neko_keyring_call_succeed (request);
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
    neko_keyring_call_fail_as (request, error);
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
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  g_autoptr (GError) error = NULL;

  call->service = secret_service_get_finish (result, &error);

  if (call->service != NULL)
    secret_collection_for_alias (call->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                 neko_keyring_request_get_cancellable (request), collection_cb,
                                 neko_keyring_request_ref (request));
  else if (is_timeout (error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    neko_keyring_call_fail_as (request, error);
  else
    neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,
                            "There is no keyring: start one, or use --token-file");
}


/**
 * neko_keyring_call_start:
 *
 * Inside a sandbox nobody reaches the keyring itself.
 */
void
neko_keyring_call_start (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  if (call->shared != NULL) {
    neko_keyring_portal_start (request);
    return;
  }

  secret_service_get (SECRET_SERVICE_OPEN_SESSION, neko_keyring_request_get_cancellable (request),
                      service_cb, neko_keyring_request_ref (request));
}
