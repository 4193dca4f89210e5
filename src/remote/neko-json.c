/* neko-json.c - what of JSON is fit to be parsed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-json.h"

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
