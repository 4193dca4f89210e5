/* test-event-channel.c - the channel against a Worker on loopback, a good one and others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libsoup/soup.h>
#include <stdint.h>
#include <string.h>

#include "neko-event-channel.h"
#include "neko-event-json.h"

#define WAIT_UNTIL(condition) while (!(condition)) g_main_context_iteration (NULL, TRUE)

#define FIRST "{\"type\":\"changed\",\"seq\":5}"
#define FIRST_TOLD "changed 5 - - -\n"

/* Milliseconds that no test waits for. */
#define NEVER (60 * 60 * 1000)


/* A network that comes and goes when a test says so. */

#define TEST_TYPE_MONITOR (test_monitor_get_type ())

G_DECLARE_FINAL_TYPE (TestMonitor, test_monitor, TEST, MONITOR, GObject)

struct _TestMonitor {
  GObject  parent_instance;

  gboolean is_available;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMonitor, test_monitor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, NULL)
                               G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR, NULL))


static void
test_monitor_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  if (id == 1)
    g_value_set_boolean (value, TEST_MONITOR (object)->is_available);
}


static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, 1, "network-available");
  g_object_class_override_property (object_class, 2, "network-metered");
  g_object_class_override_property (object_class, 3, "connectivity");
}


static void
test_monitor_init (TestMonitor *self)
{
  self->is_available = TRUE;
}


static void
test_monitor_change (TestMonitor *self,
                     gboolean     is_available)
{
  self->is_available = is_available;
  g_signal_emit_by_name (self, "network-changed", is_available);
}


/* How the double answers, and what it was asked. */
typedef struct {
  SoupServer              *server;
  SoupWebsocketConnection *socket;      /* our end of the last connection */
  unsigned                 connections;
  unsigned                 requests;
  unsigned                 pings;
  char                    *token;       /* what came as Authorization, last */
  const char              *first;       /* the first event, NULL for none */
  gboolean                 is_deaf;     /* does not answer pings */
  gboolean                 is_stalled;  /* does not answer requests */
  unsigned                 status;      /* instead of a WebSocket, 0 for one */
  const char              *body;        /* of that */
  GBytes                  *frames;      /* instead of a WebSocket, these octets after its head */

  TestMonitor             *monitor;
  NekoRemoteClient        *client;
  NekoEventTiming          timing;
  NekoEventChannel        *channel;
  GString                 *log;         /* what the channel told */
  gboolean                 was_alive;
} Fixture;

static gint64 slept;


static gint64
get_time (void)
{
  return g_get_monotonic_time () + slept;
}


static void
server_message_cb (SoupWebsocketConnection *socket,
                   int                      type,
                   GBytes                  *message,
                   gpointer                 user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (type, ==, SOUP_WEBSOCKET_DATA_TEXT);
  g_assert_cmpmem (g_bytes_get_data (message, NULL), g_bytes_get_size (message), "ping", 4);
  fixture->pings++;

  if (!fixture->is_deaf)
    soup_websocket_connection_send_text (socket, "pong");
}


static void
websocket_cb (SoupServer              *server,
              SoupServerMessage       *message,
              const char              *path,
              SoupWebsocketConnection *socket,
              gpointer                 user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (soup_websocket_connection_get_extensions (socket));
  g_set_object (&fixture->socket, socket);
  g_signal_connect (socket, "message", G_CALLBACK (server_message_cb), fixture);
  fixture->connections++;

  if (fixture->first != NULL)
    soup_websocket_connection_send_text (socket, fixture->first);
}


/* The head of the answer and what follows leave in one piece. */
static void
send_frames (Fixture           *fixture,
             SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GChecksum) digest = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *accept = NULL;
  g_autoptr (GString) answer = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GInputStream) whole = NULL;
  uint8_t hash[20];
  gsize length = sizeof hash;
  const char *key = soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "Sec-WebSocket-Key");

  g_checksum_update (digest, (const guchar *) key, -1);
  g_checksum_update (digest, (const guchar *) "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (digest, hash, &length);
  accept = g_base64_encode (hash, length);
  answer = g_string_new ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\n");
  g_string_append_printf (answer, "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
  g_string_append_len (answer, g_bytes_get_data (fixture->frames, NULL),
                       g_bytes_get_size (fixture->frames));

  stream = soup_server_message_steal_connection (message);
  bytes = g_string_free_to_bytes (g_steal_pointer (&answer));
  whole = g_memory_input_stream_new_from_bytes (bytes);
  g_output_stream_splice_async (g_io_stream_get_output_stream (stream), whole,
                                G_OUTPUT_STREAM_SPLICE_NONE, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_set_data_full (G_OBJECT (fixture->server), "stream", g_steal_pointer (&stream),
                          g_object_unref);
}


static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpstr (path, ==, "/v1/events");
  g_free (fixture->token);
  fixture->token = g_strdup (soup_message_headers_get_one (
                               soup_server_message_get_request_headers (message),
                               "Authorization"));
  fixture->requests++;

  if (fixture->is_stalled) {
    soup_server_message_pause (message);
  } else if (fixture->status != 0) {
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                      fixture->body, strlen (fixture->body));
    soup_server_message_set_status (message, fixture->status, NULL);
  } else if (fixture->frames != NULL) {
    send_frames (fixture, message);
  }
}


static void
changed_cb (NekoEventChannel *channel,
            guint64           sequence,
            const char       *from,
            const char       *subject,
            const char       *id,
            gpointer          user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->log, "changed %" G_GUINT64_FORMAT " %s %s %s\n", sequence,
                          from != NULL ? from : "-", subject != NULL ? subject : "-",
                          id != NULL ? id : "-");
}


static void
state_changed_cb (NekoEventChannel *channel,
                  gpointer          user_data)
{
  Fixture *fixture = user_data;
  gboolean is_alive = neko_event_channel_is_alive (channel);

  g_assert_true (!is_alive || neko_event_channel_get_error (channel) == NULL);

  if (is_alive != fixture->was_alive)
    g_string_append (fixture->log, is_alive ? "alive\n" : "dead\n");

  fixture->was_alive = is_alive;
}


static void
make_channel (Fixture *fixture)
{
  fixture->channel = neko_event_channel_new_full (fixture->client,
                                                  G_NETWORK_MONITOR (fixture->monitor),
                                                  &fixture->timing);
  g_signal_connect (fixture->channel, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->channel, "state-changed", G_CALLBACK (state_changed_cb), fixture);
}


static void
start (Fixture *fixture)
{
  make_channel (fixture);
  neko_event_channel_start (fixture->channel);
}


static gboolean
is_alive (Fixture *fixture)
{
  return neko_event_channel_is_alive (fixture->channel);
}


static gboolean
has_failed (Fixture *fixture)
{
  return neko_event_channel_get_error (fixture->channel) != NULL;
}


static void
assert_failed (Fixture      *fixture,
               NekoMailError code)
{
  WAIT_UNTIL (has_failed (fixture));
  g_assert_error (neko_event_channel_get_error (fixture->channel), NEKO_MAIL_ERROR, (int) code);
  g_assert_false (is_alive (fixture));
}


/* Lets all happen that is due; what was sent over loopback is there when we look again. */
static void
settle (void)
{
  for (int i = 0; i < 50; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (200);
  }
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autoslist (GUri) uris = NULL;
  g_autofree char *url = NULL;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_early_handler (fixture->server, "/v1/events", request_cb, fixture, NULL);
  soup_server_add_websocket_handler (fixture->server, "/v1/events", NULL, NULL, websocket_cb,
                                     fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (fixture->server);
  url = g_uri_to_string (uris->data);
  fixture->client = neko_remote_client_new (url, NULL);
  neko_remote_client_set_token (fixture->client, "nm1.token");
  fixture->monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  fixture->first = FIRST;
  fixture->body = "";
  fixture->log = g_string_new (NULL);
  fixture->timing = (NekoEventTiming) {
    .connect_limit = NEVER,
    .ping_interval = NEVER,
    .probe_limit = NEVER / 2,
    .first_delay = 1,
    .longest_delay = 4,
    .refused_delay = NEVER,
    .steady_time = NEVER,
    .get_time = get_time,
  };
  slept = 0;
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  if (fixture->channel != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->channel));

  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->socket);
  settle ();
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->monitor);
  g_object_unref (fixture->server);
  settle ();
  g_free (fixture->token);
  g_clear_pointer (&fixture->frames, g_bytes_unref);
  g_string_free (fixture->log, TRUE);
}


static void
test_first (Fixture      *fixture,
            gconstpointer user_data)
{
  make_channel (fixture);
  settle ();
  g_assert_cmpuint (fixture->requests, ==, 0);

  neko_event_channel_start (fixture->channel);
  neko_event_channel_start (fixture->channel);
  g_assert_false (is_alive (fixture));
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpuint (neko_event_channel_get_sequence (fixture->channel), ==, 5);
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD);
  g_assert_cmpstr (fixture->token, ==, "Bearer nm1.token");
  g_assert_cmpuint (fixture->requests, ==, 1);
}


static void
test_order (Fixture      *fixture,
            gconstpointer user_data)
{
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":6,"
                                       "\"id\":\"m\",\"from\":\"Ann\",\"subject\":\"Grüße\"}");
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":8}");
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":7}");
  WAIT_UNTIL (g_str_has_suffix (fixture->log->str, "changed 7 - - -\n"));
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "changed 6 Ann Grüße m\n"
                   "changed 8 - - -\nchanged 7 - - -\n");
  g_assert_cmpuint (neko_event_channel_get_sequence (fixture->channel), ==, 8);
}


/* What is not for us, or for a later version. */
static void
test_ignored (Fixture      *fixture,
              gconstpointer user_data)
{
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"later\",\"seq\":-1}");
  soup_websocket_connection_send_text (fixture->socket, "pong");
  soup_websocket_connection_send_binary (fixture->socket, FIRST, strlen (FIRST));
  soup_websocket_connection_send_binary (fixture->socket, NULL, 0);
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":6}");
  WAIT_UNTIL (neko_event_channel_get_sequence (fixture->channel) == 6);
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "changed 6 - - -\n");
  g_assert_cmpuint (fixture->connections, ==, 1);
}


/* It is perhaps the news of a change, so the next connection has to tell where the mailbox is. */
static void
test_malformed (Fixture      *fixture,
                gconstpointer user_data)
{
  static const char *const texts[] = { "", "pon", "pong ", "{}", "{\"type\":\"changed\"}",
                                       "{\"type\":\"changed\",\"seq\":-1}" };

  start (fixture);

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++) {
    WAIT_UNTIL (is_alive (fixture));
    g_assert_cmpuint (fixture->connections, ==, i + 1);
    g_string_truncate (fixture->log, 0);
    soup_websocket_connection_send_text (fixture->socket, texts[i]);
    assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
    g_assert_cmpstr (fixture->log->str, ==, "dead\n");
  }
}


static void
test_ping (Fixture      *fixture,
           gconstpointer user_data)
{
  fixture->timing.ping_interval = 50;
  fixture->timing.probe_limit = NEVER;
  start (fixture);
  WAIT_UNTIL (fixture->pings >= 3);
  g_assert_cmpuint (fixture->connections, ==, 1);
  g_assert_false (has_failed (fixture));
}


static void
test_dead_peer (Fixture      *fixture,
                gconstpointer user_data)
{
  fixture->timing.ping_interval = 20;
  fixture->timing.probe_limit = 20;
  fixture->is_deaf = TRUE;
  start (fixture);
  WAIT_UNTIL (fixture->connections == 3);
  g_assert_cmpuint (fixture->pings, >=, 2);
}


/* The way to the Worker may have changed, with a connection or without one. */
static void
test_network_changed (Fixture      *fixture,
                      gconstpointer user_data)
{
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  test_monitor_change (fixture->monitor, TRUE);
  test_monitor_change (fixture->monitor, FALSE);
  WAIT_UNTIL (fixture->pings == 1);
  settle ();
  test_monitor_change (fixture->monitor, TRUE);
  WAIT_UNTIL (fixture->pings == 2);
  settle ();
  g_assert_true (is_alive (fixture));
  g_assert_cmpuint (fixture->connections, ==, 1);
}


static void
test_network_lost (Fixture      *fixture,
                   gconstpointer user_data)
{
  fixture->timing.probe_limit = 20;
  fixture->timing.longest_delay = NEVER;
  fixture->is_deaf = TRUE;
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  test_monitor_change (fixture->monitor, FALSE);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
  settle ();
  g_assert_cmpuint (fixture->requests, ==, 1);

  test_monitor_change (fixture->monitor, TRUE);
  WAIT_UNTIL (is_alive (fixture));
}


/* What has no network for the monitor may have one for us. */
static void
test_network_denied (Fixture      *fixture,
                     gconstpointer user_data)
{
  fixture->monitor->is_available = FALSE;
  fixture->status = 503;
  start (fixture);
  WAIT_UNTIL (fixture->requests == 3);
  fixture->status = 0;
  WAIT_UNTIL (is_alive (fixture));
}


/* What was on its way over the old network is not waited for. */
static void
test_network_changed_while_connecting (Fixture      *fixture,
                                       gconstpointer user_data)
{
  fixture->is_stalled = TRUE;
  start (fixture);
  WAIT_UNTIL (fixture->requests == 1);
  fixture->is_stalled = FALSE;
  g_usleep (2000);
  test_monitor_change (fixture->monitor, TRUE);
  WAIT_UNTIL (is_alive (fixture));
}


static void
test_swarm (Fixture      *fixture,
            gconstpointer user_data)
{
  fixture->timing.first_delay = NEVER;
  fixture->timing.longest_delay = NEVER;
  fixture->status = 503;
  start (fixture);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);

  for (int i = 0; i < 10; i++) {
    test_monitor_change (fixture->monitor, TRUE);
    settle ();
  }

  g_assert_cmpuint (fixture->requests, ==, 1);
}


static void
test_sleep (Fixture      *fixture,
            gconstpointer user_data)
{
  fixture->timing.ping_interval = 100;
  fixture->timing.probe_limit = 50;
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  slept += 1000 * 1000;
  g_assert_false (is_alive (fixture));
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpuint (fixture->pings, >=, 1);
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "dead\nalive\n");
  g_assert_cmpuint (fixture->connections, ==, 1);

  fixture->is_deaf = TRUE;
  slept += 1000 * 1000;
  g_assert_false (is_alive (fixture));
  WAIT_UNTIL (fixture->connections == 2);
  WAIT_UNTIL (is_alive (fixture));
}


/* An event that was here before the computer slept does not tell that others would come. */
static void
test_event_after_sleep (Fixture      *fixture,
                        gconstpointer user_data)
{
  fixture->timing.probe_limit = 50;
  fixture->is_deaf = TRUE;
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  slept += 3 * NEVER * G_GINT64_CONSTANT (1000);
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":6}");
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":7}");
  WAIT_UNTIL (neko_event_channel_get_sequence (fixture->channel) == 7);
  g_assert_false (is_alive (fixture));
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "dead\nchanged 6 - - -\n"
                   "changed 7 - - -\n");
  WAIT_UNTIL (fixture->connections == 2);
  g_assert_cmpuint (fixture->pings, ==, 1);
}


static void
test_drop (Fixture      *fixture,
           gconstpointer user_data)
{
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  fixture->first = "{\"type\":\"changed\",\"seq\":3}";
  g_io_stream_close (soup_websocket_connection_get_io_stream (fixture->socket), NULL, NULL);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
  g_assert_cmpuint (neko_event_channel_get_sequence (fixture->channel), ==, 5);
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpuint (neko_event_channel_get_sequence (fixture->channel), ==, 3);
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "dead\nalive\nchanged 3 - - -\n");
}


/* Without the reset the last of these would be some minutes away. */
static void
test_steady (Fixture      *fixture,
             gconstpointer user_data)
{
  fixture->timing.steady_time = 0;
  fixture->timing.longest_delay = NEVER;
  start (fixture);

  for (unsigned i = 1; i < 20; i++) {
    WAIT_UNTIL (is_alive (fixture));
    g_assert_cmpuint (fixture->connections, ==, i);
    soup_websocket_connection_close (fixture->socket, 1001, NULL);
    WAIT_UNTIL (!is_alive (fixture));
  }
}


static void
test_close_codes (Fixture      *fixture,
                  gconstpointer user_data)
{
  static const struct {
    unsigned short code;
    NekoMailError  error;
    gboolean       is_final;
  } closes[] = {
    { 1000, NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 1001, NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 1011, NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 4000, NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 4001, NEKO_MAIL_ERROR_SIGN_IN,     TRUE  },
    { 4002, NEKO_MAIL_ERROR_THROTTLED,   FALSE },
    { 4003, NEKO_MAIL_ERROR_DISABLED,    TRUE  },
  };

  start (fixture);

  for (size_t i = 0; i < G_N_ELEMENTS (closes); i++) {
    WAIT_UNTIL (is_alive (fixture));
    soup_websocket_connection_close (fixture->socket, closes[i].code, "\r\nsecret");
    assert_failed (fixture, closes[i].error);

    if (closes[i].is_final) {
      unsigned requests = fixture->requests;

      test_monitor_change (fixture->monitor, TRUE);
      settle ();
      g_assert_cmpuint (fixture->requests, ==, requests);
      neko_event_channel_start (fixture->channel);
    }
  }
}


static void
test_refusals (Fixture      *fixture,
               gconstpointer user_data)
{
  static const struct {
    unsigned      status;
    const char   *body;
    NekoMailError error;
    gboolean      is_final;
  } refusals[] = {
    { 401, "{\"error\":{\"code\":\"unauthorized\"}}", NEKO_MAIL_ERROR_SIGN_IN,  TRUE  },
    { 403, "{\"error\":{\"code\":\"disabled\"}}",     NEKO_MAIL_ERROR_DISABLED, TRUE  },
    { 429, "{\"error\":{\"code\":\"rate_limited\"}}", NEKO_MAIL_ERROR_THROTTLED, FALSE },
    /* Not the Worker, but somebody on the way, or something that knows no WebSockets. */
    { 401, "<html>",                                  NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 403, "",                                        NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 400, "{\"error\":{\"code\":\"invalid_request\"}}", NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 302, "",                                        NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 200, "{}",                                      NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
    { 503, "",                                        NEKO_MAIL_ERROR_UNAVAILABLE, FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (refusals); i++) {
    fixture->status = refusals[i].status;
    fixture->body = refusals[i].body;
    fixture->requests = 0;
    start (fixture);
    assert_failed (fixture, refusals[i].error);
    g_assert_cmpuint (fixture->requests, <=, 2);

    if (refusals[i].is_final) {
      test_monitor_change (fixture->monitor, TRUE);
      settle ();
      g_assert_cmpuint (fixture->requests, ==, 2);
      neko_remote_client_set_token (fixture->client, "nm1.new");
      neko_event_channel_retry (fixture->channel);
    }

    fixture->status = 0;
    WAIT_UNTIL (is_alive (fixture));
    g_assert_finalize_object (g_steal_pointer (&fixture->channel));
    fixture->was_alive = FALSE;
  }

  g_assert_cmpstr (fixture->token, ==, "Bearer nm1.new");
}


static void
test_no_token (Fixture      *fixture,
               gconstpointer user_data)
{
  neko_remote_client_set_no_token (fixture->client, NEKO_MAIL_ERROR_KEYRING, "unlock it");
  start (fixture);
  assert_failed (fixture, NEKO_MAIL_ERROR_KEYRING);
  settle ();
  g_assert_cmpuint (fixture->requests, ==, 0);

  neko_remote_client_set_token (fixture->client, "nm1.token");
  neko_event_channel_retry (fixture->channel);
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD);
}


/* The token that an attempt under way goes with may be the old one. */
static void
test_new_token (Fixture      *fixture,
                gconstpointer user_data)
{
  fixture->is_stalled = TRUE;
  start (fixture);
  WAIT_UNTIL (fixture->requests == 1);
  fixture->is_stalled = FALSE;
  neko_remote_client_set_token (fixture->client, "nm1.new");
  neko_event_channel_retry (fixture->channel);
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpstr (fixture->token, ==, "Bearer nm1.new");

  neko_remote_client_set_token (fixture->client, "nm1.newer");
  neko_event_channel_retry (fixture->channel);
  g_assert_false (is_alive (fixture));
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpstr (fixture->token, ==, "Bearer nm1.newer");
}


static void
test_nobody_listens (Fixture      *fixture,
                     gconstpointer user_data)
{
  soup_server_disconnect (fixture->server);
  start (fixture);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
}


static void
test_stalled (Fixture      *fixture,
              gconstpointer user_data)
{
  fixture->timing.connect_limit = 20;
  fixture->is_stalled = TRUE;
  start (fixture);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
  WAIT_UNTIL (fixture->requests >= 2);
}


/* A WebSocket alone is not what tells whether anything is missed. */
static void
test_no_first_event (Fixture      *fixture,
                     gconstpointer user_data)
{
  fixture->timing.connect_limit = 20;
  fixture->first = "{\"type\":\"later\"}";
  start (fixture);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
  WAIT_UNTIL (fixture->connections >= 2);
  g_assert_cmpstr (fixture->log->str, ==, "");
}


static void
test_stop (Fixture      *fixture,
           gconstpointer user_data)
{
  make_channel (fixture);
  neko_event_channel_stop (fixture->channel);
  neko_event_channel_retry (fixture->channel);
  settle ();
  g_assert_cmpuint (fixture->requests, ==, 0);
  neko_event_channel_start (fixture->channel);
  WAIT_UNTIL (is_alive (fixture));
  neko_event_channel_stop (fixture->channel);
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "dead\n");
  soup_websocket_connection_send_text (fixture->socket, "{\"type\":\"changed\",\"seq\":6}");
  WAIT_UNTIL (soup_websocket_connection_get_state (fixture->socket) ==
              SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (fixture->socket), ==, 1001);
  test_monitor_change (fixture->monitor, TRUE);
  settle ();
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "dead\n");
  g_assert_cmpuint (fixture->requests, ==, 1);

  neko_event_channel_start (fixture->channel);
  WAIT_UNTIL (is_alive (fixture));
}


/* Stopped or gone after each number of steps, through the handshake and past the first failure. */
static void
test_every_step (Fixture      *fixture,
                 gconstpointer user_data)
{
  gboolean is_stopped = GPOINTER_TO_INT (user_data) & 1;

  fixture->status = GPOINTER_TO_INT (user_data) & 2 ? 401 : 0;
  fixture->timing.ping_interval = 1;
  fixture->timing.probe_limit = 1;

  for (int steps = 0; steps < 24; steps++) {
    size_t told;

    g_string_truncate (fixture->log, 0);
    fixture->was_alive = FALSE;
    start (fixture);

    /* After a refusal nothing would happen any more. */
    for (int i = 0; i < steps && (fixture->status == 0 || !has_failed (fixture)); i++)
      g_main_context_iteration (NULL, TRUE);

    if (is_stopped)
      neko_event_channel_stop (fixture->channel);
    else
      g_assert_finalize_object (g_steal_pointer (&fixture->channel));

    told = fixture->log->len;
    settle ();
    g_assert_cmpuint (fixture->log->len, ==, told);

    if (is_stopped)
      g_assert_finalize_object (g_steal_pointer (&fixture->channel));
  }
}


static void
stop_cb (NekoEventChannel *channel)
{
  neko_event_channel_stop (channel);
}


static void
drop_cb (NekoEventChannel *channel,
         guint64           sequence,
         const char       *from,
         const char       *subject,
         const char       *id,
         gpointer          user_data)
{
  g_clear_object (&((Fixture *) user_data)->channel);
}


/* Several events in one piece, and whoever hears of the first has had enough. */
static void
test_stop_in_handler (Fixture      *fixture,
                      gconstpointer user_data)
{
  fixture->frames = g_bytes_new_static ("\x81\x1a" FIRST "\x81\x1a" FIRST, 56);
  make_channel (fixture);
  g_signal_connect (fixture->channel, "changed", G_CALLBACK (stop_cb), NULL);
  neko_event_channel_start (fixture->channel);
  WAIT_UNTIL (fixture->log->len > 0);
  settle ();
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD "dead\n");
  g_assert_finalize_object (g_steal_pointer (&fixture->channel));

  g_string_truncate (fixture->log, 0);
  make_channel (fixture);
  g_signal_connect (fixture->channel, "changed", G_CALLBACK (drop_cb), fixture);
  neko_event_channel_start (fixture->channel);
  WAIT_UNTIL (fixture->channel == NULL);
  settle ();
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD);
}


static void
stop_when_alive_cb (NekoEventChannel *channel)
{
  if (neko_event_channel_is_alive (channel))
    neko_event_channel_stop (channel);
}


static void
test_stop_when_alive (Fixture      *fixture,
                      gconstpointer user_data)
{
  make_channel (fixture);
  g_signal_connect (fixture->channel, "state-changed", G_CALLBACK (stop_when_alive_cb), NULL);
  neko_event_channel_start (fixture->channel);
  WAIT_UNTIL (fixture->log->len > 0);
  settle ();
  g_assert_cmpstr (fixture->log->str, ==, "alive\ndead\n");
}


/* The Worker sends its first event right after the head of its answer. */
static void
test_one_piece (Fixture      *fixture,
                gconstpointer user_data)
{
  fixture->frames = g_bytes_new_static ("\x81\x1a" FIRST, 28);
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  g_assert_cmpstr (fixture->log->str, ==, "alive\n" FIRST_TOLD);
}


static void
append_frame (GByteArray *frames,
              uint8_t     head,
              const char *payload,
              size_t      length)
{
  uint64_t long_length = GUINT64_TO_BE (length);
  uint16_t short_length = GUINT16_TO_BE (length);

  g_byte_array_append (frames, &head, 1);

  if (length > G_MAXUINT16) {
    g_byte_array_append (frames, (const uint8_t *) "\x7f", 1);
    g_byte_array_append (frames, (const uint8_t *) &long_length, sizeof long_length);
  } else {
    g_byte_array_append (frames, (const uint8_t *) "\x7e", 1);
    g_byte_array_append (frames, (const uint8_t *) &short_length, sizeof short_length);
  }

  g_byte_array_append (frames, (const uint8_t *) payload, length);
}


/* An event in so many parts of this size; the last is not marked as such where @is_endless. */
static GBytes *
make_parts (unsigned count,
            size_t   length,
            gboolean is_endless)
{
  GByteArray *parts = g_byte_array_new ();
  g_autofree char *text = g_strnfill (count * length, ' ');

  memcpy (text, FIRST, strlen (FIRST));

  for (unsigned i = 0; i < count; i++) {
    uint8_t opcode = i == 0 ? 0x01 : 0x00;
    uint8_t is_last = i == count - 1 && !is_endless ? 0x80 : 0x00;

    append_frame (parts, opcode | is_last, text + i * length, length);
  }

  return g_byte_array_free_to_bytes (parts);
}


static void
test_frames (Fixture      *fixture,
             gconstpointer user_data)
{
  static const struct {
    const char *octets;
    size_t      length;
  } frames[] = {
    { "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x01 ", 11 }, /* 64 KiB and one */
    { "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff ", 11 },
    { "\x81\x01\xff", 3 },                               /* no UTF-8 */
    { "\x81\x81xxxx ", 7 },                              /* masked */
    { "\x83\x00", 2 },                                   /* an opcode that there is not */
    { "\x80\x01 ", 3 },                                  /* the rest of nothing */
    { "\xc1\x01 ", 3 },                                  /* compressed */
    { "\x88\x01\x0f", 3 },                               /* half a close code */
    { "\x88\x02\x03\xee", 4 },                           /* 1006 */
    { "\x88\x03\x0f\xa1\xff", 5 },                       /* 4001, for no readable reason */
    { "\x88\x00", 2 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (frames); i++) {
    g_clear_pointer (&fixture->frames, g_bytes_unref);
    fixture->frames = g_bytes_new_static (frames[i].octets, frames[i].length);
    start (fixture);
    g_test_message ("%zu", i);
    WAIT_UNTIL (has_failed (fixture));
    g_assert_error (neko_event_channel_get_error (fixture->channel), NEKO_MAIL_ERROR,
                    NEKO_MAIL_ERROR_UNAVAILABLE);
    g_assert_finalize_object (g_steal_pointer (&fixture->channel));
  }

  g_assert_cmpstr (fixture->log->str, ==, "");
}


static void
test_parts (Fixture      *fixture,
            gconstpointer user_data)
{
  fixture->frames = make_parts (2, NEKO_EVENT_LIMIT / 2, FALSE);
  start (fixture);
  WAIT_UNTIL (is_alive (fixture));
  g_clear_pointer (&fixture->frames, g_bytes_unref);
  fixture->frames = make_parts (3, NEKO_EVENT_LIMIT / 2, FALSE);
  neko_event_channel_retry (fixture->channel);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
}


/* No libsoup 3.2 sees this, but nothing can be told or answered in the middle of a message. */
static void
test_endless (Fixture      *fixture,
              gconstpointer user_data)
{
  fixture->frames = make_parts (3, NEKO_EVENT_LIMIT / 2, TRUE);
  fixture->timing.connect_limit = 20;
  start (fixture);
  assert_failed (fixture, NEKO_MAIL_ERROR_UNAVAILABLE);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *name;
    void        (*test) (Fixture *, gconstpointer);
    int         variant;
  } tests[] = {
    { "first", test_first },
    { "order", test_order },
    { "ignored", test_ignored },
    { "malformed", test_malformed },
    { "ping", test_ping },
    { "dead-peer", test_dead_peer },
    { "network/changed", test_network_changed },
    { "network/lost", test_network_lost },
    { "network/denied", test_network_denied },
    { "network/while-connecting", test_network_changed_while_connecting },
    { "network/swarm", test_swarm },
    { "sleep", test_sleep },
    { "event-after-sleep", test_event_after_sleep },
    { "drop", test_drop },
    { "steady", test_steady },
    { "close-codes", test_close_codes },
    { "refusals", test_refusals },
    { "no-token", test_no_token },
    { "new-token", test_new_token },
    { "nobody-listens", test_nobody_listens },
    { "stalled", test_stalled },
    { "no-first-event", test_no_first_event },
    { "stop", test_stop },
    { "every-step/gone", test_every_step, 0 },
    { "every-step/stopped", test_every_step, 1 },
    { "every-step/refused-and-gone", test_every_step, 2 },
    { "every-step/refused-and-stopped", test_every_step, 3 },
    { "stop-in-handler", test_stop_in_handler },
    { "stop-when-alive", test_stop_when_alive },
    { "one-piece", test_one_piece },
    { "frames", test_frames },
    { "parts", test_parts },
    { "endless", test_endless },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/remote/event-channel/", tests[i].name, NULL);

    g_test_add (path, Fixture, GINT_TO_POINTER (tests[i].variant), set_up, tests[i].test,
                tear_down);
  }

  return g_test_run ();
}
