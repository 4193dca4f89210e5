/* neko-remote-devices-json.h - the sign-ins that the Worker lists, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-remote-devices.h"

G_BEGIN_DECLS

gpointer neko_remote_devices_parse (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
