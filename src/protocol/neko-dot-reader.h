/* neko-dot-reader.h - the octets of a message as SMTP receives them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

G_BEGIN_DECLS

/* Zero-initialised, it stands before a message. */
typedef struct {
  enum {
    NEKO_DOT_LINE_START,
    NEKO_DOT_AFTER_DOT,    /* a dot at the start of a line */
    NEKO_DOT_AFTER_DOT_CR, /* the same, and a CR */
    NEKO_DOT_IN_LINE,
    NEKO_DOT_AFTER_CR,
  }        state;
  gboolean has_bare_line_end; /* a CR without LF or an LF without CR was seen */
} NekoDotReader;

gboolean neko_dot_reader_read (NekoDotReader  *self,
                               GByteArray     *output,
                               const uint8_t **data,
                               size_t         *length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
