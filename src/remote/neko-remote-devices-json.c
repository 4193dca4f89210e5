/* neko-remote-devices-json.c - the sign-ins that the Worker lists, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-devices-json.h"

#include "neko-json.h"
#include "neko-remote-json.h"


static gpointer
parse_device (JsonObject *item)
{
  const char *id = neko_json_get_text (item, "id");
  g_autofree char *name = neko_remote_json_dup_text (item, "device");
  NekoRemoteDevice *self;

  if (id == NULL || name == NULL)
    return NULL;

  self = g_new0 (NekoRemoteDevice, 1);
  self->id = g_strdup (id);
  self->name = g_steal_pointer (&name);
  self->created = neko_remote_json_get_time (item, "created");
  self->last_used = neko_remote_json_get_time (item, "lastUsed");
  self->is_current = neko_json_is_true (item, "current");

  return self;
}


/**
 * neko_remote_devices_parse:
 * @answer: from the Worker
 *
 * Returns: (transfer full) (nullable): a #GPtrArray of #NekoRemoteDevice, or %NULL where it is malformed
 */
gpointer
neko_remote_devices_parse (JsonObject *answer)
{
  return neko_remote_json_parse_list (answer, "tokens", parse_device,
                                      (GDestroyNotify) neko_remote_device_free);
}
