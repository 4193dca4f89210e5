/* neko-dot-writer.h - the octets of a message as POP3 sends them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

G_BEGIN_DECLS

/* Zero-initialised, it stands before a message. */
typedef struct {
  uint8_t  last;     /* the octet before the next one, 0 at the beginning */
  gboolean has_text; /* whether there was any octet */
} NekoDotWriter;

void neko_dot_writer_write (NekoDotWriter *self,
                            GString       *output,
                            const uint8_t *data,
                            size_t         length);
void neko_dot_writer_end_line (NekoDotWriter *self,
                               GString       *output);
void neko_dot_writer_finish (NekoDotWriter *self,
                             GString       *output);

G_END_DECLS
