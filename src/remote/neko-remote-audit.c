/* neko-remote-audit.c - who administered a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-audit.h"

#include "neko-json.h"
#include "neko-printable.h"
#include "neko-remote-json.h"
#include "neko-remote-question.h"

#define NAME_LIMIT 40 /* octets */


void
neko_remote_audit_entry_free (NekoRemoteAuditEntry *self)
{
  if (self == NULL)
    return;

  g_free (self->actor);
  g_free (self->action);
  g_free (self->subject);
  g_strfreev (self->details);
  g_free (self);
}


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


static gpointer
parse (JsonObject *answer)
{
  return neko_remote_json_parse_list (answer, "entries", parse_entry,
                                      (GDestroyNotify) neko_remote_audit_entry_free);
}


/**
 * neko_remote_audit_list_async:
 * @before: the number of an entry, or 0 for the newest
 *
 * Asks for a page of the trail, the newest first. An empty one is the last.
 */
void
neko_remote_audit_list_async (NekoRemoteClient   *client,
                              guint64             before,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autofree char *path = before > 0 ? g_strdup_printf ("v1/audit?before=%" G_GUINT64_FORMAT, before)
: g_strdup ("v1/audit");
  const NekoRemoteQuestion question = {
    .tag = neko_remote_audit_list_async,
    .method = "GET",
    .path = path,
    .parse = parse,
    .free = (GDestroyNotify) g_ptr_array_unref,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_audit_list_finish:
 *
 * Returns: (transfer full): of #NekoRemoteAuditEntry, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
GPtrArray *
neko_remote_audit_list_finish (GAsyncResult *result,
                               GError      **error)
{
  return neko_remote_question_finish (result, error);
}
