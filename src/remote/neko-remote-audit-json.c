/* neko-remote-audit-json.c - the Worker's trail of who administered it, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-audit-json.h"

#include "neko-json.h"
#include "neko-printable.h"
#include "neko-remote-json.h"

#define NAME_LIMIT 40 /* octets */


static GStrv
parse_details (JsonObject *item)
{
  JsonNode *node = json_object_get_member (item, "details");
  g_autoptr (GList) names = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                            ? json_object_get_members (json_node_get_object (node)) : NULL;
  g_autoptr (GStrvBuilder) details = g_strv_builder_new ();

  for (GList *link = names; link != NULL; link = link->next) {
    g_autofree char *name = neko_printable_dup (link->data, NAME_LIMIT);

    g_strv_builder_add (details, name);
  }

  return g_strv_builder_end (details);
}


static gpointer
parse_entry (JsonObject *item)
{
  g_autoptr (NekoRemoteAuditEntry) self = g_new0 (NekoRemoteAuditEntry, 1);

  self->number = neko_remote_json_get_number (item, "number");
  self->time = neko_remote_json_get_time (item, "time");
  self->actor = neko_remote_json_dup_text (item, "actor");
  self->action = neko_remote_json_dup_text (item, "action");
  self->subject = neko_remote_json_dup_text (item, "subject");
  self->details = parse_details (item);

  return self->number > 0 && self->actor != NULL && self->action != NULL && self->subject != NULL
         ? g_steal_pointer (&self) : NULL;
}


/**
 * neko_remote_audit_parse:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #GPtrArray of #NekoRemoteAuditEntry, or %NULL where it is malformed
 */
gpointer
neko_remote_audit_parse (JsonObject *answer)
{
  return neko_remote_json_parse_list (answer, "entries", parse_entry,
                                      (GDestroyNotify) neko_remote_audit_entry_free);
}
