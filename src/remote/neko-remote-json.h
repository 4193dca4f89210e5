/* neko-remote-json.h - what the Worker's answers to the window are made of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * NekoRemoteParseItem:
 *
 * Returns: (transfer full) (nullable): %NULL where it is malformed
 */
typedef gpointer (*NekoRemoteParseItem) (JsonObject *item);

char      *neko_remote_json_dup_text (JsonObject *object,
                                      const char *name) G_GNUC_WARN_UNUSED_RESULT;
GStrv      neko_remote_json_dup_texts (JsonObject *object,
                                       const char *name) G_GNUC_WARN_UNUSED_RESULT;
guint64    neko_remote_json_get_number (JsonObject *object,
                                        const char *name);
gint64     neko_remote_json_get_time (JsonObject *object,
                                      const char *name);
GPtrArray *neko_remote_json_parse_list (JsonObject         *object,
                                        const char         *name,
                                        NekoRemoteParseItem parse,
                                        GDestroyNotify      free) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
