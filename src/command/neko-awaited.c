/* neko-awaited.c - what Worker and token store say, for a command that waits for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-awaited.h"

#include "neko-remote-client.h"
#include "neko-remote-sign-in.h"
#include "neko-remote-sign-out.h"

/* Somebody sits there and waits. */
#define STALL_SECONDS 10


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **done = user_data;

  *done = g_object_ref (result);
}


static GAsyncResult *
wait_for (GAsyncResult **done)
{
  while (*done == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *done;
}


/**
 * neko_awaited_find_token:
 *
 * Returns: (transfer full): the account's token, or %NULL with @error set in %NEKO_ACCOUNT_ERROR
 */
NekoSecret *
neko_awaited_find_token (NekoTokenStore *tokens,
                         const char     *address,
                         const char     *url,
                         GError        **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  neko_token_store_lookup_async (tokens, address, url, NULL, done_cb, &done);

  return neko_token_store_lookup_finish (tokens, wait_for (&done), error);
}


static gboolean
store_token (NekoTokenStore *tokens,
             const char     *address,
             const char     *url,
             const char     *token,
             GError        **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  neko_token_store_store_async (tokens, address, url, token, NULL, done_cb, &done);

  return neko_token_store_store_finish (tokens, wait_for (&done), error);
}


/* A token that cannot be kept would be left on the Worker, so this is seen to before one is made. A keyring that is locked
 * says so: who sits at another computer could not answer it. In a sandbox only a question tells. */
static gboolean
may_store (NekoTokenStore *tokens,
           const char     *address,
           const char     *url,
           GError        **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (NekoSecret) token = neko_awaited_find_token (tokens, address, url, &failure);
  g_autoptr (GAsyncResult) done = NULL;

  if (token == NULL && !g_error_matches (failure, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }

  neko_token_store_unlock_async (tokens, NULL, done_cb, &done);

  return neko_token_store_unlock_finish (tokens, wait_for (&done), error);
}


/**
 * neko_awaited_sign_in:
 *
 * Exchanges the password for a token, and keeps that.
 */
gboolean
neko_awaited_sign_in (NekoTokenStore *tokens,
                      const char     *address,
                      const char     *url,
                      const char     *password,
                      GError        **error)
{
  g_autofree char *device = g_strdup_printf ("Neko Mail on %s", g_get_host_name ());
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (NekoSecret) token = NULL;

  if (!may_store (tokens, address, url, error))
    return FALSE;

  neko_remote_sign_in_async (url, address, password, device, NULL, done_cb, &done);
  token = neko_remote_sign_in_finish (wait_for (&done), error);

  return token != NULL && store_token (tokens, address, url, token, error);
}


static gboolean
end_token (const char *url,
           const char *token,
           GError    **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  neko_remote_sign_out_async (url, token, NULL, done_cb, &done);

  return neko_remote_sign_out_finish (wait_for (&done), error);
}


/**
 * neko_awaited_sign_out:
 *
 * Has the account's token revoked, and keeps it no longer, whether or not the Worker answered.
 *
 * Returns: whether nobody can use the token any more
 */
gboolean
neko_awaited_sign_out (NekoTokenStore *tokens,
                       const char     *address,
                       const char     *url,
                       GError        **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (NekoSecret) token = neko_awaited_find_token (tokens, address, url, &failure);

  if (token == NULL) {
    if (g_error_matches (failure, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN))
      return TRUE;

    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }

  if (!end_token (url, token, &failure)) {
    store_token (tokens, address, url, NULL, NULL);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }

  return store_token (tokens, address, url, NULL, error);
}


/**
 * neko_awaited_ask:
 * @token: (nullable): for what is not for everybody
 * @path: without a slash in front
 *
 * Returns: (transfer full): the answer, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
JsonObject *
neko_awaited_ask (const char *url,
                  const char *token,
                  const char *path,
                  GError    **error)
{
  g_autoptr (NekoRemoteClient) client = neko_remote_client_new (url, error);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  if (client == NULL)
    return NULL;

  neko_remote_client_set_stall_time (client, STALL_SECONDS);

  if (token != NULL)
    neko_remote_client_set_token (client, token);

  message = neko_remote_client_new_message (client, SOUP_METHOD_GET, path);
  neko_remote_client_call_async (client, message, NULL, done_cb, &done);

  return neko_remote_client_call_finish (client, wait_for (&done), error);
}
