/* neko-read-log.h - what mail programs read, for the log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _NekoReadLog NekoReadLog;

NekoReadLog *neko_read_log_new (const char *address) G_GNUC_WARN_UNUSED_RESULT;
void         neko_read_log_free (NekoReadLog *self);
void         neko_read_log_add (NekoReadLog *self,
                                guint64      octets);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoReadLog, neko_read_log_free)

G_END_DECLS
