/* neko-remote-diagnostics-json.c - what a Worker found when it tested itself, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-diagnostics-json.h"

#include "neko-json.h"
#include "neko-remote-json.h"


static gpointer
parse_check (JsonObject *item)
{
  g_autoptr (NekoRemoteCheck) self = g_new0 (NekoRemoteCheck, 1);

  self->check = neko_remote_json_dup_text (item, "check");
  self->domain = neko_remote_json_dup_text (item, "domain");
  self->is_ok = neko_json_is_true (item, "ok");
  self->finding = neko_remote_json_dup_text (item, "finding");
  self->remedy = neko_remote_json_dup_text (item, "remedy");

  return self->check != NULL && self->finding != NULL ? g_steal_pointer (&self) : NULL;
}


/**
 * neko_remote_diagnostics_parse:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #GPtrArray of #NekoRemoteCheck, or %NULL where it is malformed
 */
gpointer
neko_remote_diagnostics_parse (JsonObject *answer)
{
  return neko_remote_json_parse_list (answer, "checks", parse_check,
                                      (GDestroyNotify) neko_remote_check_free);
}
