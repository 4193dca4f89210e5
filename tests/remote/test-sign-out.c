/* test-sign-out.c - which token is revoked, and what is said where it is not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libsoup/soup.h>

#include "neko-mail-error.h"
#include "neko-remote-sign-out.h"

#define REFUSED "{\"error\":{\"code\":\"unauthorized\",\"message\":\"no\"}}"

typedef struct {
  const char *name;
  unsigned    status;   /* of the list */
  const char *list;
  unsigned    end;      /* of the revocation; 0 where there is none */
  const char *path;     /* of that */
  int         error;    /* in NEKO_MAIL_ERROR; -1 for success */
} Case;

static const Case cases[] = {
  { "revoked", 200, "{\"tokens\":[{\"id\":\"1\",\"current\":false},{\"id\":\"2\",\"current\":true}]}",
    204, "/v1/tokens/2", -1 },
  { "strange-id", 200, "{\"tokens\":[{\"id\":\"a/../b?c\",\"current\":true}]}",
    204, "/v1/tokens/a%2F..%2Fb%3Fc", -1 },
  { "refused", 401, REFUSED, 0, NULL, -1 },
  { "none-is-ours", 200, "{\"tokens\":[{\"id\":\"1\",\"current\":false},7]}", 0, NULL,
    NEKO_MAIL_ERROR_UNAVAILABLE },
  { "no-list", 200, "{\"tokens\":{}}", 0, NULL, NEKO_MAIL_ERROR_UNAVAILABLE },
  { "list-fails", 503, "", 0, NULL, NEKO_MAIL_ERROR_UNAVAILABLE },
  { "end-fails", 200, "{\"tokens\":[{\"id\":\"2\",\"current\":true}]}", 503, "/v1/tokens/2",
    NEKO_MAIL_ERROR_UNAVAILABLE },
};

typedef struct {
  const Case   *test;
  SoupServer   *server;
  char         *path;    /* (nullable): of what was deleted */
  GAsyncResult *result;
} Fixture;


static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;
  const char *token = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                    "Authorization");

  g_assert_cmpstr (token, ==, "Bearer nm1.token");

  if (g_str_equal (soup_server_message_get_method (message), "DELETE")) {
    g_free (fixture->path);
    fixture->path = g_strdup (g_uri_get_path (soup_server_message_get_uri (message)));
    soup_server_message_set_status (message, fixture->test->end, NULL);
    return;
  }

  g_assert_cmpstr (path, ==, "/v1/tokens");
  soup_server_message_set_status (message, fixture->test->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC,
                                    fixture->test->list, strlen (fixture->test->list));
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}


static char *
start_server (Fixture *fixture)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  GSList *uris;
  char *url;

  fixture->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_handler (fixture->server, NULL, answer_cb, fixture, NULL);
  g_assert_true (soup_server_listen (fixture->server, address, 0, NULL));
  uris = soup_server_get_uris (fixture->server);
  url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return url;
}


static void
test_sign_out (gconstpointer user_data)
{
  Fixture fixture = { .test = user_data };
  g_autofree char *url = start_server (&fixture);
  g_autoptr (GError) error = NULL;
  gboolean is_out;

  neko_remote_sign_out_async (url, "nm1.token", NULL, done_cb, &fixture);

  while (fixture.result == NULL)
    g_main_context_iteration (NULL, TRUE);

  is_out = neko_remote_sign_out_finish (fixture.result, &error);
  g_assert_cmpint (is_out, ==, fixture.test->error == -1);

  if (is_out)
    g_assert_no_error (error);
  else
    g_assert_error (error, NEKO_MAIL_ERROR, fixture.test->error);

  g_assert_cmpstr (fixture.path, ==, fixture.test->path);
  soup_server_disconnect (fixture.server);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_unref (fixture.result);
  g_object_unref (fixture.server);
  g_free (fixture.path);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/remote/sign-out/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_sign_out);
  }

  return g_test_run ();
}
