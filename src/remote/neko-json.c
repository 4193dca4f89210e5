/* neko-json.c - what of JSON is fit to be parsed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-json.h"

#include <string.h>


/* The UTF-16 unit that an escape of six characters stands for, or -1 where it is none. */
static int
parse_unit (const char *text,
            size_t      length)
{
  int unit = 0;

  if (length < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;

  for (size_t i = 2; i < 6; i++) {
    if (!g_ascii_isxdigit (text[i]))
      return -1;

    unit = unit * 16 + g_ascii_xdigit_value (text[i]);
  }

  return unit;
}


static gboolean
is_high_surrogate (int unit)
{
  return unit >= 0xD800 && unit <= 0xDBFF;
}


static gboolean
is_low_surrogate (int unit)
{
  return unit >= 0xDC00 && unit <= 0xDFFF;
}


/* The length of an escape, a pair of surrogates being one, or 0 where it is none. */
static size_t
span_escape (const char *text,
             size_t      length)
{
  int unit = parse_unit (text, length);

  if (is_high_surrogate (unit))
    return is_low_surrogate (parse_unit (text + 6, length - 6)) ? 12 : 0;

  if (unit >= 0)
    return is_low_surrogate (unit) ? 0 : 6;

  return length >= 2 && text[1] != '\0' && strchr ("\"\\/bfnrt", text[1]) != NULL ? 2 : 0;
}


/* The length of a string with its quotes, or 0 where it has no end or is none. */
static size_t
span_string (const char *text,
             size_t      length)
{
  size_t position = 1;

  while (position < length && text[position] != '"' && text[position] != '\0') {
    size_t span = text[position] == '\\' ? span_escape (text + position, length - position) : 1;

    if (span == 0)
      return 0;

    position += span;
  }

  return position < length && text[position] == '"' ? position + 1 : 0;
}


static gboolean
is_space (char character)
{
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}


static gboolean
begins_value (char character)
{
  return character == '{' || character == '[' || character == '"';
}


/**
 * neko_json_is_plain:
 *
 * json-glib parses by recursion, so that brackets in brackets use up the stack, it takes comments and
 * other quotes for JSON, and past half a surrogate pair it swallows the quote that ends a string, so
 * that what was text before becomes brackets to it. Of two values, one behind the other, it leaks the
 * first. Text from the network has to pass here first.
 *
 * Returns: whether @text is one object, array or string at most and has no more than
 *   %NEKO_JSON_DEPTH_LIMIT levels, nothing that RFC 8259 does not know outside strings, and no escape in
 *   them that stands for no character
 */
gboolean
neko_json_is_plain (const char *text,
                    size_t      length)
{
  gboolean has_begun = FALSE;
  int depth = 0;

  for (size_t i = 0; i < length; i++) {
    size_t span;

    if (depth == 0 && !is_space (text[i])) {
      if (has_begun || !begins_value (text[i]))
        return FALSE;

      has_begun = TRUE;
    }

    span = text[i] == '"' ? span_string (text + i, length - i) : 1;

    if (span == 0)
      return FALSE;

    i += span - 1;

    if (text[i] == '[' || text[i] == '{')
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
 * @length: its length in octets
 *
 * Returns: (nullable): the object, which belongs to the parser until it parses another, or %NULL where
 *   the text is none
 */
JsonObject *
neko_json_parse_object (JsonParser *parser,
                        const char *text,
                        size_t      length)
{
  JsonNode *root;

  if (!neko_json_is_plain (text, length) ||
      !json_parser_load_from_data (parser, text, length, NULL))
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


/**
 * neko_json_dup_texts:
 *
 * Returns: (transfer full): the strings in a member that is an array; none where there is no such member
 */
GStrv
neko_json_dup_texts (JsonObject *object,
                     const char *name)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                 : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *text = json_array_get_element (array, i);

    if (json_node_get_value_type (text) == G_TYPE_STRING)
      g_strv_builder_add (texts, json_node_get_string (text));
  }

  return g_strv_builder_end (texts);
}


void
neko_json_add_text (JsonBuilder *builder,
                    const char  *name,
                    const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}
