/* neko-spool-segment.h - a file without a name that holds many messages, one behind the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What neko_spool_segment_read() returns where the octets have to be waited for. */
#define NEKO_SPOOL_WOULD_BLOCK (-2)

/* Reference counted: whoever sends from it keeps it. */
typedef struct _NekoSpoolSegment NekoSpoolSegment;

NekoSpoolSegment *neko_spool_segment_new (const char *folder,
                                          GError    **error) G_GNUC_WARN_UNUSED_RESULT;
NekoSpoolSegment *neko_spool_segment_ref (NekoSpoolSegment *self) G_GNUC_WARN_UNUSED_RESULT;
void              neko_spool_segment_unref (NekoSpoolSegment *self);
guint64           neko_spool_segment_get_size (NekoSpoolSegment *self);
gboolean          neko_spool_segment_append (NekoSpoolSegment *self,
                                             const char       *data,
                                             size_t            length,
                                             GError          **error);
gssize            neko_spool_segment_read (NekoSpoolSegment *self,
                                           guint64           offset,
                                           char             *buffer,
                                           size_t            length,
                                           gboolean          may_wait);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSpoolSegment, neko_spool_segment_unref)

G_END_DECLS
