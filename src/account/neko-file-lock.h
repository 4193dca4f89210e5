/* neko-file-lock.h - one program at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _NekoFileLock NekoFileLock;

NekoFileLock *neko_file_lock_acquire (const char *path,
                                      GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void          neko_file_lock_release (NekoFileLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoFileLock, neko_file_lock_release)

G_END_DECLS
