/* test-tls.c - POP3 and SMTP inside TLS over real sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#include <sys/socket.h>

#include "memory-mail.h"
#include "neko-pop3-connection.h"
#include "neko-self-signed.h"
#include "neko-smtp-connection.h"
#include "test-client.h"

/* "\0alice@neko.test\0correct horse" */
#define PLAIN "AUTH PLAIN AGFsaWNlQG5la28udGVzdABjb3JyZWN0IGhvcnNl"

/* The least that the system gives a socket, so that little fills it. */
#define SMALL_BUFFER 2048

/* How a record with a ClientHello begins that is 512 octets long. */
#define HALF_HELLO "\x16\x03\x01\x02\x01\x01"

typedef struct {
  GType (*type)(void);
  NekoSecurity security;
  unsigned     idle_seconds;
  gboolean     has_small_buffers;
  void (*talk)(guint16  port,
               gpointer fixture);
} Case;

typedef struct {
  const Case        *test;
  MemoryMail        *mail;
  NekoThrottle      *throttle;
  NekoListener      *listener;
  GTlsCertificate   *certificate;
  NekoConnection    *connection; /* (nullable): the last one that came */
  GMainLoop         *loop;
  GSocketConnection *client;     /* (nullable): one that outlives its thread */
  unsigned           open;
} Fixture;


static void
closed_cb (NekoConnection *connection,
           Fixture        *fixture)
{
  fixture->open--;
}


static void
incoming_cb (NekoListener      *listener,
             GSocketConnection *stream,
             Fixture           *fixture)
{
  const Case *test = fixture->test;

  if (test->has_small_buffers)
    g_socket_set_option (g_socket_connection_get_socket (stream), SOL_SOCKET, SO_SNDBUF,
                         SMALL_BUFFER, NULL);

  g_clear_object (&fixture->connection);
  fixture->connection = g_object_new (test->type (), NULL);
  fixture->open++;
  g_signal_connect (fixture->connection, "closed", G_CALLBACK (closed_cb), fixture);
  neko_connection_start (fixture->connection, stream, "127.0.0.1",
                         NEKO_AUTHENTICATOR (fixture->mail), fixture->throttle,
                         test->idle_seconds, test->security, fixture->certificate);
}


static GTlsCertificate *
make_certificate (void)
{
  const char *const names[] = { "localhost", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) pem = neko_self_signed_make (NULL, names,
                                                      g_get_real_time () / G_USEC_PER_SEC, &error);
  GTlsCertificate *certificate;

  g_assert_no_error (error);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);

  return certificate;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->test = user_data;
  fixture->mail = memory_mail_new ();
  fixture->throttle = neko_throttle_new ();
  fixture->certificate = make_certificate ();
  fixture->listener = neko_listener_new (0);
  fixture->loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect (fixture->listener, "incoming", G_CALLBACK (incoming_cb), fixture);
  neko_listener_start (fixture->listener);
  g_assert_true (neko_listener_is_listening (fixture->listener));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_clear_object (&fixture->client);

  while (fixture->open > 0)
    g_main_context_iteration (NULL, TRUE);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  if (fixture->connection != NULL)
    g_assert_finalize_object (fixture->connection);

  neko_listener_stop (fixture->listener);
  g_object_unref (fixture->listener);
  g_assert_finalize_object (fixture->mail);
  neko_throttle_free (fixture->throttle);
  g_object_unref (fixture->certificate);
  g_main_loop_unref (fixture->loop);
}


static gpointer
client_thread (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->test->talk (neko_listener_get_port (fixture->listener), fixture);
  g_main_loop_quit (fixture->loop);

  return NULL;
}


/* The client in a thread, the server in this one. */
static void
test_talk (Fixture      *fixture,
           gconstpointer user_data)
{
  GThread *thread = g_thread_new ("client", client_thread, fixture);

  g_main_loop_run (fixture->loop);
  g_thread_join (thread);
}


static gboolean
accept_cb (GTlsConnection      *connection,
           GTlsCertificate     *certificate,
           GTlsCertificateFlags flags,
           gpointer             user_data)
{
  return g_tls_certificate_is_same (certificate, user_data);
}


/* Begins TLS as a client; trusts the certificate of the test and no other. */
static GSocketConnection *
secure (GSocketConnection *clear,
        Fixture           *fixture)
{
  g_autoptr (GIOStream) tls = NULL;
  GError *error = NULL;

  tls = g_tls_client_connection_new (G_IO_STREAM (clear), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_cb), fixture->certificate);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error);
  g_assert_no_error (error);

  return g_tcp_wrapper_connection_new (tls, g_socket_connection_get_socket (clear));
}


static GSocketConnection *
connect_inside_tls (guint16  port,
                    Fixture *fixture)
{
  g_autoptr (GSocketConnection) clear = test_client_connect (port);

  return secure (clear, fixture);
}


/* The connection ends, and TLS with it: nobody cut it. */
static void
expect_end (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GError) error = NULL;
  char octet;
  gssize length = g_input_stream_read (input, &octet, 1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (length, ==, 0);
}


/* The connection ends, with a reset where the server had not read all. */
static void
expect_cut (GSocketConnection *connection)
{
  g_autofree char *rest = test_client_read_end (connection);

  g_assert_cmpstr (rest, ==, "");
}


static void
pop3_requires_tls (guint16  port,
                   gpointer fixture)
{
  g_autoptr (GSocketConnection) clear = test_client_connect (port);
  g_autoptr (GSocketConnection) tls = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  test_client_expect (clear, "+OK");
  test_client_ask (clear, "CAPA", "+OK");
  before = test_client_read_text (clear);
  g_assert_nonnull (strstr (before, "STLS\r\n"));
  g_assert_null (strstr (before, "\nUSER\r\n"));
  g_assert_null (strstr (before, "SASL"));
  test_client_ask (clear, "USER " MEMORY_USER, "-ERR");
  test_client_ask (clear, "PASS " MEMORY_PASSWORD, "-ERR");
  test_client_ask (clear, PLAIN, "-ERR");
  test_client_ask (clear, "AUTH PLAIN", "-ERR");
  test_client_ask (clear, "AUTH LOGIN", "-ERR");
  test_client_ask (clear, "STAT", "-ERR");
  test_client_ask (clear, "STLS", "+OK");
  tls = secure (clear, fixture);
  test_client_ask (tls, "CAPA", "+OK");
  after = test_client_read_text (tls);
  g_assert_null (strstr (after, "STLS\r\n"));
  g_assert_nonnull (strstr (after, "\nUSER\r\n"));
  g_assert_nonnull (strstr (after, "SASL PLAIN LOGIN\r\n"));
  test_client_ask (tls, "STLS", "-ERR");
  test_client_ask (tls, "USER " MEMORY_USER, "+OK");
  test_client_ask (tls, "PASS " MEMORY_PASSWORD, "+OK");
  test_client_ask (tls, "QUIT", "+OK");
  expect_end (tls);
}


/* Reads the answer to EHLO, all lines of it. */
static char *
say_hello (GSocketConnection *connection)
{
  g_autoptr (GString) answer = g_string_new (NULL);

  test_client_send (connection, "EHLO client\r\n");

  for (;;) {
    g_autofree char *line = test_client_read_line (connection);

    g_assert_nonnull (line);
    g_string_append_printf (answer, "%s\n", line);

    if (g_str_has_prefix (line, "250 "))
      return g_string_free (g_steal_pointer (&answer), FALSE);
  }
}


static void
smtp_requires_tls (guint16  port,
                   gpointer fixture)
{
  g_autoptr (GSocketConnection) clear = test_client_connect (port);
  g_autoptr (GSocketConnection) tls = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  test_client_expect (clear, "220");
  before = say_hello (clear);
  g_assert_nonnull (strstr (before, "STARTTLS"));
  g_assert_null (strstr (before, "AUTH"));
  test_client_ask (clear, PLAIN, "530 5.7.0");
  test_client_ask (clear, "AUTH LOGIN", "530 5.7.0");
  test_client_ask (clear, "MAIL FROM:<" MEMORY_USER ">", "530 5.7.0");
  test_client_ask (clear, "NOOP", "250");
  test_client_ask (clear, "STARTTLS", "220");
  tls = secure (clear, fixture);
  test_client_ask (tls, PLAIN, "503");
  after = say_hello (tls);
  g_assert_null (strstr (after, "STARTTLS"));
  g_assert_nonnull (strstr (after, "AUTH PLAIN LOGIN"));
  test_client_ask (tls, "STARTTLS", "5");
  test_client_ask (tls, PLAIN, "235");
  test_client_ask (tls, "MAIL FROM:<" MEMORY_USER ">", "250");
  test_client_ask (tls, "QUIT", "221");
  expect_end (tls);
}


static void
send_octets (GSocketConnection *connection,
             const char        *octets,
             size_t             length)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), octets, length,
                             NULL, NULL, NULL);
}


static void
pipeline (guint16  port,
          gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GSocketConnection) tls = connect_inside_tls (port, fixture);
  const char *commands = "USER " MEMORY_USER "\r\nPASS " MEMORY_PASSWORD "\r\nSTAT\r\nNOOP\r\n";

  /* In one record, and each octet in one of its own. */
  test_client_expect (tls, "+OK");
  test_client_send (tls, commands);

  for (int i = 0; i < 4; i++)
    test_client_expect (tls, "+OK");

  for (size_t i = 0; i < 100; i++)
    send_octets (tls, &"NOOP\r\n"[i % 6], 1);

  test_client_send (tls, "\r\nQUIT\r\n");

  for (int i = 0; i < 18; i++)
    test_client_expect (tls, "+OK");

  expect_end (tls);
}


static void
be_silent (guint16  port,
           gpointer fixture)
{
  g_autoptr (GSocketConnection) tls = connect_inside_tls (port, fixture);
  gboolean is_smtp = ((Fixture *) fixture)->test->type == neko_smtp_connection_get_type;

  test_client_expect (tls, is_smtp ? "220" : "+OK");

  if (is_smtp)
    test_client_expect (tls, "421 4.4.2");

  expect_end (tls);
}


static void
say_nothing (guint16  port,
             gpointer fixture)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);

  expect_end (connection);
}


static void
stop_in_hello (guint16  port,
               gpointer fixture)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);

  send_octets (connection, HALF_HELLO, 6);
  expect_cut (connection);
}


/* The time is that of the whole handshake: it does not begin anew with each octet. */
static void
drip_hello (guint16  port,
            gpointer fixture)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);
  GSocket *socket = g_socket_connection_get_socket (connection);

  send_octets (connection, HALF_HELLO, 6);

  while (!g_socket_condition_timed_wait (socket, G_IO_IN, G_TIME_SPAN_SECOND / 10, NULL, NULL))
    send_octets (connection, "x", 1);

  expect_cut (connection);
}


static void
leave_in_hello (guint16  port,
                gpointer fixture)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);

  send_octets (connection, HALF_HELLO, 6);
}


static void
leave_without_a_word (guint16  port,
                      gpointer fixture)
{
  g_autoptr (GSocketConnection) clear = test_client_connect (port);
  g_autoptr (GSocketConnection) tls = secure (clear, fixture);

  test_client_expect (tls, "+OK");
  g_socket_close (g_socket_connection_get_socket (clear), NULL);
}


static void
stay_clear (guint16  port,
            gpointer fixture)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);
  g_autofree char *rest = NULL;

  test_client_expect (connection, "+OK");
  test_client_ask (connection, "STLS", "+OK");
  test_client_send (connection, "USER " MEMORY_USER "\r\n");
  rest = test_client_read_end (connection);
  g_assert_null (strchr (rest, '+'));
}


static GSocketConnection *
connect_with_small_buffers (guint16 port)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocketConnection) connection = NULL;

  g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, SMALL_BUFFER, NULL);
  connection = g_socket_connection_factory_create_connection (socket);
  g_assert_true (g_socket_connection_connect (connection, address, NULL, NULL));

  return g_steal_pointer (&connection);
}


/* Asks for more than the socket takes, with one more command behind that, before it reads anything. */
static void
ask_for_much (GSocketConnection *connection,
              const char        *last)
{
  g_autoptr (GString) commands = g_string_new (NULL);

  for (int i = 0; i < 120; i++)
    g_string_append (commands, "CAPA\r\n");

  g_string_append (commands, last);
  test_client_expect (connection, "+OK");
  test_client_send (connection, commands->str);

  for (int i = 0; i < 120; i++) {
    g_autofree char *text = NULL;

    test_client_expect (connection, "+OK");
    text = test_client_read_text (connection);
    g_assert_nonnull (text);
  }
}


static void
read_late_in_clear (guint16  port,
                    gpointer fixture)
{
  g_autoptr (GSocketConnection) clear = connect_with_small_buffers (port);

  ask_for_much (clear, "QUIT\r\n");
  test_client_expect (clear, "+OK");
  expect_end (clear);
}


static void
read_late (guint16  port,
           gpointer fixture)
{
  g_autoptr (GSocketConnection) clear = connect_with_small_buffers (port);
  g_autoptr (GSocketConnection) tls = NULL;

  ask_for_much (clear, "STLS\r\n");
  test_client_expect (clear, "+OK");
  tls = secure (clear, fixture);
  test_client_ask (tls, "QUIT", "+OK");
  expect_end (tls);
}


/* Records that the socket takes a part of. */
static void
read_much (guint16  port,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GSocketConnection) clear = connect_with_small_buffers (port);
  g_autoptr (GSocketConnection) tls = secure (clear, fixture);
  g_autofree char *text = NULL;

  test_client_expect (tls, "+OK");
  test_client_ask (tls, "USER " MEMORY_USER, "+OK");
  test_client_ask (tls, "PASS " MEMORY_PASSWORD, "+OK");
  test_client_send (tls, "RETR 1\r\nRETR 1\r\nQUIT\r\n");

  for (int i = 0; i < 2; i++) {
    test_client_expect (tls, "+OK");
    g_free (text);
    text = test_client_read_text (tls);
    g_assert_cmpuint (strlen (text), ==, 300000);
  }

  test_client_expect (tls, "+OK");
  expect_end (tls);
}


static void
test_much (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < 300000)
    g_string_append (text, "..............................................................\r\n");

  g_string_truncate (text, 300000 - 2);
  g_string_append (text, "\r\n");
  memory_mail_add (fixture->mail, "id-1", text->str, text->len);
  test_talk (fixture, user_data);
}


static void
be_idle (guint16  port,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->client = connect_inside_tls (port, fixture);
  test_client_expect (fixture->client, "+OK");
  test_client_ask (fixture->client, "NOOP", "-ERR");
}


/* Once all is done that there was to do, nothing is done. */
static void
test_idle (Fixture      *fixture,
           gconstpointer user_data)
{
  int turns = 0;

  test_talk (fixture, user_data);

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpint (turns++, <, 100);
}


/* The server is told to stop while a handshake goes on: nothing in clear text is said into it. */
static gboolean
shut_down_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  neko_connection_shut_down (fixture->connection);

  return G_SOURCE_REMOVE;
}


static void
stop_the_server (guint16  port,
                 gpointer fixture)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);
  g_autofree char *answer = NULL;

  test_client_expect (connection, "220");
  answer = say_hello (connection);
  test_client_ask (connection, "STARTTLS", "220");
  send_octets (connection, HALF_HELLO, 6);
  g_idle_add (shut_down_cb, fixture);
  expect_cut (connection);
}


static void
test_no_key (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autofree char *pem = NULL;

  g_object_get (fixture->certificate, "certificate-pem", &pem, NULL);
  g_object_unref (fixture->certificate);
  fixture->certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);
  test_talk (fixture, user_data);
}


#define POP3 neko_pop3_connection_get_type
#define SMTP neko_smtp_connection_get_type

int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *path;
    void        (*func) (Fixture      *fixture,
                         gconstpointer user_data);
    Case        test;
  } tests[] = {
    { "required/pop3", test_talk, { POP3, NEKO_SECURITY_REQUIRED, 0, FALSE, pop3_requires_tls } },
    { "required/smtp", test_talk, { SMTP, NEKO_SECURITY_REQUIRED, 0, FALSE, smtp_requires_tls } },
    { "pipelined", test_talk, { POP3, NEKO_SECURITY_TLS, 0, FALSE, pipeline } },
    { "silent/pop3", test_talk, { POP3, NEKO_SECURITY_TLS, 1, FALSE, be_silent } },
    { "silent/smtp", test_talk, { SMTP, NEKO_SECURITY_TLS, 1, FALSE, be_silent } },
    { "silent/from-the-start", test_talk, { POP3, NEKO_SECURITY_TLS, 1, FALSE, say_nothing } },
    { "handshake/stops", test_talk, { POP3, NEKO_SECURITY_TLS, 1, FALSE, stop_in_hello } },
    { "handshake/drips", test_talk, { POP3, NEKO_SECURITY_TLS, 1, FALSE, drip_hello } },
    { "handshake/cut", test_talk, { POP3, NEKO_SECURITY_TLS, 0, FALSE, leave_in_hello } },
    { "handshake/clear-text", test_talk, { POP3, NEKO_SECURITY_OFFERED, 0, FALSE, stay_clear } },
    { "handshake/shut-down", test_talk, { SMTP, NEKO_SECURITY_OFFERED, 0, FALSE, stop_the_server } },
    { "handshake/no-key", test_no_key, { POP3, NEKO_SECURITY_TLS, 0, FALSE, stop_in_hello } },
    { "cut", test_talk, { POP3, NEKO_SECURITY_TLS, 0, FALSE, leave_without_a_word } },
    { "slow/clear", test_talk, { POP3, NEKO_SECURITY_CLEAR, 0, TRUE, read_late_in_clear } },
    { "slow/stls", test_talk, { POP3, NEKO_SECURITY_OFFERED, 0, TRUE, read_late } },
    { "slow/retr", test_much, { POP3, NEKO_SECURITY_TLS, 0, TRUE, read_much } },
    { "idle", test_idle, { POP3, NEKO_SECURITY_TLS, 0, FALSE, be_idle } },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/server/tls/", tests[i].path, NULL);

    g_test_add (path, Fixture, &tests[i].test, set_up, tests[i].func, tear_down);
  }

  return g_test_run ();
}
