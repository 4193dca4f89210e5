/* neko-submission-json.c - a submission's envelope and answer, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-submission-json.h"

#include "neko-json.h"


static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  if (value == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}


static void
add_recipients (JsonBuilder *builder,
                GPtrArray   *recipients)
{
  json_builder_set_member_name (builder, "recipients");
  json_builder_begin_array (builder);

  for (guint i = 0; i < recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (recipients, i);

    json_builder_begin_object (builder);
    add_string (builder, "address", recipient->address);
    add_string (builder, "notify", recipient->notify);
    add_string (builder, "orcpt", recipient->original);
    json_builder_end_object (builder);
  }

  json_builder_end_array (builder);
}


/**
 * neko_submission_to_envelope:
 *
 * Returns: (transfer full): the line that goes ahead of the message, with its LF
 */
char *
neko_submission_to_envelope (const NekoSubmission *submission)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "from", submission->sender);
  add_recipients (builder, submission->recipients);
  add_string (builder, "ret", submission->ret);
  add_string (builder, "envid", submission->envelope_id);
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, submission->size);
  add_string (builder, "sha256", submission->sha256);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);

  return g_strconcat (text, "\n", NULL);
}


static NekoDelivery *
parse_delivery (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *address = object != NULL ? neko_json_get_text (object, "address") : NULL;
  const char *status = object != NULL ? neko_json_get_text (object, "status") : NULL;
  const char *code;
  const char *reason;

  if (address == NULL || status == NULL)
    return NULL;

  code = neko_json_get_text (object, "code");
  reason = neko_json_get_text (object, "reason");

  return neko_delivery_new (address, g_str_equal (status, "refused"),
                            code != NULL ? code : "", reason != NULL ? reason : "");
}


/* The Worker answers with an address as it compares it: in NFC, in lower case, and without quotes that
 * it does not need. Here the same is done to both, and more coarsely, so that no two libraries have to
 * agree on the case of a letter. */
static char *
fold_address (const char *address)
{
  g_autofree char *composed = g_utf8_normalize (address, -1, G_NORMALIZE_NFC);
  g_autofree char *folded = composed != NULL ? g_utf8_casefold (composed, -1) : g_strdup (address);
  g_autoptr (GString) bare = g_string_new (NULL);

  for (const char *text = folded; *text != '\0'; text++) {
    if (*text != '"' && *text != '\\')
      g_string_append_c (bare, *text);
  }

  return g_string_free (g_steal_pointer (&bare), FALSE);
}


static gboolean
has_delivery (GPtrArray  *deliveries,
              const char *address)
{
  g_autofree char *wanted = fold_address (address);

  for (guint i = 0; i < deliveries->len; i++) {
    const NekoDelivery *delivery = g_ptr_array_index (deliveries, i);
    g_autofree char *answered = fold_address (delivery->address);

    if (g_str_equal (answered, wanted))
      return TRUE;
  }

  return FALSE;
}


/**
 * neko_submission_parse_answer:
 * @answer: what came with 202
 *
 * Returns: (transfer full) (nullable) (element-type NekoDelivery): one for each recipient; %NULL
 *   where the answer does not have them all, and so cannot be trusted with any
 */
GPtrArray *
neko_submission_parse_answer (const NekoSubmission *submission,
                              JsonObject           *answer)
{
  g_autoptr (GPtrArray) deliveries = g_ptr_array_new_with_free_func (
    (GDestroyNotify) neko_delivery_free);
  JsonNode *node = json_object_get_member (answer, "recipients");
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (array); i++) {
    NekoDelivery *delivery = parse_delivery (json_array_get_element (array, i));

    if (delivery == NULL)
      return NULL;

    g_ptr_array_add (deliveries, delivery);
  }

  for (guint i = 0; i < submission->recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (submission->recipients, i);

    if (!has_delivery (deliveries, recipient->address))
      return NULL;
  }

  return g_steal_pointer (&deliveries);
}
