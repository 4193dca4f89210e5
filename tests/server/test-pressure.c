/* test-pressure.c - clients that do not read, do not end, or speak something else, and a disk that is full
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "memory-mail.h"
#include "test-client.h"

#define MEBI (1024 * 1024)

/* What a server may need for any of this. Nothing can be said of it where AddressSanitizer keeps what was freed. */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_LIMIT (G_MAXSIZE / 2)
#else
#define MEMORY_LIMIT (4 * MEBI)
#endif

#define AUTH "AUTH PLAIN AGFsaWNlQG5la28udGVzdABjb3JyZWN0IGhvcnNl"
#define POP3_LOG_IN "USER " MEMORY_USER "\r\nPASS " MEMORY_PASSWORD "\r\n"
#define SMTP_BEGIN \
  "EHLO test\r\n" AUTH "\r\nMAIL FROM:<" MEMORY_USER ">\r\nRCPT TO:<bob@example.org>\r\n"

typedef struct {
  const char *name;
  NekoServer *(*new_server)(guint16 port,
                            NekoAuthenticator *authenticator);
  const char *greeting;
  const char *command;  /* with an answer of several lines */
  const char *last;     /* how the last line of that begins */
  const char *too_long; /* the answer to a line that is */
} Protocol;

static const Protocol protocols[] = {
  { "pop3", neko_server_new_pop3, "+OK", "CAPA\r\n", "\r\n.\r\n", "-ERR" },
  { "smtp", neko_server_new_smtp, "220", "EHLO x\r\n", "\r\n250 ", "500 5.5.6" },
};

typedef struct {
  MemoryMail *mail;
  NekoServer *server;
  guint16     port;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  const Protocol *protocol = user_data;

  fixture->mail = memory_mail_new ();
  fixture->server = protocol->new_server (0, NEKO_AUTHENTICATOR (fixture->mail));
  neko_server_start (fixture->server);
  fixture->port = neko_listener_get_port (neko_server_get_listener (fixture->server));
}


static void
wait_for_connections (Fixture *fixture,
                      size_t   count)
{
  while (neko_server_get_connections (fixture->server) != count)
    g_main_context_iteration (NULL, TRUE);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  neko_server_stop (fixture->server);
  wait_for_connections (fixture, 0);
  test_client_settle ();
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->mail);
}


/* Octets of memory that this program has. */
static size_t
get_memory (void)
{
  g_autofree char *text = NULL;
  unsigned long pages;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %lu", &pages), ==, 1);

  return pages * sysconf (_SC_PAGESIZE);
}


static void
assert_memory (size_t before)
{
  size_t now = get_memory ();

  g_test_message ("%zu KiB more", now > before ? (now - before) / 1024 : 0);
  g_assert_cmpuint (now, <, before + MEMORY_LIMIT);
}


static GSocketConnection *
connect_and_greet (Fixture        *fixture,
                   const Protocol *protocol)
{
  GSocketConnection *connection = test_client_connect (fixture->port);
  g_autoptr (GString) greeting = g_string_new (NULL);

  test_client_settle ();
  g_assert_true (test_client_take (connection, greeting));
  g_assert_true (g_str_has_prefix (greeting->str, protocol->greeting));

  return connection;
}


/* Takes what comes until the server closes; there, or where the text has @end, it ends. */
static void
take_until (GSocketConnection *connection,
            GString           *text,
            const char        *end)
{
  while (test_client_take (connection, text)) {
    if (end != NULL && g_str_has_suffix (text->str, end))
      return;

    g_main_context_iteration (NULL, TRUE);
  }

  g_assert_null (end);
}


static void
assert_serves (Fixture        *fixture,
               const Protocol *protocol)
{
  g_autoptr (GSocketConnection) other = connect_and_greet (fixture, protocol);
  g_autoptr (GString) answer = g_string_new (NULL);
  size_t connections = neko_server_get_connections (fixture->server);

  test_client_send (other, protocol->command);
  test_client_settle ();
  test_client_take (other, answer);
  g_assert_nonnull (strstr (answer->str, protocol->last));
  g_io_stream_close (G_IO_STREAM (other), NULL, NULL);
  wait_for_connections (fixture, connections - 1);
}


/* A line without an end costs one answer and no memory, and what comes behind it is heard. */
static void
test_endless_line (Fixture      *fixture,
                   gconstpointer user_data)
{
  const Protocol *protocol = user_data;
  g_autoptr (GSocketConnection) connection = connect_and_greet (fixture, protocol);
  g_autoptr (GString) answers = g_string_new (NULL);
  g_autofree char *piece = g_strnfill (MEBI, 'a');
  size_t before = get_memory ();

  for (size_t sent = 0; sent < 32 * MEBI; test_client_settle ())
    sent += test_client_offer (connection, piece, MEBI - sent % MEBI);

  g_assert_cmpuint (answers->len, ==, 0);
  assert_memory (before);
  assert_serves (fixture, protocol);
  test_client_send (connection, "\r\nQUIT\r\n");
  take_until (connection, answers, NULL);
  g_assert_true (g_str_has_prefix (answers->str, protocol->too_long));
  g_assert_cmpuint (strlen (strchr (answers->str, '\n') + 1), <, 100);
}


/* Sends commands until there is no room for more.  Returns: how many octets were sent */
static size_t
flood (GSocketConnection *connection,
       const char        *command)
{
  size_t length = strlen (command);
  size_t sent = 0;
  size_t part;

  do {
    part = test_client_offer (connection, command + sent % length, length - sent % length);
    sent += part;

    if (part == 0) {
      test_client_settle ();
      part = test_client_offer (connection, command + sent % length, length - sent % length);
      sent += part;
    }

    g_assert_cmpuint (sent, <, 64 * MEBI);
  } while (part > 0);

  return sent;
}


/* AddressSanitizer has strstr() look at all that is left, each time. */
static size_t
count_matches (const GString *text,
               const char    *part)
{
  size_t length = strlen (part);
  size_t count = 0;

  for (size_t i = 0; i + length <= text->len; i++)
    count += text->str[i] == part[0] && memcmp (text->str + i, part, length) == 0;

  return count;
}


/* Who asks and asks and does not read is not listened to any more, and has lost nothing when it reads. */
static void
test_unread_answers (Fixture      *fixture,
                     gconstpointer user_data)
{
  const Protocol *protocol = user_data;
  g_autoptr (GSocketConnection) connection = connect_and_greet (fixture, protocol);
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GString) answers = g_string_new ("\r\n");
  size_t length = strlen (protocol->command);
  size_t before = get_memory ();
  size_t sent;

  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, 65536, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, 65536, NULL);
  sent = flood (connection, protocol->command);
  assert_memory (before);
  assert_serves (fixture, protocol);

  /* The rest of the last one. */
  for (; sent % length > 0; test_client_settle ()) {
    test_client_take (connection, answers);
    sent += test_client_offer (connection, protocol->command + sent % length, length - sent % length);
  }

  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  take_until (connection, answers, NULL);
  g_assert_cmpuint (count_matches (answers, protocol->last), ==, sent / length);
}


static void
test_other_protocols (Fixture      *fixture,
                      gconstpointer user_data)
{
  static const struct {
    const char *text;
    size_t      length;
  } openings[] = {
#define OPENING(text) { text, sizeof text - 1 \
}
    OPENING ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    OPENING ("POST /form HTTP/1.1\r\nContent-Length: 6\r\n\r\nQUIT\r\n"),
    /* A ClientHello of TLS 1.2, and as much as a program that probes for one sends. */
    OPENING ("\x16\x03\x01\0\x2d\x01\0\0\x29\x03\x03" "01234567890123456789012345678901"
             "\0\0\x02\x13\x01\x01\0"),
    OPENING ("\x16"),
#undef OPENING
  };
  const Protocol *protocol = user_data;

  for (size_t i = 0; i < G_N_ELEMENTS (openings); i++) {
    g_autoptr (GSocketConnection) connection = connect_and_greet (fixture, protocol);
    g_autoptr (GString) answer = g_string_new (NULL);

    g_assert_cmpuint (test_client_offer (connection, openings[i].text, openings[i].length), ==,
                      openings[i].length);
    test_client_settle ();
    g_assert_cmpuint (neko_server_get_connections (fixture->server), ==, 0);
    g_assert_false (test_client_take (connection, answer));
    g_assert_cmpstr (answer->str, ==, "");
  }
}


static GString *
make_message (size_t size)
{
  GString *message = g_string_sized_new (size + 100);

  g_string_append (message, "Subject: large\r\n\r\n");

  while (message->len < size)
    g_string_append (message, ".a line that begins with a dot, of a message that is large\r\n");

  return message;
}


static void
test_slow_reader (Fixture      *fixture,
                  gconstpointer user_data)
{
  const Protocol *protocol = user_data;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GString) message = make_message (25 * MEBI);
  g_autoptr (GString) received = g_string_sized_new (27 * MEBI);
  size_t before;

  memory_mail_add (fixture->mail, "large", message->str, message->len);
  memset (received->str, 'x', received->allocated_len);
  received->str[0] = '\0';
  connection = connect_and_greet (fixture, protocol);
  before = get_memory ();
  test_client_send (connection, POP3_LOG_IN "RETR 1\r\nQUIT\r\n");
  test_client_settle ();
  assert_memory (before);
  assert_serves (fixture, protocol);

  take_until (connection, received, NULL);
  assert_memory (before);
  g_assert_cmpuint (received->len, >, message->len);
  g_assert_nonnull (strstr (received->str, "\r\n.\r\n+OK"));
}


/* Who does not read what it asked for is let go as one that says nothing. */
static void
test_never_reads (Fixture      *fixture,
                  gconstpointer user_data)
{
  const Protocol *protocol = user_data;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GString) message = make_message (25 * MEBI);

  memory_mail_add (fixture->mail, "large", message->str, message->len);
  neko_server_set_idle_time (fixture->server, 1);
  connection = connect_and_greet (fixture, protocol);
  test_client_send (connection, POP3_LOG_IN "DELE 1\r\nRSET\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n");
  test_client_settle ();
  wait_for_connections (fixture, 0);
  g_assert_cmpuint (memory_mail_get_length (fixture->mail), ==, 1);
}


static void
test_refused_can_come_again (Fixture      *fixture,
                             gconstpointer user_data)
{
  const Protocol *protocol = user_data;
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GString) refusal = g_string_new (NULL);
  g_autoptr (GSocketConnection) refused = NULL;

  for (unsigned i = 0; i < NEKO_SERVER_PEER_LIMIT; i++)
    g_ptr_array_add (connections, connect_and_greet (fixture, protocol));

  refused = test_client_connect (fixture->port);
  test_client_settle ();
  g_assert_false (test_client_take (refused, refusal));
  g_assert_nonnull (strstr (refusal->str, "too many connections, try again later\r\n"));

  g_ptr_array_set_size (connections, NEKO_SERVER_PEER_LIMIT - 1);
  wait_for_connections (fixture, NEKO_SERVER_PEER_LIMIT - 1);
  g_ptr_array_add (connections, connect_and_greet (fixture, protocol));
  g_ptr_array_remove_index (connections, 0);
  wait_for_connections (fixture, NEKO_SERVER_PEER_LIMIT - 1);
  assert_serves (fixture, protocol);
}


/* No file grows beyond @octets. */
static void
limit_files (rlim_t octets)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (octets, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}


static void
submit (GSocketConnection *connection,
        const GString     *message)
{
  g_autoptr (GString) answers = g_string_new (NULL);

  g_autofree char *data = g_strconcat (message->str, ".\r\n", NULL);
  size_t length = strlen (data);

  test_client_send (connection, SMTP_BEGIN "DATA\r\n");
  take_until (connection, answers, "<CR><LF>.<CR><LF>\r\n");

  for (size_t sent = 0; sent < length; test_client_settle ())
    sent += test_client_offer (connection, data + sent, length - sent);
}


/* A message for which there is no room is refused for now, and the session goes on. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer user_data)
{
  static const struct {
    rlim_t limit;
    size_t size;
  } disks[] = {
    { 0, 3 * MEBI },              /* not an octet fits */
    { MEBI, 3 * MEBI },           /* the beginning does */
    { 300 * 1024, 320 * 1024 },   /* all but the end does */
  };
  g_autoptr (GSocketConnection) connection = connect_and_greet (fixture, user_data);
  g_autoptr (GString) small = g_string_new ("small\r\n");

  signal (SIGXFSZ, SIG_IGN);

  for (size_t i = 0; i < G_N_ELEMENTS (disks); i++) {
    g_autoptr (GString) large = make_message (disks[i].size);
    g_autoptr (GString) answer = g_string_new (NULL);

    limit_files (disks[i].limit);
    submit (connection, large);
    take_until (connection, answer, "\r\n");
    limit_files (RLIM_INFINITY);
    g_assert_true (g_str_has_prefix (answer->str, "452 4.3.1"));
    g_assert_cmpuint (memory_mail_count_submitted (fixture->mail), ==, i);

    g_string_truncate (answer, 0);
    submit (connection, small);
    take_until (connection, answer, "\r\n");
    g_assert_true (g_str_has_prefix (answer->str, "250 2.0.0"));
    g_assert_cmpuint (memory_mail_count_submitted (fixture->mail), ==, i + 1);
  }
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *name;
    const char *only; /* (nullable): the protocol that has it */
    void (*func) (Fixture      *fixture,
                  gconstpointer user_data);
  } tests[] = {
    { "endless-line",           NULL,   test_endless_line           },
    { "unread-answers",         NULL,   test_unread_answers         },
    { "other-protocols",        NULL,   test_other_protocols        },
    { "refused-can-come-again", NULL,   test_refused_can_come_again },
    { "slow-reader",            "pop3", test_slow_reader            },
    { "never-reads",            "pop3", test_never_reads            },
    { "full-disk",              "smtp", test_full_disk              },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests) * G_N_ELEMENTS (protocols); i++) {
    const Protocol *protocol = &protocols[i % G_N_ELEMENTS (protocols)];
    size_t test = i / G_N_ELEMENTS (protocols);
    g_autofree char *path = g_strdup_printf ("/server/pressure/%s/%s", protocol->name,
                                             tests[test].name);

    if (tests[test].only == NULL || g_str_equal (tests[test].only, protocol->name))
      g_test_add (path, Fixture, protocol, set_up, tests[test].func, tear_down);
  }

  return g_test_run ();
}
