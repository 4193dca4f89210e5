/* neko-secret.h - memory that holds a secret and is wiped before it is given back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void     neko_secret_wipe (void  *memory,
                           size_t length);
void     neko_secret_free (char *secret);
gboolean neko_secret_equal (const void *first,
                            const void *second,
                            size_t      length);
gboolean neko_secret_random (void    *memory,
                             size_t   length,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A NUL-terminated string that is wiped when it goes out of scope. */
typedef char NekoSecret;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSecret, neko_secret_free)

G_END_DECLS
