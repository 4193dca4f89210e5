/* neko-remote-audit-json.h - the Worker's trail of who administered it, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-remote-audit.h"

G_BEGIN_DECLS

gpointer neko_remote_audit_parse (JsonObject *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
