/* neko-remote-users-json.h - the users that the Worker lists, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-remote-users.h"

G_BEGIN_DECLS

gpointer neko_remote_users_parse_one (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;
gpointer neko_remote_users_parse (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
