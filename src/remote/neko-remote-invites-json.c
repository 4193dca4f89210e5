/* neko-remote-invites-json.c - the invites that the Worker lists, and a new one, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-invites-json.h"

#include "neko-json.h"
#include "neko-remote-json.h"


static gpointer
parse_invite (JsonObject *item)
{
  const char *id = neko_json_get_text (item, "id");
  g_autofree char *note = neko_remote_json_dup_text (item, "note");
  NekoRemoteInvite *self;

  if (id == NULL || note == NULL)
    return NULL;

  self = g_new0 (NekoRemoteInvite, 1);
  self->id = g_strdup (id);
  self->note = g_steal_pointer (&note);
  self->created_by = neko_remote_json_dup_text (item, "createdBy");
  self->created = neko_remote_json_get_time (item, "created");
  self->expires = neko_remote_json_get_time (item, "expires");

  return self;
}


/**
 * neko_remote_invites_parse_new:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #NekoRemoteInvite with its code, or %NULL where it is malformed
 */
gpointer
neko_remote_invites_parse_new (JsonObject *answer)
{
  g_autoptr (NekoSecret) code = neko_remote_json_dup_text (answer, "code");
  NekoRemoteInvite *self = code != NULL ? parse_invite (answer) : NULL;

  if (self != NULL)
    self->code = g_steal_pointer (&code);

  return self;
}


/**
 * neko_remote_invites_parse:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #GPtrArray of #NekoRemoteInvite, or %NULL where it is malformed
 */
gpointer
neko_remote_invites_parse (JsonObject *answer)
{
  return neko_remote_json_parse_list (answer, "invites", parse_invite,
                                      (GDestroyNotify) neko_remote_invite_free);
}
