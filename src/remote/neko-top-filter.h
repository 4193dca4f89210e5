/* neko-top-filter.h - where the top of a message ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoTopFilter:
 * @lines: of the body that are still wanted
 *
 * Zero-initialised but for the lines, it stands before a message.
 */
typedef struct {
  guint64  lines;
  gboolean is_in_body;
  gboolean has_cr;   /* at least, in the line that is under way */
  gboolean has_text; /* in that line, a CR at its end aside */
} NekoTopFilter;

size_t neko_top_filter_take (NekoTopFilter *self,
                             const char    *data,
                             size_t         length);

G_END_DECLS
