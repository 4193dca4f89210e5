/* double-routes.c - what worker-double answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "double-routes.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN         "nm1.bench.bench.bench"
#define CHUNK         65536
#define ENVELOPE_MAX  65536
#define FRAMES        "Content-Type: application/vnd.neko-mail.frames\r\n"
#define MESSAGE_LIMIT 26214400

/* So many submissions are compared with their digests: enough to trust the harness, and over before
 * anything is measured. */
#define CHECKED_SUBMISSIONS 50


static void
answer_error (DoubleRequest *request,
              const char    *status,
              const char    *code)
{
  g_autofree char *json = g_strdup_printf ("{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}",
                                           code, status);

  double_answer_json (request, status, json);
}


static void
answer_info (DoubleService *service,
             DoubleRequest *request)
{
  double_answer_json (request, "200 OK",
                      "{\"name\":\"Neko Mail\",\"version\":\"" NEKO_VERSION "\","
                      "\"domains\":[\"neko.test\"],\"registration\":\"closed\",\"setupDone\":true}");
}


static char *
me (DoubleService *service)
{
  size_t messages;
  uint64_t octets;

  double_mailbox_get_totals (service->mailbox, &messages, &octets);

  return g_strdup_printf ("{\"address\":\"" DOUBLE_ADDRESS "\",\"aliases\":[],\"catchAll\":[],"
                          "\"role\":\"user\",\"disabled\":false,\"messages\":%zu,"
                          "\"size\":%" G_GUINT64_FORMAT ",\"quota\":1099511627776,"
                          "\"limits\":{\"maxMessageSize\":%d,\"maxRecipients\":50,"
                          "\"dailyLimit\":1000000},\"seq\":%" G_GUINT64_FORMAT ",\"forward\":null,"
                          "\"forwardFailed\":null,\"retentionDays\":null,\"recipientsToday\":0}",
                          messages, octets, MESSAGE_LIMIT,
                          double_mailbox_get_sequence (service->mailbox));
}


static void
answer_me (DoubleService *service,
           DoubleRequest *request)
{
  g_autofree char *json = me (service);

  double_answer_json (request, "200 OK", json);
}


static void
answer_token (DoubleService *service,
              DoubleRequest *request)
{
  g_autofree char *profile = me (service);
  g_autofree char *json = g_strdup_printf ("{\"token\":\"" TOKEN "\",\"tokenId\":\"bench\","
                                           "\"me\":%s}", profile);

  double_answer_json (request, "200 OK", json);
}


static const char *
get_parameter (DoubleRequest *request,
               const char    *name)
{
  const char *found = request->query != NULL ? strstr (request->query, name) : NULL;

  return found != NULL ? found + strlen (name) : NULL;
}


/* In pieces, as the Worker streams. */
static void
answer_frames (DoubleRequest *request,
               const char    *data,
               size_t         length)
{
  for (size_t i = 0; i < length; i += CHUNK)
    double_answer_chunk (request, data + i, MIN (CHUNK, length - i));
}


static void
answer_list (DoubleService *service,
             DoubleRequest *request)
{
  const char *since = get_parameter (request, "since=");
  g_autoptr (GBytes) listing = NULL;
  char tag[32];
  char fields[256];

  snprintf (tag, sizeof tag, "\"%" G_GUINT64_FORMAT "\"",
            double_mailbox_get_sequence (service->mailbox));
  snprintf (fields, sizeof fields, FRAMES "ETag: %s\r\nCache-Control: private, no-cache\r\n", tag);

  if (double_request_has_field (request, "If-None-Match", tag)) {
    double_answer (request, "304 Not Modified", fields, "", 0);
    return;
  }

  listing = double_mailbox_list (service->mailbox, since != NULL,
                                 since != NULL ? strtoull (since, NULL, 10) : 0);
  double_answer_begin_chunks (request, fields);
  answer_frames (request, g_bytes_get_data (listing, NULL), g_bytes_get_size (listing));
  double_answer_end_chunks (request);
}


/* Up to the header's empty line and so many lines more, as the Worker's topOf(). */
static size_t
find_top (const char *data,
          size_t      length,
          long        lines)
{
  gboolean is_in_body = FALSE;
  size_t begin = 0;

  for (size_t i = 0; i < length; i++) {
    if (data[i] != '\n')
      continue;

    lines -= is_in_body ? 1 : 0;
    is_in_body = is_in_body || i - begin <= 1;
    begin = i + 1;

    if (is_in_body && lines <= 0)
      return i + 1;
  }

  return length;
}


static void
answer_message (DoubleService *service,
                DoubleRequest *request)
{
  g_autofree char *id = g_uri_unescape_string (request->path + strlen ("/v1/messages/"), NULL);
  const DoubleMessage *message = id != NULL ? double_mailbox_find (service->mailbox, id) : NULL;
  const char *lines = get_parameter (request, "lines=");
  const char *data;
  gsize length;
  char fields[256];

  if (message == NULL) {
    answer_error (request, "404 Not Found", "not_found");
    return;
  }

  data = g_bytes_get_data (message->bytes, &length);

  if (lines != NULL)
    length = find_top (data, length, strtol (lines, NULL, 10));

  snprintf (fields, sizeof fields,
            "Content-Type: message/rfc822\r\nETag: \"%s%s%.*s\"\r\n"
            "Cache-Control: private, no-store\r\n", message->sha256, lines != NULL ? "-" : "",
            lines != NULL ? (int) strspn (lines, "0123456789") : 0, lines != NULL ? lines : "");
  double_answer (request, "200 OK", fields, data, length);
}


/* The strings of {"ids":[…]}. */
static GPtrArray *
read_ids (DoubleRequest *request)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GString *body = double_request_read_all (request);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonArray *array = NULL;

  if (json_parser_load_from_data (parser, body->str, body->len, NULL) &&
      (root = json_parser_get_root (parser)) != NULL && JSON_NODE_HOLDS_OBJECT (root) &&
      json_object_has_member (json_node_get_object (root), "ids"))
    array = json_object_get_array_member (json_node_get_object (root), "ids");

  g_string_free (body, TRUE);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (ids, g_strdup (json_array_get_string_element (array, i)));

  return array != NULL ? g_steal_pointer (&ids) : NULL;
}


static void
append_frame (DoubleService *service,
              GString       *frames,
              const char    *id)
{
  const DoubleMessage *message = double_mailbox_find (service->mailbox, id);

  if (message == NULL) {
    g_string_append_printf (frames, "{\"id\":\"%s\",\"gone\":true}\n", id);
    return;
  }

  g_string_append_printf (frames, "{\"id\":\"%s\",\"size\":%zu,\"sha256\":\"%s\"}\n", id,
                          g_bytes_get_size (message->bytes), message->sha256);
  g_string_append_len (frames, g_bytes_get_data (message->bytes, NULL),
                       g_bytes_get_size (message->bytes));
}


static void
answer_fetch (DoubleService *service,
              DoubleRequest *request)
{
  g_autoptr (GPtrArray) ids = read_ids (request);
  GString *frames;

  if (ids == NULL || ids->len > 1000) {
    answer_error (request, "400 Bad Request", "invalid_request");
    return;
  }

  frames = g_string_sized_new (2 * CHUNK);
  double_answer_begin_chunks (request, FRAMES);

  for (guint i = 0; i < ids->len; i++) {
    append_frame (service, frames, g_ptr_array_index (ids, i));

    if (frames->len >= CHUNK) {
      answer_frames (request, frames->str, frames->len);
      g_string_truncate (frames, 0);
    }
  }

  g_string_append (frames, "{\"end\":true}\n");
  answer_frames (request, frames->str, frames->len);
  double_answer_end_chunks (request);
  g_string_free (frames, TRUE);
}


static void
append_quoted (GString    *list,
               const char *id)
{
  g_string_append_printf (list, "%s\"%s\"", list->len > 0 ? "," : "", id);
}


static void
answer_delete (DoubleService *service,
               DoubleRequest *request)
{
  g_autoptr (GPtrArray) ids = read_ids (request);
  GString *deleted = g_string_new (NULL);
  GString *gone = g_string_new (NULL);
  g_autofree char *json = NULL;

  for (guint i = 0; ids != NULL && i < ids->len; i++) {
    const char *id = g_ptr_array_index (ids, i);

    append_quoted (double_mailbox_delete (service->mailbox, id) ? deleted : gone, id);
  }

  json = g_strdup_printf ("{\"deleted\":[%s],\"gone\":[%s]}", deleted->str, gone->str);

  if (ids != NULL)
    double_answer_json (request, "200 OK", json);
  else
    answer_error (request, "400 Bad Request", "invalid_request");

  if (deleted->len > 0)
    double_events_tell (service->events, double_mailbox_get_sequence (service->mailbox));

  g_string_free (deleted, TRUE);
  g_string_free (gone, TRUE);
}


/**
 * read_submission:
 * @envelope: takes the first line
 *
 * Reads a message away, and compares it with its digest where that is asked for.
 *
 * Returns: (transfer full) (nullable): the digest
 */
static char *
read_submission (DoubleRequest *request,
                 GString       *envelope,
                 gboolean       is_checked,
                 uint64_t      *size)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gboolean has_envelope = FALSE;
  char *data;
  size_t length;

  *size = 0;

  while (double_request_read (request, &data, &length)) {
    if (!has_envelope) {
      const char *end = memchr (data, '\n', length);
      size_t part = end != NULL ? (size_t) (end + 1 - data) : length;

      g_string_append_len (envelope, data, part);
      has_envelope = end != NULL || envelope->len > ENVELOPE_MAX;
      data += part;
      length -= part;
    }

    *size += length;

    if (is_checked && length > 0)
      g_checksum_update (checksum, (const guchar *) data, length);
  }

  return is_checked ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}


/* One line for each recipient; what the envelope says of itself is not parsed for its own sake. */
static char *
make_submission_answer (const char *envelope,
                        uint64_t    number)
{
  GString *answer = g_string_new (NULL);
  const char *position = envelope;

  g_string_printf (answer, "{\"id\":\"%" G_GUINT64_FORMAT "-bench\",\"accepted\":1700000000000,"
                   "\"recipients\":[", number);

  for (int i = 0; (position = strstr (position, "\"address\":\"")) != NULL; i++) {
    position += strlen ("\"address\":\"");
    g_string_append_printf (answer,
                            "%s{\"address\":\"%.*s\",\"status\":\"sent\",\"code\":null,"
                            "\"reason\":null}", i > 0 ? "," : "",
                            (int) strcspn (position, "\""), position);
  }

  g_string_append (answer, "]}");

  return g_string_free (answer, FALSE);
}


static gboolean
is_as_announced (const char *envelope,
                 const char *sha256,
                 uint64_t    size)
{
  g_autofree char *octets = g_strdup_printf ("\"size\":%" G_GUINT64_FORMAT, size);

  return strstr (envelope, octets) != NULL &&
         (sha256 == NULL || strstr (envelope, sha256) != NULL);
}


static void
answer_submission (DoubleService *service,
                   DoubleRequest *request)
{
  uint64_t number = __atomic_fetch_add (&service->submissions, 1, __ATOMIC_RELAXED);
  GString *envelope = g_string_new (NULL);
  uint64_t size;
  g_autofree char *sha256 = read_submission (request, envelope, number < CHECKED_SUBMISSIONS,
                                             &size);
  g_autofree char *json = NULL;

  if (double_request_get_field (request, "Idempotency-Key", NULL) != NULL &&
      is_as_announced (envelope->str, sha256, size)) {
    json = make_submission_answer (envelope->str, number);
    double_answer_json (request, "202 Accepted", json);
  } else {
    answer_error (request, "400 Bad Request", "invalid_request");
  }

  g_string_free (envelope, TRUE);
}


static void
answer_events (DoubleService *service,
               DoubleRequest *request)
{
  double_events_serve (service->events, request, double_mailbox_get_sequence (service->mailbox));
}


static void answer_requests (DoubleService *service,
                             DoubleRequest *request);


static const struct {
  const char *method;
  const char *path;
  gboolean    is_prefix;
  gboolean    has_token;
  void        (*answer) (DoubleService *service,
                         DoubleRequest *request);
} routes[] = {
  { "GET",  "/v1/events",          FALSE, TRUE,  answer_events     },
  { "GET",  "/v1/info",            FALSE, FALSE, answer_info       },
  { "GET",  "/v1/me",              FALSE, TRUE,  answer_me         },
  { "GET",  "/v1/messages",        FALSE, TRUE,  answer_list       },
  { "GET",  "/v1/messages/",       TRUE,  TRUE,  answer_message    },
  { "POST", "/v1/messages/delete", FALSE, TRUE,  answer_delete     },
  { "POST", "/v1/messages/fetch",  FALSE, TRUE,  answer_fetch      },
  { "POST", "/v1/submissions",     FALSE, TRUE,  answer_submission },
  { "POST", "/v1/tokens",          FALSE, FALSE, answer_token      },
  { "GET",  "/double/requests",    FALSE, FALSE, answer_requests   },
};


/* How often each route was asked for, so that a benchmark can tell what needed the Worker. */
static void
answer_requests (DoubleService *service,
                 DoubleRequest *request)
{
  GString *json = g_string_new ("{");

  for (size_t i = 0; i < G_N_ELEMENTS (routes); i++) {
    uint64_t count = __atomic_load_n (&service->requests[i], __ATOMIC_RELAXED);

    if (routes[i].answer != answer_requests)
      g_string_append_printf (json, "\"%s %s\":%" G_GUINT64_FORMAT ",", routes[i].method,
                              routes[i].path, count);
  }

  g_string_append_printf (json, "\"other\":%" G_GUINT64_FORMAT "}",
                          __atomic_load_n (&service->requests[G_N_ELEMENTS (routes)],
                                           __ATOMIC_RELAXED));
  double_answer_json (request, "200 OK", json->str);
  g_string_free (json, TRUE);
}


static size_t
find_route (DoubleRequest *request)
{
  for (size_t i = 0; i < G_N_ELEMENTS (routes); i++)
    if (g_str_equal (routes[i].method, request->method) &&
        (routes[i].is_prefix ? g_str_has_prefix (request->path, routes[i].path)
                             : g_str_equal (request->path, routes[i].path)))
      return i;

  return G_N_ELEMENTS (routes);
}


/**
 * double_routes_answer:
 *
 * Returns: whether another request may follow
 */
gboolean
double_routes_answer (DoubleService *service,
                      DoubleRequest *request)
{
  size_t route = find_route (request);
  char *data;
  size_t length;

  G_STATIC_ASSERT (G_N_ELEMENTS (routes) < G_N_ELEMENTS (service->requests));
  __atomic_fetch_add (&service->requests[route], 1, __ATOMIC_RELAXED);

  if (route == G_N_ELEMENTS (routes))
    answer_error (request, "404 Not Found", "not_found");
  else if (routes[route].has_token &&
           !double_request_has_field (request, "Authorization", "Bearer " TOKEN))
    answer_error (request, "401 Unauthorized", "unauthorized");
  else
    routes[route].answer (service, request);

  while (double_request_read (request, &data, &length))
    continue;

  return route == G_N_ELEMENTS (routes) || routes[route].answer != answer_events;
}
