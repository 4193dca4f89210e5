/* neko-remote-info-json.c - what a Worker says of itself, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-info-json.h"

#include "neko-json.h"
#include "neko-remote-json.h"

#define NAME "Neko Mail"


/**
 * neko_remote_info_parse:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #NekoRemoteInfo, or %NULL where it is malformed
 */
gpointer
neko_remote_info_parse (JsonObject *answer)
{
  const char *name = neko_json_get_text (answer, "name");
  g_autofree char *version = neko_remote_json_dup_text (answer, "version");
  NekoRemoteInfo *self;

  if (g_strcmp0 (name, NAME) != 0 || version == NULL)
    return NULL;

  self = g_new0 (NekoRemoteInfo, 1);
  self->name = g_strdup (name);
  self->version = g_steal_pointer (&version);
  self->domains = neko_remote_json_dup_texts (answer, "domains");
  self->registration = neko_remote_registration_from_text (neko_json_get_text (answer,
                                                                               "registration"));
  self->is_set_up = neko_json_is_true (answer, "setupDone");

  return self;
}
