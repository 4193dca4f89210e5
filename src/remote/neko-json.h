/* neko-json.h - what of JSON is fit to be parsed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Objects and arrays inside each other; the Worker's answers have four. */
#define NEKO_JSON_DEPTH_LIMIT 32

gboolean neko_json_is_plain (const char *text,
                             size_t      length);

G_END_DECLS
