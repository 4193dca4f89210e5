/* neko-command-reader.h - lines of commands, with the limits that POP3 and SMTP share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoCommandStatus:
 * @NEKO_COMMAND_INCOMPLETE: all input is consumed, the line goes on
 * @NEKO_COMMAND_LINE: a line is there
 * @NEKO_COMMAND_TOO_LONG: a line ended that was too long
 * @NEKO_COMMAND_HAS_NUL: a line ended that had a NUL in it
 * @NEKO_COMMAND_HTTP: the client speaks HTTP: close without an answer
 */
typedef enum {
  NEKO_COMMAND_INCOMPLETE,
  NEKO_COMMAND_LINE,
  NEKO_COMMAND_TOO_LONG,
  NEKO_COMMAND_HAS_NUL,
  NEKO_COMMAND_HTTP,
} NekoCommandStatus;

typedef struct _NekoCommandReader NekoCommandReader;

NekoCommandReader *neko_command_reader_new (size_t limit) G_GNUC_WARN_UNUSED_RESULT;
void               neko_command_reader_free (NekoCommandReader *self);
NekoCommandStatus  neko_command_reader_read (NekoCommandReader *self,
                                             gboolean           is_exchange,
                                             const uint8_t    **data,
                                             size_t            *length);
const char        *neko_command_reader_get_line (NekoCommandReader *self);
gboolean           neko_command_reader_count_bad (NekoCommandReader *self);
void               neko_command_reader_forgive (NekoCommandReader *self);

void               neko_reply_append_text (GString    *reply,
                                           const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoCommandReader, neko_command_reader_free)

G_END_DECLS
