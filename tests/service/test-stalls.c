/* test-stalls.c - POP3 from a Worker that stalls, and with a disk that is full
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "neko-remote-maildrop.h"
#include "neko-remote-outbox.h"
#include "neko-server.h"
#include "test-client.h"

#define MESSAGE_LINES 20000
#define MEBI (1024 * 1024)
#define LINE "A line of a message, as long as lines of messages often are in this world.\r\n"
#define COMMANDS "USER a@x.org\r\nPASS x\r\nRETR 1\r\n"

#define STALL_SECONDS 1

/* Where the Worker stalls. */
typedef enum {
  NOWHERE,
  HEADERS,
  BODY,
} Stall;

typedef struct {
  const char *name;
  guint64     spool; /* its size; 0 switches it off */
  Stall       stall;
} Case;


/* Whoever logs in has the mail of one account. */
#define TEST_TYPE_OWNER (test_owner_get_type ())

G_DECLARE_FINAL_TYPE (TestOwner, test_owner, TEST, OWNER, GObject)

struct _TestOwner {
  GObject       parent_instance;

  NekoMaildrop *maildrop;
  NekoOutbox   *outbox;
};

static void test_owner_authenticator_init (NekoAuthenticatorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestOwner, test_owner, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_AUTHENTICATOR,
                                                      test_owner_authenticator_init))


static gboolean
test_owner_log_in (NekoAuthenticator *authenticator,
                   const char        *user,
                   const char        *password,
                   NekoMaildrop     **maildrop,
                   NekoOutbox       **outbox,
                   char             **credential,
                   GError           **error)
{
  TestOwner *self = TEST_OWNER (authenticator);

  *maildrop = g_object_ref (self->maildrop);
  *outbox = g_object_ref (self->outbox);
  *credential = g_strdup (user);

  return TRUE;
}


static void
test_owner_authenticator_init (NekoAuthenticatorInterface *iface)
{
  iface->log_in = test_owner_log_in;
}


static void
test_owner_finalize (GObject *object)
{
  TestOwner *self = TEST_OWNER (object);

  g_clear_object (&self->maildrop);
  g_clear_object (&self->outbox);

  G_OBJECT_CLASS (test_owner_parent_class)->finalize (object);
}


static void
test_owner_class_init (TestOwnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_owner_finalize;
}


static void
test_owner_init (TestOwner *self)
{
}


typedef struct {
  SoupServer       *worker;
  GString          *message;
  char             *sha256;
  Stall             stall;
  unsigned          requests; /* for messages */
  GPtrArray        *streams;  /* to where the Worker stalls */
  NekoRemoteClient *client;
  NekoEventChannel *events;
  NekoSpool        *spool;
  char             *folder;
  TestOwner        *owner;
  NekoServer       *server;
  guint16           port;
} Fixture;


/* Sends an answer, or only half of it, or nothing at all. */
static void
answer (Fixture           *fixture,
        SoupServerMessage *message,
        const GString     *body,
        Stall              stall)
{
  g_autofree char *tag = g_strdup_printf ("\"%s\"", fixture->sha256);
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nETag: %s\r\n\r\n",
                                           body->len, tag);
  GIOStream *stream;
  GOutputStream *output;

  if (stall == NOWHERE) {
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", tag);
    soup_server_message_set_response (message, "application/vnd.neko-mail.frames", SOUP_MEMORY_COPY,
                                      body->str, body->len);
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
    return;
  }

  stream = soup_server_message_steal_connection (message);
  output = g_io_stream_get_output_stream (stream);
  g_ptr_array_add (fixture->streams, stream);

  if (stall == HEADERS)
    return;

  /* Little enough for the socket to take it at once. */
  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (output, body->str, MIN (body->len / 2, 50000), NULL, NULL, NULL);
}


static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GString) body = g_string_new (NULL);

  if (g_str_equal (path, "/v1/messages")) {
    g_string_append_printf (body, "{\"seq\":1,\"reset\":true}\n{\"id\":\"one\",\"seq\":1,\"octets\":%zu}\n"
                            "{\"end\":true,\"seq\":1}\n", fixture->message->len);
    answer (fixture, message, body, NOWHERE);
    return;
  }

  fixture->requests++;

  if (g_str_equal (path, "/v1/messages/fetch")) {
    g_string_append_printf (body, "{\"id\":\"one\",\"size\":%zu,\"sha256\":\"%s\"}\n%s{\"end\":true}\n",
                            fixture->message->len, fixture->sha256, fixture->message->str);
    answer (fixture, message, body, fixture->stall);
  } else {
    answer (fixture, message, fixture->message, fixture->stall);
  }
}


static void
start_worker (Fixture *fixture)
{
  fixture->worker = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->worker, NULL, request_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->worker, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  fixture->streams = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->message = g_string_new ("Subject: x\r\n\r\n");

  for (unsigned i = 0; i < MESSAGE_LINES; i++)
    g_string_append (fixture->message, LINE);

  fixture->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, fixture->message->str,
                                                   fixture->message->len);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  const Case *test = user_data;
  GSList *uris;
  g_autofree char *url = NULL;

  start_worker (fixture);
  fixture->stall = test->stall;
  uris = soup_server_get_uris (fixture->worker);
  url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->client = neko_remote_client_new (url, NULL);
  neko_remote_client_set_stall_time (fixture->client, STALL_SECONDS);
  fixture->events = neko_event_channel_new (fixture->client);
  fixture->folder = g_dir_make_tmp ("neko-spool-XXXXXX", NULL);
  fixture->spool = neko_spool_new (fixture->folder, test->spool);
  fixture->owner = g_object_new (TEST_TYPE_OWNER, NULL);
  fixture->owner->maildrop = NEKO_MAILDROP (neko_remote_maildrop_new (fixture->client, fixture->events,
                                                                      fixture->spool));
  fixture->owner->outbox = NEKO_OUTBOX (neko_remote_outbox_new (fixture->client, "a@x.org"));
  fixture->server = neko_server_new_pop3 (0, NEKO_AUTHENTICATOR (fixture->owner));
  neko_server_start (fixture->server);
  fixture->port = neko_listener_get_port (neko_server_get_listener (fixture->server));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  neko_server_stop (fixture->server);

  while (neko_server_get_connections (fixture->server) > 0)
    g_main_context_iteration (NULL, TRUE);

  test_client_settle ();
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->owner);
  g_object_unref (fixture->events);
  test_client_settle ();
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->spool);
  g_ptr_array_unref (fixture->streams);
  soup_server_disconnect (fixture->worker);
  g_object_unref (fixture->worker);
  g_string_free (fixture->message, TRUE);
  g_free (fixture->sha256);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}


/* Reads the message and says what came of it, until the server closes or answers QUIT. */
static GString *
retrieve (Fixture    *fixture,
          const char *more)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (fixture->port);
  GString *text = g_string_new (NULL);

  test_client_send (connection, COMMANDS);
  test_client_send (connection, more);

  while (test_client_take (connection, text))
    g_main_context_iteration (NULL, TRUE);

  return text;
}


static void
assert_whole (Fixture       *fixture,
              const GString *text)
{
  g_autofree char *expected = g_strconcat ("+OK message follows\r\n", fixture->message->str,
                                           ".\r\n+OK", NULL);

  g_assert_nonnull (strstr (text->str, expected));
}


/* Guards against the cut message that looks whole: without all of it there is no end. */
static void
test_stalled (Fixture      *fixture,
              gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (GString) text = retrieve (fixture, "QUIT\r\n");
  g_autoptr (GString) again = NULL;

  if (test->stall == HEADERS) {
    g_assert_nonnull (strstr (text->str, "\r\n-ERR [SYS/TEMP]"));
    g_assert_null (strstr (text->str, "Subject: x"));
  } else {
    g_assert_nonnull (strstr (text->str, "+OK message follows\r\nSubject: x\r\n"));
    g_assert_null (strstr (text->str, "\r\n.\r\n"));
    g_assert_false (g_str_has_suffix (text->str, "+OK bye\r\n"));
  }

  /* It is not kept as it was, and comes when the Worker is itself again. */
  fixture->stall = NOWHERE;
  again = retrieve (fixture, "QUIT\r\n");
  assert_whole (fixture, again);
}


/* A client that leaves while the Worker stalls is forgotten, however long that one stalls. */
static void
test_client_leaves (Fixture      *fixture,
                    gconstpointer user_data)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (fixture->port);

  neko_remote_client_set_stall_time (fixture->client, 0);
  test_client_send (connection, COMMANDS);

  while (fixture->requests == 0)
    g_main_context_iteration (NULL, TRUE);

  test_client_settle ();
  g_assert_cmpuint (neko_server_get_connections (fixture->server), ==, 1);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  while (neko_server_get_connections (fixture->server) > 0)
    g_main_context_iteration (NULL, TRUE);
}


/* A spool without room is no reason not to deliver. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer user_data)
{
  static const rlim_t limits[] = { 0, 65536, MEBI };
  struct rlimit before;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);

  for (size_t i = 0; i < G_N_ELEMENTS (limits); i++) {
    const struct rlimit limit = { limits[i], before.rlim_max };
    g_autoptr (GString) text = NULL;

    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
    text = retrieve (fixture, "QUIT\r\n");
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

    /* Where some of it was in the spool, the client has that and nothing can be mended; it comes again. */
    if (i == 0 || g_str_has_suffix (text->str, "+OK bye\r\n"))
      assert_whole (fixture, text);
    else
      g_assert_null (strstr (text->str, "\r\n.\r\n"));

    g_string_free (g_steal_pointer (&text), TRUE);
    text = retrieve (fixture, "QUIT\r\n");
    assert_whole (fixture, text);
  }
}

int
main (int   argc,
      char *argv[])
{
  static const struct {
    Case test;
    void (*func) (Fixture      *fixture,
                  gconstpointer user_data);
  } tests[] = {
    { { "stalled/headers",            0,         HEADERS }, test_stalled       },
    { { "stalled/body",               0,         BODY    }, test_stalled       },
    { { "stalled/spool/headers",      64 * MEBI, HEADERS }, test_stalled       },
    { { "stalled/spool/body",         64 * MEBI, BODY    }, test_stalled       },
    { { "client-leaves/headers",      0,         HEADERS }, test_client_leaves },
    { { "client-leaves/body",         0,         BODY    }, test_client_leaves },
    { { "client-leaves/spool/headers", 64 * MEBI, HEADERS }, test_client_leaves },
    { { "client-leaves/spool/body",   64 * MEBI, BODY    }, test_client_leaves },
    { { "full-disk",                  64 * MEBI, NOWHERE }, test_full_disk     },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/service/stalls/", tests[i].test.name, NULL);

    g_test_add (path, Fixture, &tests[i].test, set_up, tests[i].func, tear_down);
  }

  return g_test_run ();
}
