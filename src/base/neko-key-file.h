/* neko-key-file.h - values of key files that may be malformed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *neko_key_file_dup_text (GKeyFile   *file,
                                 const char *group,
                                 const char *key,
                                 GError    **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_key_file_dup_texts (GKeyFile   *file,
                                  const char *group,
                                  const char *key,
                                  GStrv      *texts,
                                  GError    **error);

G_END_DECLS
