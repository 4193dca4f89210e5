/* neko-worker-check.c - what a Worker says, for a command that waits for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-worker-check.h"

#include "neko-remote-client.h"

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
 * neko_worker_check_find_token:
 *
 * Returns: (transfer full): the account's token, or %NULL with @error set in %NEKO_ACCOUNT_ERROR
 */
NekoSecret *
neko_worker_check_find_token (NekoTokenStore *tokens,
                              const char     *address,
                              const char     *url,
                              GError        **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  neko_token_store_lookup_async (tokens, address, url, NULL, done_cb, &done);

  return neko_token_store_lookup_finish (tokens, wait_for (&done), error);
}


/**
 * neko_worker_check_ask:
 * @token: (nullable): for what is not for everybody
 * @path: without a slash in front
 *
 * Returns: (transfer full): the answer, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
JsonObject *
neko_worker_check_ask (const char *url,
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
