/* neko-line-splitter.h - cuts a byte stream into lines of bounded length
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoLineStatus:
 * @NEKO_LINE_INCOMPLETE: all input is consumed, the line goes on
 * @NEKO_LINE_READY: a line is there
 * @NEKO_LINE_TOO_LONG: a line ended that was over the limit; its text is thrown away
 * @NEKO_LINE_HAS_NUL: a line ended that had a NUL in it; its text is thrown away
 */
typedef enum {
  NEKO_LINE_INCOMPLETE,
  NEKO_LINE_READY,
  NEKO_LINE_TOO_LONG,
  NEKO_LINE_HAS_NUL,
} NekoLineStatus;

typedef struct _NekoLineSplitter NekoLineSplitter;

NekoLineSplitter *neko_line_splitter_new (size_t limit) G_GNUC_WARN_UNUSED_RESULT;
void              neko_line_splitter_free (NekoLineSplitter *self);
void              neko_line_splitter_set_limit (NekoLineSplitter *self,
                                                size_t            limit);
NekoLineStatus    neko_line_splitter_feed (NekoLineSplitter *self,
                                           const uint8_t   **data,
                                           size_t           *length);
const char       *neko_line_splitter_get_line (NekoLineSplitter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoLineSplitter, neko_line_splitter_free)

G_END_DECLS
