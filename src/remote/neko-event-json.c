/* neko-event-json.c - what the Worker tells of a mailbox while it is connected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-event-json.h"

#include <json-glib/json-glib.h>

#include "neko-json.h"
#include "neko-message-index.h"


void
neko_event_clear (NekoEvent *event)
{
  g_clear_pointer (&event->id, g_free);
  g_clear_pointer (&event->from, g_free);
  g_clear_pointer (&event->subject, g_free);
}


static NekoEventKind
parse_changed (NekoEvent  *event,
               JsonObject *object)
{
  const char *id = neko_json_get_text (object, "id");

  if (!neko_json_get_number (object, "seq", &event->sequence))
    return NEKO_EVENT_MALFORMED;

  /* What is said of a message is only shown: where it makes no sense, the mailbox has changed still. */
  if (id != NULL && neko_message_id_is_valid (id)) {
    event->id = g_strdup (id);
    event->from = g_strdup (neko_json_get_text (object, "from"));
    event->subject = g_strdup (neko_json_get_text (object, "subject"));
  }

  return NEKO_EVENT_CHANGED;
}


/**
 * neko_event_parse:
 * @event: (out caller-allocates): what it says, where it is %NEKO_EVENT_CHANGED
 *
 * Understands one message from the Worker, `{"type":"changed","seq":7,"id":…,"from":…,"subject":…}`;
 * the last three are there for a new message only.
 *
 * Returns: what it is
 */
NekoEventKind
neko_event_parse (NekoEvent  *event,
                  const char *text,
                  size_t      length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = NULL;
  const char *type = NULL;

  *event = (NekoEvent) { 0 };

  if (length <= NEKO_EVENT_LIMIT && g_utf8_validate_len (text, length, NULL))
    object = neko_json_parse_object (parser, text, length);

  if (object != NULL)
    type = neko_json_get_text (object, "type");

  if (type == NULL)
    return NEKO_EVENT_MALFORMED;

  return g_str_equal (type, "changed") ? parse_changed (event, object) : NEKO_EVENT_OTHER;
}
