/* test-proxy.c - which Workers are reached through a proxy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "neko-remote-websocket.h"

#define WAIT_UNTIL(condition) while (!(condition)) g_main_context_iteration (NULL, TRUE)

static char *proxy;        /* its address */
static GAsyncQueue *lines; /* the first of each connection to it */
static GPtrArray *asked;   /* the addresses that the system was asked for the proxy of */


/* What the system says of proxies: there is one for everything. */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())

G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GObject)

struct _TestResolver {
  GObject parent_instance;
};

static void test_resolver_init_interface (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestResolver, test_resolver, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      test_resolver_init_interface))


static gboolean
test_resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}


static void
test_resolver_lookup_async (GProxyResolver     *resolver,
                            const char         *uri,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  const char *proxies[] = { proxy, NULL };

  g_ptr_array_add (asked, g_strdup (uri));
  g_task_return_pointer (task, g_strdupv ((char **) proxies), (GDestroyNotify) g_strfreev);
}


static char **
test_resolver_lookup_finish (GProxyResolver *resolver,
                             GAsyncResult   *result,
                             GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
test_resolver_class_init (TestResolverClass *klass)
{
}


static void
test_resolver_init (TestResolver *self)
{
}


static void
test_resolver_init_interface (GProxyResolverInterface *iface)
{
  iface->is_supported = test_resolver_is_supported;
  iface->lookup_async = test_resolver_lookup_async;
  iface->lookup_finish = test_resolver_lookup_finish;
}


/* In a thread of its own, it waits for nobody. */
static gboolean
proxy_cb (GThreadedSocketService *service,
          GSocketConnection      *connection)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) reader = g_data_input_stream_new (stream);
  char *line;

  g_data_input_stream_set_newline_type (reader, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  line = g_data_input_stream_read_line (reader, NULL, NULL, NULL);

  if (line != NULL)
    g_async_queue_push (lines, line);

  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  return TRUE;
}


static GSocketService *
start_proxy (void)
{
  GSocketService *service = g_threaded_socket_service_new (4);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wish = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), wish,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &address, NULL));
  g_signal_connect (service, "run", G_CALLBACK (proxy_cb), NULL);
  proxy = g_strdup_printf ("http://127.0.0.1:%u",
                           g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  return service;
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}


/* None of these Workers is there: to what end it comes does not matter here, only which way it goes. */
static void
make_a_request (NekoRemoteClient *client)
{
  g_autoptr (SoupMessage) message = neko_remote_client_new_message (client, SOUP_METHOD_GET, "v1/me");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  neko_remote_client_call_async (client, message, NULL, done_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_null (neko_remote_client_call_finish (client, result, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


static void
open_a_websocket (NekoRemoteClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  neko_remote_websocket_open_async (client, "v1/events", 1024, NULL, done_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_null (neko_remote_websocket_open_finish (client, result, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


typedef struct {
  const char *path;
  void (*talk)(NekoRemoteClient *client);
  const char *url;
  const char *line; /* what the proxy is told; NULL for nothing */
} Way;

/* Port 1 has nobody who listens. */
static const Way ways[] = {
  { "/remote/proxy/request/127.0.0.1", make_a_request, "http://127.0.0.1:1", NULL },
  { "/remote/proxy/request/127.0.0.0-8", make_a_request, "http://127.12.34.56:1", NULL },
  { "/remote/proxy/request/ipv6", make_a_request, "https://[::1]:1", NULL },
  { "/remote/proxy/request/localhost", make_a_request, "http://LocalHost:1", NULL },
  { "/remote/proxy/request/elsewhere", make_a_request, "https://worker.example",
    "CONNECT worker.example:443 HTTP/1.1" },
  { "/remote/proxy/request/looks-like-loopback", make_a_request, "https://127.0.0.1.worker.example",
    "CONNECT 127.0.0.1.worker.example:443 HTTP/1.1" },
  { "/remote/proxy/request/not-quite-localhost", make_a_request, "https://localhost.worker.example",
    "CONNECT localhost.worker.example:443 HTTP/1.1" },
  { "/remote/proxy/request/network", make_a_request, "https://192.0.2.1:8443",
    "CONNECT 192.0.2.1:8443 HTTP/1.1" },
  { "/remote/proxy/websocket/127.0.0.1", open_a_websocket, "http://127.0.0.1:1", NULL },
  { "/remote/proxy/websocket/elsewhere", open_a_websocket, "https://worker.example",
    "CONNECT worker.example:443 HTTP/1.1" },
};


static void
test_way (gconstpointer user_data)
{
  const Way *way = user_data;
  NekoRemoteClient *client = neko_remote_client_new (way->url, NULL);
  g_autofree char *line = NULL;

  g_assert_cmpint (g_async_queue_length (lines), ==, 0);
  g_ptr_array_set_size (asked, 0);
  way->talk (client);

  line = g_async_queue_try_pop (lines);
  g_assert_cmpstr (line, ==, way->line);
  g_assert_cmpuint (asked->len > 0, ==, way->line != NULL);

  g_assert_finalize_object (client);
}


int
main (int   argc,
      char *argv[])
{
  g_autoptr (GSocketService) service = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_io_extension_point_register (G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, TEST_TYPE_RESOLVER, "test",
                                  G_MAXINT);
  lines = g_async_queue_new_full (g_free);
  asked = g_ptr_array_new_with_free_func (g_free);
  service = start_proxy ();

  for (size_t i = 0; i < G_N_ELEMENTS (ways); i++)
    g_test_add_data_func (ways[i].path, &ways[i], test_way);

  status = g_test_run ();
  g_ptr_array_unref (asked);
  g_async_queue_unref (lines);
  g_free (proxy);

  return status;
}
