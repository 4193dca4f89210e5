/* neko-remote-invites-json.h - the invites that the Worker lists, and a new one, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-remote-invites.h"

G_BEGIN_DECLS

gpointer neko_remote_invites_parse_new (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;
gpointer neko_remote_invites_parse (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
