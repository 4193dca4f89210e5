/* neko-note-row.h - what there is to say about the row above it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_NOTE_ROW (neko_note_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoNoteRow, neko_note_row, NEKO, NOTE_ROW, AdwPreferencesRow)

void neko_note_row_explain (NekoNoteRow *self,
                            const char  *text);
void neko_note_row_warn (NekoNoteRow *self,
                         const char  *text);

G_END_DECLS
