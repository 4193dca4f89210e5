/* test-remote-worker.c - the client against a Worker that misbehaves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libsoup/soup.h>
#include <string.h>

#include "message-text.h"
#include "neko-remote-maildrop.h"
#include "neko-remote-outbox.h"

#define TEXT "Subject: x\r\n\r\nHello\r\n"

/* How the double answers. */
typedef struct {
  SoupServer       *server;
  NekoRemoteClient *client;
  NekoEventChannel *events;   /* not started */
  NekoSpool        *spool;    /* switched off */
  const char       *body;     /* of a message */
  const char       *digest;   /* of a message, NULL for the right one */
  unsigned          failures; /* how many submissions to break off */
  GPtrArray        *keys;     /* Idempotency-Key of each submission */
  GString          *upload;   /* the body of the last one */
  const char       *answer;   /* to a submission or a deletion, NULL for the right one */
  char             *token;    /* what came as Authorization, last */
} Fixture;


static void
answer_message (Fixture           *fixture,
                SoupServerMessage *message)
{
  g_autofree char *right = g_compute_checksum_for_string (G_CHECKSUM_SHA256, TEXT, -1);
  g_autofree char *tag = g_strdup_printf ("\"%s\"", fixture->digest != NULL ? fixture->digest
                                                                           : right);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", tag);
  soup_server_message_set_response (message, "message/rfc822", SOUP_MEMORY_COPY, fixture->body,
                                    strlen (fixture->body));
  soup_server_message_set_status (message, 200, NULL);
}


static void
answer_listing (SoupServerMessage *message)
{
  g_autofree char *listing = g_strdup_printf ("{\"seq\":1,\"reset\":true}\n"
                                              "{\"id\":\"one\",\"seq\":1,\"octets\":%zu}\n"
                                              "{\"end\":true,\"seq\":1}\n", strlen (TEXT));

  soup_server_message_set_response (message, "application/vnd.neko-mail.frames", SOUP_MEMORY_COPY,
                                    listing, strlen (listing));
  soup_server_message_set_status (message, 200, NULL);
}


static void
answer_submission (Fixture           *fixture,
                   SoupServerMessage *message)
{
  const char *key = soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "Idempotency-Key");
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *answer = "{\"id\":\"s\",\"recipients\":[{\"address\":\"b@x.org\",\"status\":\"sent\","
                       "\"code\":null,\"reason\":null}]}";

  g_ptr_array_add (fixture->keys, g_strdup (key));
  g_string_truncate (fixture->upload, 0);
  g_string_append_len (fixture->upload, body->data, body->length);

  /* The message was taken, but the answer never arrives. */
  if (fixture->keys->len <= fixture->failures) {
    g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

    g_io_stream_close (stream, NULL, NULL);
    return;
  }

  if (fixture->answer != NULL)
    answer = fixture->answer;

  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer,
                                    strlen (answer));
  soup_server_message_set_status (message, 202, NULL);
}


static void
answer_deletion (Fixture           *fixture,
                 SoupServerMessage *message)
{
  const char *answer = fixture->answer != NULL ? fixture->answer
                                               : "{\"deleted\":[\"one\"],\"gone\":[\"two\"]}";

  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer,
                                    strlen (answer));
  soup_server_message_set_status (message, 200, NULL);
}


static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;

  g_free (fixture->token);
  fixture->token = g_strdup (soup_message_headers_get_one (
                               soup_server_message_get_request_headers (message),
                               "Authorization"));

  if (g_str_equal (path, "/v1/messages"))
    answer_listing (message);
  else if (g_str_equal (path, "/v1/messages/delete"))
    answer_deletion (fixture, message);
  else if (g_str_equal (path, "/v1/submissions"))
    answer_submission (fixture, message);
  else
    answer_message (fixture, message);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autoslist (GUri) uris = NULL;
  g_autofree char *url = NULL;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, request_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (fixture->server);
  url = g_uri_to_string (uris->data);
  fixture->client = neko_remote_client_new (url, NULL);
  neko_remote_client_set_token (fixture->client, "nm1.token");
  fixture->events = neko_event_channel_new (fixture->client);
  fixture->spool = neko_spool_new ("/nonexistent", 0);
  fixture->body = TEXT;
  fixture->keys = g_ptr_array_new_with_free_func (g_free);
  fixture->upload = g_string_new (NULL);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_assert_finalize_object (fixture->events);
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->spool);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_ptr_array_unref (fixture->keys);
  g_string_free (fixture->upload, TRUE);
  g_free (fixture->token);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}


static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}


/* Lists, opens the one message and reads it to its end. */
static char *
read_message (Fixture *fixture,
              GError **error)
{
  g_autoptr (NekoMaildrop) maildrop = NEKO_MAILDROP (neko_remote_maildrop_new (fixture->client,
                                                                               fixture->events,
                                                                               fixture->spool));
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (NekoMessageList) list = NULL;
  g_autoptr (NekoMessageReader) reader = NULL;

  neko_maildrop_list_async (maildrop, NULL, done_cb, &listed);
  list = neko_maildrop_list_finish (maildrop, wait_for (&listed), error);
  g_assert_nonnull (list);
  neko_maildrop_read_async (maildrop, list, 0, NEKO_MAILDROP_ALL_LINES, NULL, done_cb, &opened);
  reader = neko_maildrop_read_finish (maildrop, wait_for (&opened), error);

  return reader != NULL ? message_text_read (reader, 7, error) : NULL;
}


static void
test_right_message (Fixture      *fixture,
                    gconstpointer user_data)
{
  GError *error = NULL;
  g_autofree char *text = read_message (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, TEXT);
  g_assert_cmpstr (fixture->token, ==, "Bearer nm1.token");
}


/* A message that is not the right one never looks whole. */
static void
test_wrong_messages (Fixture      *fixture,
                     gconstpointer user_data)
{
  static const char *const bodies[] = {
    "Subject: y\r\n\r\nHello\r\n",
    "Subject: x\r\n\r\nHell",
    "Subject: x\r\n\r\nHello\r\nand more\r\n",
    "",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GError) error = NULL;

    fixture->body = bodies[i];
    g_assert_null (read_message (fixture, &error));
    g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
  }
}


static void
test_no_digest (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->digest = "short";
  g_assert_null (read_message (fixture, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


static GPtrArray *
submit (Fixture *fixture,
        GError **error)
{
  g_autoptr (NekoOutbox) outbox = NEKO_OUTBOX (neko_remote_outbox_new (fixture->client, "a@x.org"));
  g_autoptr (NekoSubmission) submission = neko_submission_new ("a@x.org");
  g_autoptr (GInputStream) message = g_memory_input_stream_new_from_data (TEXT, -1, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  neko_submission_add_recipient (submission, "b@x.org", NULL, NULL);
  submission->size = strlen (TEXT);
  submission->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, TEXT, -1);
  neko_outbox_submit_async (outbox, submission, message, NULL, done_cb, &result);

  return neko_outbox_submit_finish (outbox, wait_for (&result), error);
}


static void
assert_uploaded (Fixture *fixture)
{
  g_assert_true (g_str_has_prefix (fixture->upload->str, "{\"from\":\"a@x.org\""));
  g_assert_true (g_str_has_suffix (fixture->upload->str, "}\n" TEXT));
}


static void
test_submission (Fixture      *fixture,
                 gconstpointer user_data)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) deliveries = submit (fixture, &error);
  const NekoDelivery *delivery;

  g_assert_no_error (error);
  g_assert_cmpuint (deliveries->len, ==, 1);
  delivery = g_ptr_array_index (deliveries, 0);
  g_assert_cmpstr (delivery->address, ==, "b@x.org");
  g_assert_false (delivery->is_refused);
  assert_uploaded (fixture);
}


/* Guards against mail that is sent twice: asked again, but under the same key. */
static void
test_lost_answer (Fixture      *fixture,
                  gconstpointer user_data)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) deliveries = NULL;

  fixture->failures = 2;
  deliveries = submit (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (deliveries);
  g_assert_cmpuint (fixture->keys->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (fixture->keys, 0), ==, g_ptr_array_index (fixture->keys, 1));
  g_assert_cmpstr (g_ptr_array_index (fixture->keys, 0), ==, g_ptr_array_index (fixture->keys, 2));
  assert_uploaded (fixture);
}


static void
test_no_answer (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->failures = G_MAXUINT;
  g_assert_null (submit (fixture, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


/* What does not name each recipient says nothing of any. */
static void
test_wrong_answers (Fixture      *fixture,
                    gconstpointer user_data)
{
  static const char *const answers[] = {
    "{}",
    "[]",
    "{\"recipients\":[]}",
    "{\"recipients\":[{\"address\":\"c@x.org\",\"status\":\"sent\"}]}",
    "{\"recipients\":[{\"address\":\"b@x.org\"}]}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (GError) error = NULL;

    fixture->answer = answers[i];
    g_assert_null (submit (fixture, &error));
    g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
  }
}


static gboolean
delete_two (Fixture *fixture,
            GError **error)
{
  static const char *const ids[] = { "one", "two", NULL };
  g_autoptr (NekoMaildrop) maildrop = NEKO_MAILDROP (neko_remote_maildrop_new (fixture->client,
                                                                               fixture->events,
                                                                               fixture->spool));
  g_autoptr (GAsyncResult) result = NULL;

  neko_maildrop_delete_async (maildrop, ids, NULL, done_cb, &result);

  return neko_maildrop_delete_finish (maildrop, wait_for (&result), error);
}


static void
test_deletion (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (delete_two (fixture, &error));
  g_assert_no_error (error);

  fixture->answer = "{\"deleted\":[\"one\"],\"gone\":[]}";
  g_assert_false (delete_two (fixture, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


/* Messages that are read slowly keep nothing else waiting. */
static void
test_many_at_once (Fixture      *fixture,
                   gconstpointer user_data)
{
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < 10; i++) {
    g_autoptr (SoupMessage) message = neko_remote_client_new_message (fixture->client, "GET",
                                                                      "v1/messages/one");
    g_autoptr (GAsyncResult) result = NULL;
    GInputStream *stream;

    neko_remote_client_send_async (fixture->client, message, NULL, done_cb, &result);
    stream = neko_remote_client_send_finish (fixture->client, wait_for (&result), NULL);
    g_assert_nonnull (stream);
    g_ptr_array_add (streams, stream);
  }
}


static void
test_no_token (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  neko_remote_client_set_no_token (fixture->client, NEKO_MAIL_ERROR_KEYRING, "locked");
  g_assert_null (submit (fixture, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_KEYRING);
  g_assert_cmpuint (fixture->keys->len, ==, 0);
}


static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (NekoOutbox) outbox = NEKO_OUTBOX (neko_remote_outbox_new (fixture->client, "a@x.org"));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  neko_remote_outbox_refresh_async (NEKO_REMOTE_OUTBOX (outbox), cancellable, done_cb, &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (neko_remote_outbox_refresh_finish (NEKO_REMOTE_OUTBOX (outbox),
                                                     wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *path;
    void        (*func) (Fixture      *fixture,
                         gconstpointer user_data);
  } tests[] = {
    { "/remote/worker/right-message",  test_right_message  },
    { "/remote/worker/wrong-messages", test_wrong_messages },
    { "/remote/worker/no-digest",      test_no_digest      },
    { "/remote/worker/submission",     test_submission     },
    { "/remote/worker/lost-answer",    test_lost_answer    },
    { "/remote/worker/no-answer",      test_no_answer      },
    { "/remote/worker/wrong-answers",  test_wrong_answers  },
    { "/remote/worker/deletion",       test_deletion       },
    { "/remote/worker/many-at-once",   test_many_at_once   },
    { "/remote/worker/no-token",       test_no_token       },
    { "/remote/worker/cancelled",      test_cancelled      },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
