/* neko-remote-info-json.h - what a Worker says of itself, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-remote-info.h"

G_BEGIN_DECLS

gpointer neko_remote_info_parse (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
