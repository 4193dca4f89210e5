/* test-client.c - a mail program that waits for its answers, in a thread beside the server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "test-client.h"

#include <string.h>

/* Long enough that only a hang reaches it. */
#define HANG_SECONDS 60

typedef struct {
  GMainLoop     *loop;
  guint16        port;
  TestClientFunc func;
  gpointer       user_data;
} Run;


static gpointer
client_thread (gpointer user_data)
{
  Run *run = user_data;

  run->func (run->port, run->user_data);
  g_main_loop_quit (run->loop);

  return NULL;
}


/* Runs the client in a thread and the server in this one, until the client is done. */
void
test_client_run (NekoServer    *server,
                 TestClientFunc func,
                 gpointer       user_data)
{
  Run run = { g_main_loop_new (NULL, FALSE), 0, func, user_data };
  GThread *thread;

  neko_server_start (server);
  g_assert_true (neko_listener_is_listening (neko_server_get_listener (server)));
  run.port = neko_listener_get_port (neko_server_get_listener (server));
  thread = g_thread_new ("client", client_thread, &run);
  g_main_loop_run (run.loop);
  g_thread_join (thread);
  g_main_loop_unref (run.loop);
}


GSocketConnection *
test_client_connect (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  GError *error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, HANG_SECONDS);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);

  return connection;
}


void
test_client_send (GSocketConnection *connection,
                  const char        *text)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, NULL);
}


/* Reads up to a CRLF; %NULL where the server closed. */
char *
test_client_read_line (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GString) line = g_string_new (NULL);
  char octet;

  while (g_input_stream_read (input, &octet, 1, NULL, NULL) == 1) {
    g_string_append_c (line, octet);

    if (g_str_has_suffix (line->str, "\r\n")) {
      g_string_truncate (line, line->len - 2);
      return g_string_free (g_steal_pointer (&line), FALSE);
    }
  }

  return NULL;
}


/* Reads a multi-line answer up to its terminator, which is left out; %NULL where it was cut. */
char *
test_client_read_text (GSocketConnection *connection)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (;;) {
    g_autofree char *line = test_client_read_line (connection);

    if (line == NULL)
      return NULL;

    if (g_str_equal (line, "."))
      return g_string_free (g_steal_pointer (&text), FALSE);

    g_string_append_printf (text, "%s\r\n", line[0] == '.' ? line + 1 : line);
  }
}


/* Reads until the server closes. */
char *
test_client_read_end (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize length;

  while ((length = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, length);

  return g_string_free (g_steal_pointer (&text), FALSE);
}


void
test_client_expect (GSocketConnection *connection,
                    const char        *prefix)
{
  g_autofree char *line = test_client_read_line (connection);

  g_assert_nonnull (line);

  if (!g_str_has_prefix (line, prefix))
    g_error ("expected \"%s\", got \"%s\"", prefix, line);
}


void
test_client_ask (GSocketConnection *connection,
                 const char        *command,
                 const char        *prefix)
{
  test_client_send (connection, command);
  test_client_send (connection, "\r\n");
  test_client_expect (connection, prefix);
}


/* Lets a server that runs in this very thread do all that it can do now. */
void
test_client_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}


/* Takes what a server sent, and does not wait for more.
 *
 * Returns: whether more can come */
gboolean
test_client_take (GSocketConnection *connection,
                  GString           *text)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GError) error = NULL;
  char buffer[4096];
  gssize length;

  while ((length = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, &error)) > 0)
    g_string_append_len (text, buffer, length);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}


/* Sends what fits, and does not wait until there is room.
 *
 * Returns: how many octets were sent */
size_t
test_client_offer (GSocketConnection *connection,
                   const void        *data,
                   size_t             length)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  gssize sent = g_socket_send_with_blocking (socket, data, length, FALSE, NULL, NULL);

  return MAX (sent, 0);
}
