/* neko-remote-users-json.c - the users that the Worker lists, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-users-json.h"

#include "neko-json.h"
#include "neko-remote-json.h"


static void
parse_forward (NekoRemoteUser *self,
               JsonObject     *item)
{
  JsonNode *node = json_object_get_member (item, "forward");

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  self->forward = neko_remote_json_dup_text (json_node_get_object (node), "address");
  self->forward_keeps = neko_json_is_true (json_node_get_object (node), "keep");
  self->forward_failed = neko_remote_json_get_time (item, "forwardFailed");
}


/**
 * neko_remote_users_parse_one:
 * @item: of such a list, or an answer from the Worker
 *
 * Returns: (transfer full) (nullable): a #NekoRemoteUser, or %NULL where it is malformed
 */
gpointer
neko_remote_users_parse_one (JsonObject *item)
{
  g_autofree char *address = neko_remote_json_dup_text (item, "address");
  const char *role = neko_json_get_text (item, "role");
  NekoRemoteUser *self;

  if (address == NULL || role == NULL)
    return NULL;

  self = g_object_new (NEKO_TYPE_REMOTE_USER, NULL);
  self->address = g_steal_pointer (&address);
  self->aliases = neko_remote_json_dup_texts (item, "aliases");
  self->catch_all = neko_remote_json_dup_texts (item, "catchAll");
  self->is_admin = g_str_equal (role, "admin");
  self->is_disabled = neko_json_is_true (item, "disabled");
  self->messages = neko_remote_json_get_number (item, "messages");
  self->size = neko_remote_json_get_number (item, "size");
  self->quota = neko_remote_json_get_number (item, "quota");
  self->daily_limit = neko_remote_json_get_number (item, "dailyLimit");
  self->created = neko_remote_json_get_time (item, "created");
  self->last_received = neko_remote_json_get_time (item, "lastReceived");
  self->full_since = neko_remote_json_get_time (item, "fullSince");
  parse_forward (self, item);

  return self;
}


/**
 * neko_remote_users_parse:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #GListStore of #NekoRemoteUser, or %NULL where it is malformed
 */
gpointer
neko_remote_users_parse (JsonObject *answer)
{
  g_autoptr (GPtrArray) users = neko_remote_json_parse_list (answer, "users", neko_remote_users_parse_one,
                                                             g_object_unref);
  GListStore *list;

  if (users == NULL)
    return NULL;

  list = g_list_store_new (NEKO_TYPE_REMOTE_USER);
  g_list_store_splice (list, 0, 0, users->pdata, users->len);

  return list;
}
