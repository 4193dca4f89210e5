/* neko-json.c - what of JSON is fit to be parsed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-json.h"

#include <string.h>

#include <string.h>


/* The length of a string with its quotes, or what is left of the text where it does not end. */
static size_t
span_string (const char *text,
             size_t      length)
{
  size_t position = 1;

  while (position < length && text[position] != '"')
    position += text[position] == '\\' ? 2 : 1;

  return MIN (position + 1, length);
}


/**
 * neko_json_is_plain:
 *
 * json-glib parses by recursion, so that brackets in brackets use up the stack, and it takes comments
 * and other quotes for JSON. Text from the network has to pass here first.
 *
 * Returns: whether @text has no more than %NEKO_JSON_DEPTH_LIMIT levels and nothing that RFC 8259
 *   does not know outside strings
 */
gboolean
neko_json_is_plain (const char *text,
                    size_t      length)
{
  int depth = 0;

  for (size_t i = 0; i < length; i++) {
    if (text[i] == '"')
      i += span_string (text + i, length - i) - 1;
    else if (text[i] == '[' || text[i] == '{')
      depth++;
    else if (text[i] == ']' || text[i] == '}')
      depth--;
    else if (text[i] == '\0' || strchr ("/#'", text[i]) != NULL)
      return FALSE;

    if (depth > NEKO_JSON_DEPTH_LIMIT)
      return FALSE;
  }

  return TRUE;
}


/**
 * neko_json_parse_object:
 * @text: an object, as it came
 *
 * Returns: (nullable): the object, which belongs to the parser until it parses another, or %NULL where
 *   the text is none
 */
JsonObject *
neko_json_parse_object (JsonParser *parser,
                        const char *text)
{
  JsonNode *root;

  if (!neko_json_is_plain (text, strlen (text)) ||
      !json_parser_load_from_data (parser, text, -1, NULL))
    return NULL;

  root = json_parser_get_root (parser);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}


gboolean
neko_json_is_true (JsonObject *object,
                   const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}


/**
 * neko_json_get_number:
 * @number: (out): a member that is an integer and not negative
 *
 * Returns: whether there is such a member
 */
gboolean
neko_json_get_number (JsonObject *object,
                      const char *name,
                      guint64    *number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < 0)
    return FALSE;

  *number = json_node_get_int (node);

  return TRUE;
}


/**
 * neko_json_get_text:
 *
 * Returns: (nullable): a member that is a string
 */
const char *
neko_json_get_text (JsonObject *object,
                    const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}
