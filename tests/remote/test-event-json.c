/* test-event-json.c - what is made of an event
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-event-json.h"

typedef struct {
  const char   *name;
  const char   *text;
  NekoEventKind kind;
  NekoEvent     event;
} Case;

static const Case cases[] = {
  {
    .name = "first",
    .text = "{\"type\":\"changed\",\"seq\":0}",
    .kind = NEKO_EVENT_CHANGED,
  },
  {
    .name = "message",
    .text = "{\"type\":\"changed\",\"seq\":7,\"id\":\"m\",\"from\":\"\",\"subject\":\"Grüße\"}",
    .kind = NEKO_EVENT_CHANGED,
    .event = { .sequence = 7, .id = "m", .from = "", .subject = "Grüße" },
  },
  {
    .name = "largest-sequence",
    .text = "{\"type\":\"changed\",\"seq\":9223372036854775807}",
    .kind = NEKO_EVENT_CHANGED,
    .event = { .sequence = G_MAXINT64 },
  },
  {
    .name = "bad-id",
    .text = "{\"type\":\"changed\",\"seq\":7,\"id\":\"a b\",\"from\":\"x\",\"subject\":\"y\"}",
    .kind = NEKO_EVENT_CHANGED,
    .event = { .sequence = 7 },
  },
  {
    .name = "bad-subject",
    .text = "{\"type\":\"changed\",\"seq\":7,\"id\":\"m\",\"from\":[],\"subject\":7,\"x\":{}}",
    .kind = NEKO_EVENT_CHANGED,
    .event = { .sequence = 7, .id = "m" },
  },
  {
    .name = "other",
    .text = "{\"type\":\"news\",\"seq\":-1}",
    .kind = NEKO_EVENT_OTHER,
  },
  { "no-type", "{\"seq\":1}", NEKO_EVENT_MALFORMED },
  { "type-is-a-number", "{\"type\":1,\"seq\":1}", NEKO_EVENT_MALFORMED },
  { "no-sequence", "{\"type\":\"changed\"}", NEKO_EVENT_MALFORMED },
  { "negative-sequence", "{\"type\":\"changed\",\"seq\":-1}", NEKO_EVENT_MALFORMED },
  { "fraction", "{\"type\":\"changed\",\"seq\":1.5}", NEKO_EVENT_MALFORMED },
  { "too-large", "{\"type\":\"changed\",\"seq\":9223372036854775808}", NEKO_EVENT_MALFORMED },
  { "far-too-large", "{\"type\":\"changed\",\"seq\":99999999999999999999}", NEKO_EVENT_MALFORMED },
  { "text-sequence", "{\"type\":\"changed\",\"seq\":\"1\"}", NEKO_EVENT_MALFORMED },
  { "array", "[{\"type\":\"changed\",\"seq\":1}]", NEKO_EVENT_MALFORMED },
  { "cut", "{\"type\":\"changed\",\"seq\":1", NEKO_EVENT_MALFORMED },
  { "comment", "{\"type\":\"changed\",/**/\"seq\":1}", NEKO_EVENT_MALFORMED },
  { "no-utf8", "{\"type\":\"changed\",\"seq\":1,\"from\":\"\xff\"}", NEKO_EVENT_MALFORMED },
  { "half-a-pair", "{\"type\":\"changed\",\"seq\":7,\"x\":\"\\ud83d\"}", NEKO_EVENT_MALFORMED },
  { "word", "pong", NEKO_EVENT_MALFORMED },
  { "empty", "", NEKO_EVENT_MALFORMED },
};


static void
test_case (gconstpointer user_data)
{
  const Case *expected = user_data;
  g_auto (NekoEvent) event = { 0 };

  g_assert_cmpint (neko_event_parse (&event, expected->text, strlen (expected->text)), ==,
                   expected->kind);
  g_assert_cmpuint (event.sequence, ==, expected->event.sequence);
  g_assert_cmpstr (event.id, ==, expected->event.id);
  g_assert_cmpstr (event.from, ==, expected->event.from);
  g_assert_cmpstr (event.subject, ==, expected->event.subject);
}


static void
test_limit (void)
{
  static const char text[] = "{\"type\":\"changed\",\"seq\":1}";
  g_autofree char *padded = g_strnfill (NEKO_EVENT_LIMIT + 1, ' ');
  g_auto (NekoEvent) event = { 0 };

  memcpy (padded, text, strlen (text));
  g_assert_cmpint (neko_event_parse (&event, padded, NEKO_EVENT_LIMIT), ==, NEKO_EVENT_CHANGED);
  g_assert_cmpint (neko_event_parse (&event, padded, NEKO_EVENT_LIMIT + 1), ==,
                   NEKO_EVENT_MALFORMED);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/remote/event-json/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }

  g_test_add_func ("/remote/event-json/limit", test_limit);

  return g_test_run ();
}
