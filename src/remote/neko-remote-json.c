/* neko-remote-json.c - what the Worker's answers to the window are made of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-json.h"

#include "neko-json.h"
#include "neko-printable.h"

#define TEXT_LIMIT 2000 /* octets of what is shown */


/**
 * neko_remote_json_dup_text:
 *
 * Returns: (transfer full) (nullable): a member that is a string, fit to be shown
 */
char *
neko_remote_json_dup_text (JsonObject *object,
                           const char *name)
{
  const char *text = neko_json_get_text (object, name);

  return text != NULL ? neko_printable_dup (text, TEXT_LIMIT) : NULL;
}


/**
 * neko_remote_json_dup_texts:
 *
 * Returns: (transfer full): the strings in a member that is an array, fit to be shown
 */
GStrv
neko_remote_json_dup_texts (JsonObject *object,
                            const char *name)
{
  GStrv texts = neko_json_dup_texts (object, name);

  for (size_t i = 0; texts[i] != NULL; i++) {
    char *printable = neko_printable_dup (texts[i], TEXT_LIMIT);

    g_free (texts[i]);
    texts[i] = printable;
  }

  return texts;
}


/**
 * neko_remote_json_get_number:
 *
 * Returns: a member that is an integer and not negative, or 0
 */
guint64
neko_remote_json_get_number (JsonObject *object,
                             const char *name)
{
  guint64 number = 0;

  neko_json_get_number (object, name, &number);

  return number;
}


/**
 * neko_remote_json_get_time:
 *
 * Returns: a member that is a time, in seconds since 1970, or 0
 */
gint64
neko_remote_json_get_time (JsonObject *object,
                           const char *name)
{
  return (gint64) (neko_remote_json_get_number (object, name) / 1000);
}


/**
 * neko_remote_json_parse_list:
 * @name: of a member that is an array of objects
 *
 * Returns: (transfer full) (nullable): what each of them was parsed to, or %NULL where any is malformed: of
 *   a list that is not whole nobody could tell what is missing
 */
GPtrArray *
neko_remote_json_parse_list (JsonObject         *object,
                             const char         *name,
                             NekoRemoteParseItem parse,
                             GDestroyNotify      free)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                 : NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free);

  if (array == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    gpointer item = JSON_NODE_HOLDS_OBJECT (element) ? parse (json_node_get_object (element)) : NULL;

    if (item == NULL)
      return NULL;

    g_ptr_array_add (list, item);
  }

  return g_steal_pointer (&list);
}
