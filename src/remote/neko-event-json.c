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


static JsonNode *
get_member (JsonObject *object,
            const char *name,
            GType       type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == type ? node : NULL;
}


static char *
dup_text (JsonObject *object,
          const char *name)
{
  JsonNode *node = get_member (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_dup_string (node) : NULL;
}


static NekoEventKind
parse_changed (NekoEvent  *event,
               JsonObject *object)
{
  JsonNode *sequence = get_member (object, "seq", G_TYPE_INT64);
  JsonNode *id = get_member (object, "id", G_TYPE_STRING);

  if (sequence == NULL || json_node_get_int (sequence) < 0)
    return NEKO_EVENT_MALFORMED;

  event->sequence = json_node_get_int (sequence);

  /* What is said of a message is only shown: where it makes no sense, the mailbox has changed still. */
  if (id != NULL && neko_message_id_is_valid (json_node_get_string (id))) {
    event->id = json_node_dup_string (id);
    event->from = dup_text (object, "from");
    event->subject = dup_text (object, "subject");
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
  JsonNode *root = NULL;
  JsonNode *type = NULL;

  *event = (NekoEvent) { 0 };

  if (length <= NEKO_EVENT_LIMIT && g_utf8_validate_len (text, length, NULL) &&
      neko_json_is_plain (text, length) && json_parser_load_from_data (parser, text, length, NULL))
    root = json_parser_get_root (parser);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    type = get_member (json_node_get_object (root), "type", G_TYPE_STRING);

  if (type == NULL)
    return NEKO_EVENT_MALFORMED;

  if (!g_str_equal (json_node_get_string (type), "changed"))
    return NEKO_EVENT_OTHER;

  return parse_changed (event, json_node_get_object (root));
}
