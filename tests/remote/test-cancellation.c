/* test-cancellation.c - whatever is asked of a Worker that stalls ends when it is cancelled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "neko-remote-export.h"
#include "neko-remote-info.h"
#include "neko-remote-maildrop.h"
#include "neko-remote-outbox.h"
#include "neko-remote-sign-in.h"
#include "neko-remote-sign-out.h"

#define OCTETS 1000
#define HEAD "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
#define FRAMES "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.neko-mail.frames\r\n" \
  "Content-Length: 100000\r\n\r\n"
#define FAILURE "HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n{"

/* Where the Worker stalls, and so what is waited for when it is cancelled. */
typedef enum {
  BEFORE,    /* cancelled before it is asked for */
  AT_ONCE,   /* in the same turn of the main loop */
  UPLOAD,    /* the Worker does not read */
  HEADERS,   /* it read the request */
  BODY,      /* it sent the beginning of the answer */
  ERROR,     /* it sent the beginning of an error */
  RETRY,     /* it cut the connection, and is to be asked again */
} Stage;

static const char *const stages[] = {
  "before", "at-once", "upload", "headers", "body", "error", "retry",
};

typedef struct {
  SoupServer       *server;
  GSocketListener  *deaf;     /* accepts nothing */
  GPtrArray        *streams;  /* to clients that wait */
  Stage             stage;
  const char       *beginning;  /* of the answer */
  unsigned          requests;
  NekoRemoteClient *client;
  NekoEventChannel *events;
  NekoSpool        *spool;
  NekoMaildrop     *maildrop;
  NekoRemoteOutbox *outbox;
  NekoMessageList  *list;
  NekoSubmission   *submission;
  GInputStream     *message;
  char             *folder;
  char             *url;
} Fixture;

typedef struct {
  const char *name;
  guint64     spool;     /* its size */
  const char *beginning; /* of the answer that it waits for; (nullable): it does not wait for the rest */
  gboolean    is_upload;
  void (*start)(Fixture            *fixture,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data);
  gboolean (*finish)(Fixture      *fixture,
                     GAsyncResult *result,
                     GError      **error);
} Operation;

typedef struct {
  const Operation *operation;
  Stage            stage;
} Case;

typedef struct {
  GAsyncResult *result;
  unsigned      calls;
} Outcome;


static void
start_list (Fixture            *fixture,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  neko_maildrop_list_async (fixture->maildrop, cancellable, callback, user_data);
}


static gboolean
finish_list (Fixture      *fixture,
             GAsyncResult *result,
             GError      **error)
{
  g_autoptr (NekoMessageList) list = neko_maildrop_list_finish (fixture->maildrop, result, error);

  return list != NULL;
}


static void
start_read (Fixture            *fixture,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  neko_maildrop_read_async (fixture->maildrop, fixture->list, 0, NEKO_MAILDROP_ALL_LINES,
                            cancellable, callback, user_data);
}


static void
start_top (Fixture            *fixture,
           GCancellable       *cancellable,
           GAsyncReadyCallback callback,
           gpointer            user_data)
{
  neko_maildrop_read_async (fixture->maildrop, fixture->list, 0, 1, cancellable, callback, user_data);
}


static gboolean
finish_read (Fixture      *fixture,
             GAsyncResult *result,
             GError      **error)
{
  g_autoptr (NekoMessageReader) reader = neko_maildrop_read_finish (fixture->maildrop, result, error);

  return reader != NULL;
}


static void
start_delete (Fixture            *fixture,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  static const char *const ids[] = { "one", NULL };

  neko_maildrop_delete_async (fixture->maildrop, ids, cancellable, callback, user_data);
}


static gboolean
finish_delete (Fixture      *fixture,
               GAsyncResult *result,
               GError      **error)
{
  return neko_maildrop_delete_finish (fixture->maildrop, result, error);
}


static void
start_submit (Fixture            *fixture,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  neko_outbox_submit_async (NEKO_OUTBOX (fixture->outbox), fixture->submission, fixture->message,
                            cancellable, callback, user_data);
}


static gboolean
finish_submit (Fixture      *fixture,
               GAsyncResult *result,
               GError      **error)
{
  g_autoptr (GPtrArray) deliveries = neko_outbox_submit_finish (NEKO_OUTBOX (fixture->outbox), result,
                                                                error);

  return deliveries != NULL;
}


static void
start_refresh (Fixture            *fixture,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  neko_remote_outbox_refresh_async (fixture->outbox, cancellable, callback, user_data);
}


static gboolean
finish_refresh (Fixture      *fixture,
                GAsyncResult *result,
                GError      **error)
{
  return neko_remote_outbox_refresh_finish (fixture->outbox, result, error);
}


static void
start_sign_in (Fixture            *fixture,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  neko_remote_sign_in_async (fixture->url, "a@x.org", "password", "device", cancellable, callback,
                             user_data);
}


static gboolean
finish_sign_in (Fixture      *fixture,
                GAsyncResult *result,
                GError      **error)
{
  g_autoptr (NekoSecret) token = neko_remote_sign_in_finish (result, error);

  return token != NULL;
}


static void
start_sign_out (Fixture            *fixture,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data)
{
  neko_remote_sign_out_async (fixture->url, "token", cancellable, callback, user_data);
}


static gboolean
finish_sign_out (Fixture      *fixture,
                 GAsyncResult *result,
                 GError      **error)
{
  return neko_remote_sign_out_finish (result, error);
}


static void
start_info (Fixture            *fixture,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  neko_remote_info_async (fixture->url, cancellable, callback, user_data);
}


static gboolean
finish_info (Fixture      *fixture,
             GAsyncResult *result,
             GError      **error)
{
  g_autoptr (NekoRemoteInfo) info = neko_remote_info_finish (result, error);

  return info != NULL;
}


static void
start_export (Fixture            *fixture,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "inbox.mbox", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  neko_remote_export_async (fixture->client, NEKO_REMOTE_MAILBOX_INBOX, file, NULL, NULL, cancellable,
                            callback, user_data);
}


static gboolean
finish_export (Fixture      *fixture,
               GAsyncResult *result,
               GError      **error)
{
  return neko_remote_export_finish (result, error);
}

#define MEBI (1024 * 1024)

static const Operation operations[] = {
  { "list", 0, HEAD "{\"seq\":1,\"reset\":true}\n", FALSE, start_list, finish_list },
  { "read", 0, NULL, FALSE, start_read, finish_read },
  { "read-ahead", 64 * MEBI, HEAD "{\"id\":\"one\",\"size\":1000,\"sha256\":\"x\"}\n", FALSE, start_read,
    finish_read },
  { "top", 64 * MEBI, NULL, FALSE, start_top, finish_read },
  { "delete", 0, HEAD "{", FALSE, start_delete, finish_delete },
  { "submit", 0, HEAD "{", TRUE, start_submit, finish_submit },
  { "refresh", 0, HEAD "{", FALSE, start_refresh, finish_refresh },
  { "sign-in", 0, HEAD "{", FALSE, start_sign_in, finish_sign_in },
  { "sign-out", 0, HEAD "{", FALSE, start_sign_out, finish_sign_out },
  { "info", 0, HEAD "{", FALSE, start_info, finish_info },
  { "export", 0, FRAMES "{\"size\":9}\nFrom", FALSE, start_export, finish_export },
};


/* The connection stays open, with no more to come. */
static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;
  GIOStream *stream = soup_server_message_steal_connection (message);
  const char *text = fixture->stage == BODY ? fixture->beginning : fixture->stage == ERROR ? FAILURE : "";

  fixture->requests++;
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL,
                             NULL);

  if (fixture->stage == RETRY)
    g_io_stream_close (stream, NULL, NULL);

  g_ptr_array_add (fixture->streams, stream);
}


static char *
listen_deafly (Fixture *fixture)
{
  guint16 port;

  fixture->deaf = g_socket_listener_new ();
  port = g_socket_listener_add_any_inet_port (fixture->deaf, NULL, NULL);
  g_assert_cmpuint (port, >, 0);

  return g_strdup_printf ("http://127.0.0.1:%u/", port);
}


static char *
listen_and_stall (Fixture *fixture)
{
  GSList *uris;
  char *url;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, request_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (fixture->server);
  url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return url;
}


static void
make_submission (Fixture *fixture)
{
  /* Larger than what sockets take, so that one that is not read stalls it. */
  size_t size = fixture->stage == UPLOAD ? 16 * MEBI : 1000;
  char *text = g_strnfill (size, 'x');

  fixture->submission = neko_submission_new ("a@x.org");
  neko_submission_add_recipient (fixture->submission, "b@x.org", NULL, NULL);
  fixture->submission->size = size;
  fixture->submission->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, size);
  fixture->message = g_memory_input_stream_new_from_data (text, size, g_free);
}


static NekoMessageList *
make_list (void)
{
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  NekoMessageChanges *changes = neko_message_changes_new ();
  NekoMessageInfo info = { "one", OCTETS, OCTETS };

  g_assert_true (neko_message_changes_add (changes, &info));
  g_assert_true (neko_message_index_apply (index, changes, NULL));

  return neko_message_index_snapshot (index);
}


static void
set_up (Fixture    *fixture,
        const Case *test)
{
  fixture->stage = test->stage;
  fixture->beginning = test->operation->beginning;
  fixture->streams = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->url = test->stage == UPLOAD ? listen_deafly (fixture) : listen_and_stall (fixture);
  fixture->client = neko_remote_client_new (fixture->url, NULL);

  /* What does not listen never ends. */
  neko_remote_client_set_stall_time (fixture->client, 0);
  fixture->events = neko_event_channel_new (fixture->client);
  fixture->folder = g_dir_make_tmp ("neko-spool-XXXXXX", NULL);
  fixture->spool = neko_spool_new (fixture->folder, test->operation->spool);
  fixture->maildrop = NEKO_MAILDROP (neko_remote_maildrop_new (fixture->client, fixture->events,
                                                               fixture->spool));
  fixture->outbox = neko_remote_outbox_new (fixture->client, "a@x.org");
  fixture->list = make_list ();
  make_submission (fixture);
}


static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}


static void
close_stream (gpointer stream,
              gpointer user_data)
{
  g_io_stream_close (stream, NULL, NULL);
}


static void
notify_cb (gpointer user_data,
           GObject *object)
{
  *(gboolean *) user_data = TRUE;
}


/* What goes on for others, a listing and what is read ahead, ends here with its connection, and with it
 * the last that knows the client. */
static void
tear_down (Fixture *fixture)
{
  gboolean is_gone = FALSE;

  fixture->stage = RETRY;
  g_ptr_array_foreach (fixture->streams, close_stream, NULL);
  g_assert_finalize_object (fixture->maildrop);
  g_assert_finalize_object (fixture->outbox);
  g_assert_finalize_object (fixture->message);
  g_object_unref (fixture->events);
  g_object_weak_ref (G_OBJECT (fixture->client), notify_cb, &is_gone);
  g_object_unref (fixture->client);

  while (!is_gone)
    g_main_context_iteration (NULL, TRUE);

  settle ();
  g_assert_finalize_object (fixture->spool);
  neko_message_list_unref (fixture->list);
  neko_submission_free (fixture->submission);
  g_ptr_array_unref (fixture->streams);
  g_clear_object (&fixture->deaf);

  if (fixture->server != NULL)
    soup_server_disconnect (fixture->server);

  g_clear_object (&fixture->server);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->url);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->calls++;
  g_set_object (&outcome->result, result);
}


/* Lets it come to where it waits. */
static void
wait_for_stall (Fixture *fixture)
{
  if (fixture->stage == AT_ONCE || fixture->stage == BEFORE)
    return;

  while (fixture->stage != UPLOAD && fixture->requests == 0)
    g_main_context_iteration (NULL, TRUE);

  /* An upload has left the stream behind its first part when it waits for the socket. */
  while (fixture->stage == UPLOAD && g_seekable_tell (G_SEEKABLE (fixture->message)) == 0)
    g_main_context_iteration (NULL, TRUE);

  settle ();
}


static void
test_cancelled (gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };
  Outcome outcome = { NULL, 0 };

  set_up (&fixture, test);

  if (test->stage == BEFORE)
    g_cancellable_cancel (cancellable);

  test->operation->start (&fixture, cancellable, done_cb, &outcome);
  g_assert_cmpuint (outcome.calls, ==, 0);
  wait_for_stall (&fixture);
  g_assert_cmpuint (outcome.calls, ==, 0);
  g_cancellable_cancel (cancellable);

  while (outcome.calls == 0)
    g_main_context_iteration (NULL, TRUE);

  settle ();
  g_assert_cmpuint (outcome.calls, ==, 1);
  g_assert_false (test->operation->finish (&fixture, outcome.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&outcome.result);
  tear_down (&fixture);
  g_assert_cmpuint (outcome.calls, ==, 1);
}


/* What one does not wait for any longer, the others get. */
static void
test_others_go_on (gconstpointer user_data)
{
  static const char listing[] = "{\"seq\":1,\"reset\":true}\n{\"end\":true,\"seq\":1}\n";
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                                             "Content-Length: %zu\r\n\r\n%s",
                                             strlen (listing), listing);
  const Case test = { &operations[0], HEADERS };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };
  Outcome cancelled = { NULL, 0 };
  Outcome others[2] = { { NULL, 0 } };

  set_up (&fixture, &test);
  neko_maildrop_list_async (fixture.maildrop, cancellable, done_cb, &cancelled);
  neko_maildrop_list_async (fixture.maildrop, NULL, done_cb, &others[0]);
  neko_maildrop_list_async (fixture.maildrop, NULL, done_cb, &others[1]);
  wait_for_stall (&fixture);
  g_cancellable_cancel (cancellable);

  while (cancelled.calls == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (finish_list (&fixture, cancelled.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  settle ();
  g_assert_cmpuint (others[0].calls + others[1].calls, ==, 0);
  g_assert_cmpuint (fixture.requests, ==, 1);

  /* They came after that listing had begun, so it takes another one. */
  fixture.stage = BODY;
  fixture.beginning = answer;
  g_output_stream_write_all (g_io_stream_get_output_stream (g_ptr_array_index (fixture.streams, 0)),
                             answer, strlen (answer), NULL, NULL, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (others); i++) {
    while (others[i].calls == 0)
      g_main_context_iteration (NULL, TRUE);

    g_assert_true (finish_list (&fixture, others[i].result, NULL));
    g_clear_object (&others[i].result);
  }

  g_assert_cmpuint (fixture.requests, ==, 2);
  g_assert_cmpuint (cancelled.calls, ==, 1);
  g_clear_object (&cancelled.result);
  tear_down (&fixture);
}


static void
ready_cb (NekoMessageReader *reader,
          unsigned          *count)
{
  (*count)++;
}


/* A message that is open already fails, and says so. */
static void
test_reader (gconstpointer user_data)
{
  static const Operation operation = {
    .beginning = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
                 "ETag: \"0123456789012345678901234567890123456789012345678901234567890123\"\r\n\r\nSubject: x\r\n",
  };
  const Case test = { &operation, BODY };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (NekoMessageReader) reader = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };
  Outcome outcome = { NULL, 0 };
  unsigned ready = 0;

  set_up (&fixture, &test);
  start_read (&fixture, cancellable, done_cb, &outcome);

  while (outcome.calls == 0)
    g_main_context_iteration (NULL, TRUE);

  reader = neko_maildrop_read_finish (fixture.maildrop, outcome.result, &error);
  g_assert_no_error (error);
  g_clear_object (&outcome.result);
  g_signal_connect (reader, "ready", G_CALLBACK (ready_cb), &ready);

  while (text->len < strlen ("Subject: x\r\n")) {
    if (neko_message_reader_read (reader, text, 1000, &error) == NEKO_MESSAGE_WAIT)
      g_main_context_iteration (NULL, TRUE);
  }

  g_assert_cmpint (neko_message_reader_read (reader, text, 1000, &error), ==, NEKO_MESSAGE_WAIT);
  settle ();
  ready = 0;
  g_cancellable_cancel (cancellable);

  while (ready == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (neko_message_reader_read (reader, text, 1000, &error), ==, NEKO_MESSAGE_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  settle ();
  g_assert_cmpuint (ready, ==, 1);
  g_assert_finalize_object (g_steal_pointer (&reader));
  tear_down (&fixture);
}


static gboolean
can_stall (const Operation *operation,
           Stage            stage)
{
  if (stage == UPLOAD || stage == RETRY)
    return operation->is_upload;

  return stage != BODY || operation->beginning != NULL;
}


int
main (int   argc,
      char *argv[])
{
  static Case cases[G_N_ELEMENTS (operations) * G_N_ELEMENTS (stages)];

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Operation *operation = &operations[i / G_N_ELEMENTS (stages)];
    Stage stage = i % G_N_ELEMENTS (stages);
    g_autofree char *path = g_strdup_printf ("/remote/cancellation/%s/%s", operation->name,
                                             stages[stage]);

    cases[i] = (Case) { operation, stage };

    if (can_stall (operation, stage))
      g_test_add_data_func (path, &cases[i], test_cancelled);
  }

  g_test_add_data_func ("/remote/cancellation/others-go-on", NULL, test_others_go_on);
  g_test_add_data_func ("/remote/cancellation/reader", NULL, test_reader);

  return g_test_run ();
}
