/* test-read-ahead.c - messages from a Worker by way of the spool
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "message-text.h"
#include "neko-read-ahead.h"

#define COUNT 400
#define OCTETS 4096

/* How the double treats a request for several messages. */
typedef enum {
  ANSWER,
  CUT,         /* in the middle of the second message */
  WRONG,       /* the first message is another one */
  GONE,        /* the first message is not there */
  UNAVAILABLE,
} Behaviour;

typedef struct {
  SoupServer       *server;
  NekoRemoteClient *client;
  NekoSpool        *spool;
  NekoReadAhead    *messages;
  NekoMessageList  *list;
  char             *folder;
  Behaviour         behaviour;
  GArray           *fetches; /* how many messages each request asked for */
  unsigned          singles; /* requests for one message */
} Fixture;


/* The text of a message: one line that begins with a dot, LF alone, of its own for each. */
static char *
make_text (const char *id)
{
  g_autofree char *fill = g_strnfill (OCTETS - 2 - strlen (id), 'x');

  return g_strdup_printf (".%s%s\n", id, fill);
}


static char *
make_wire (const char *id)
{
  g_autofree char *fill = g_strnfill (OCTETS - 2 - strlen (id), 'x');

  return g_strdup_printf ("..%s%s\r\n", id, fill);
}


static void
append_frame (GString    *body,
              const char *id,
              Behaviour   behaviour)
{
  g_autofree char *text = make_text (id);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  if (behaviour == WRONG)
    text[10] = 'y';

  if (behaviour == GONE)
    g_string_append_printf (body, "{\"id\":\"%s\",\"gone\":true}\n", id);
  else
    g_string_append_printf (body, "{\"id\":\"%s\",\"size\":%d,\"sha256\":\"%s\"}\n%s", id, OCTETS, digest,
                            text);
}


static void
answer_fetch (Fixture           *fixture,
              SoupServerMessage *message)
{
  SoupMessageBody *request = soup_server_message_get_request_body (message);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) body = g_string_new (NULL);
  JsonArray *ids;
  guint count;

  g_assert_true (json_parser_load_from_data (parser, request->data, request->length, NULL));
  ids = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "ids");
  count = json_array_get_length (ids);
  g_array_append_val (fixture->fetches, count);

  if (fixture->behaviour == UNAVAILABLE) {
    soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
    return;
  }

  for (guint i = 0; i < count; i++)
    append_frame (body, json_array_get_string_element (ids, i), i == 0 ? fixture->behaviour : ANSWER);

  if (fixture->behaviour == CUT)
    g_string_truncate (body, OCTETS + OCTETS / 2);
  else
    g_string_append (body, "{\"end\":true}\n");

  soup_server_message_set_response (message, "application/vnd.neko-mail.frames", SOUP_MEMORY_COPY,
                                    body->str, body->len);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}


static void
answer_single (Fixture           *fixture,
               SoupServerMessage *message,
               const char        *id)
{
  g_autofree char *text = make_text (id);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *tag = g_strdup_printf ("\"%s\"", digest);

  fixture->singles++;
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", tag);
  soup_server_message_set_response (message, "message/rfc822", SOUP_MEMORY_COPY, text, strlen (text));
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}


static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  if (g_str_equal (path, "/v1/messages/fetch"))
    answer_fetch (user_data, message);
  else
    answer_single (user_data, message, path + strlen ("/v1/messages/"));
}


static NekoMessageList *
make_list (void)
{
  NekoMessageStore *store = neko_message_store_new ();
  NekoMessageList *list;

  for (unsigned i = 0; i < COUNT; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);
    NekoMessageInfo info = { id, OCTETS, OCTETS + 1 };

    neko_message_store_append (store, &info);
  }

  list = neko_message_list_new (store);
  neko_message_store_unref (store);

  return list;
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
  fixture->folder = g_dir_make_tmp ("neko-spool-XXXXXX", NULL);
  fixture->spool = neko_spool_new (fixture->folder, 64 * 1024 * 1024);
  fixture->messages = neko_read_ahead_new (fixture->client, fixture->spool);
  fixture->list = make_list ();
  fixture->fetches = g_array_new (FALSE, FALSE, sizeof (guint));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_object_unref (fixture->messages);

  /* A request that is under way still holds them. */
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->spool);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  neko_message_list_unref (fixture->list);
  g_array_unref (fixture->fetches);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}


/* As a POP3 connection does it: at once where the message is at hand, else by and by. */
static char *
retrieve (Fixture *fixture,
          size_t   position,
          int      lines,
          GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (NekoMessageReader) reader = neko_read_ahead_peek (fixture->messages, fixture->list,
                                                               position, lines);

  if (reader == NULL) {
    neko_read_ahead_open_async (fixture->messages, fixture->list, position, lines, NULL, done_cb,
                                &result);

    while (result == NULL)
      g_main_context_iteration (NULL, TRUE);

    reader = neko_read_ahead_open_finish (fixture->messages, result, error);
  }

  return reader != NULL ? message_text_read (reader, 1000, error) : NULL;
}


static void
assert_retrieves (Fixture *fixture,
                  size_t   position)
{
  g_autofree char *id = g_strdup_printf ("%zu", position);
  g_autofree char *expected = make_wire (id);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = retrieve (fixture, position, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}


/* A few requests for many messages, each message in one of them, and each larger than the one before. */
static void
test_in_order (Fixture      *fixture,
               gconstpointer user_data)
{
  guint sum = 0;

  for (size_t i = 0; i < COUNT; i++)
    assert_retrieves (fixture, i);

  for (guint i = 0; i < fixture->fetches->len; i++)
    sum += g_array_index (fixture->fetches, guint, i);

  g_assert_cmpuint (sum, ==, COUNT);
  g_assert_cmpuint (fixture->fetches->len, <=, 6);
  g_assert_cmpuint (g_array_index (fixture->fetches, guint, 1), >,
                    g_array_index (fixture->fetches, guint, 0));
  g_assert_cmpuint (fixture->singles, ==, 0);

  /* All of it is here now. */
  for (size_t i = 0; i < COUNT; i++)
    assert_retrieves (fixture, i);

  g_assert_cmpuint (fixture->fetches->len, <=, 6);
}


/* Who reads one message gets that one fast, and not the whole mailbox. */
static void
test_one_alone (Fixture      *fixture,
                gconstpointer user_data)
{
  assert_retrieves (fixture, 200);
  g_assert_cmpuint (fixture->fetches->len, ==, 1);
  g_assert_cmpuint (g_array_index (fixture->fetches, guint, 0), <, COUNT / 4);
}


static void
test_backwards (Fixture      *fixture,
                gconstpointer user_data)
{
  for (size_t i = COUNT; i > COUNT - 100; i--)
    assert_retrieves (fixture, i - 1);
}


/* Where a part may have been sent on already the message breaks off, and the next try gets it. */
static void
test_cut (Fixture      *fixture,
          gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *half = NULL;

  fixture->behaviour = CUT;
  assert_retrieves (fixture, 0);
  half = retrieve (fixture, 1, -1, &error);
  g_assert_true (half != NULL || g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE));
  fixture->behaviour = ANSWER;
  assert_retrieves (fixture, 1);
  assert_retrieves (fixture, 2);
}


static void
test_unavailable (Fixture      *fixture,
                  gconstpointer user_data)
{
  fixture->behaviour = UNAVAILABLE;
  assert_retrieves (fixture, 0);
  g_assert_cmpuint (fixture->singles, ==, 1);
}


/* One octet of it that is another is enough, and it is never served. */
static void
test_wrong (Fixture      *fixture,
            gconstpointer user_data)
{
  fixture->behaviour = WRONG;
  assert_retrieves (fixture, 0);
  g_assert_cmpuint (fixture->singles, ==, 1);
}


static void
test_gone (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->behaviour = GONE;
  g_assert_null (retrieve (fixture, 0, -1, &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_GONE);
  assert_retrieves (fixture, 1);
}


static void
test_spool_off (Fixture      *fixture,
                gconstpointer user_data)
{
  neko_spool_set_limit (fixture->spool, 0);
  assert_retrieves (fixture, 0);
  assert_retrieves (fixture, 1);
  g_assert_cmpuint (fixture->fetches->len, ==, 0);
  g_assert_cmpuint (fixture->singles, ==, 2);
}


/* A message of which the spool has all needs no request for its top. */
static void
test_top (Fixture      *fixture,
          gconstpointer user_data)
{
  g_autofree char *top = NULL;

  assert_retrieves (fixture, 0);
  top = retrieve (fixture, 0, 0, NULL);
  g_assert_true (g_str_has_prefix (top, "..0xxx"));
  g_assert_cmpuint (fixture->singles, ==, 0);
}


static void
test_prefetch (Fixture      *fixture,
               gconstpointer user_data)
{
  neko_read_ahead_prefetch (fixture->messages, fixture->list, COUNT - 3);

  while (fixture->fetches->len == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (g_array_index (fixture->fetches, guint, 0), ==, 3);

  for (size_t i = COUNT - 3; i < COUNT; i++)
    assert_retrieves (fixture, i);

  g_assert_cmpuint (fixture->fetches->len, ==, 1);
  neko_read_ahead_forget (fixture->messages, "399");
  g_assert_null (neko_read_ahead_peek (fixture->messages, fixture->list, COUNT - 1, -1));
}


/* Whoever goes away while messages come leaves nothing behind; tear_down() looks. */
static void
test_dispose (Fixture      *fixture,
              gconstpointer user_data)
{
  neko_read_ahead_prefetch (fixture->messages, fixture->list, 0);

  for (unsigned i = 0; i < GPOINTER_TO_UINT (user_data); i++)
    g_main_context_iteration (NULL, FALSE);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/remote/read-ahead/" path, Fixture, NULL, set_up, test, tear_down)

  ADD ("in-order", test_in_order);
  ADD ("one-alone", test_one_alone);
  ADD ("backwards", test_backwards);
  ADD ("cut", test_cut);
  ADD ("unavailable", test_unavailable);
  ADD ("wrong", test_wrong);
  ADD ("gone", test_gone);
  ADD ("spool-off", test_spool_off);
  ADD ("top", test_top);
  ADD ("prefetch", test_prefetch);

  for (unsigned i = 0; i < 30; i += 3) {
    g_autofree char *path = g_strdup_printf ("/remote/read-ahead/dispose/%u", i);

    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_dispose, tear_down);
  }

  return g_test_run ();
}
