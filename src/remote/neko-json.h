/* neko-json.h - what of JSON is fit to be parsed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Objects and arrays inside each other; the Worker's answers have four. */
#define NEKO_JSON_DEPTH_LIMIT 32

gboolean    neko_json_is_plain (const char *text,
                                size_t      length);
JsonObject *neko_json_parse_object (JsonParser *parser,
                                    const char *text,
                                    size_t      length);
gboolean    neko_json_is_true (JsonObject *object,
                               const char *name);
gboolean    neko_json_get_number (JsonObject *object,
                                  const char *name,
                                  guint64    *number);
const char *neko_json_get_text (JsonObject *object,
                                const char *name);
GStrv       neko_json_dup_texts (JsonObject *object,
                                 const char *name) G_GNUC_WARN_UNUSED_RESULT;
void        neko_json_add_text (JsonBuilder *builder,
                                const char  *name,
                                const char  *value);

G_END_DECLS
