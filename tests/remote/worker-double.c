/* worker-double.c - gives one answer to whatever is asked, and keeps the question
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "worker-double.h"

#include <string.h>


static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  WorkerDouble *self = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *token = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                    "Authorization");

  g_free (self->asked);
  g_free (self->token);
  self->requests++;
  self->token = g_strdup (token);
  self->asked = g_strdup_printf ("%s %s%s%s%s%.*s", soup_server_message_get_method (message),
                                 g_uri_get_path (uri), g_uri_get_query (uri) != NULL ? "?" : "",
                                 g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "",
                                 body->length > 0 ? " " : "", (int) body->length,
                                 body->data != NULL ? body->data : "");
  soup_server_message_set_status (message, self->status, NULL);

  if (self->status != SOUP_STATUS_NO_CONTENT)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, self->answer,
                                      strlen (self->answer));
}


/**
 * worker_double_new:
 * @certificate: (nullable): it speaks TLS
 */
WorkerDouble *
worker_double_new (GTlsCertificate *certificate)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  WorkerDouble *self = g_new0 (WorkerDouble, 1);
  GSList *uris;

  self->server = soup_server_new ("raw-paths", TRUE, "tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, answer_cb, self, NULL);
  g_assert_true (soup_server_listen (self->server, address,
                                     certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0, NULL));
  uris = soup_server_get_uris (self->server);
  self->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return self;
}


void
worker_double_free (WorkerDouble *self)
{
  soup_server_disconnect (self->server);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_unref (self->server);
  g_free (self->url);
  g_free (self->asked);
  g_free (self->token);
  g_free (self);
}


/**
 * worker_double_wait:
 * @result: %NULL until worker_double_done_cb() is called with it
 *
 * Returns: (transfer full): the result
 */
GAsyncResult *
worker_double_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (result);
}


void
worker_double_done_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}
