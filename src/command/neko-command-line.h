/* neko-command-line.h - the command line of neko-mail and neko-maild
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

typedef struct _NekoCommandLine NekoCommandLine;

NekoCommandLine    *neko_command_line_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                neko_command_line_free (NekoCommandLine *self);
gboolean            neko_command_line_parse (NekoCommandLine *self,
                                             int             *argc,
                                             char          ***argv);
gboolean            neko_command_line_has_command (NekoCommandLine *self);
gboolean            neko_command_line_is_command (const char *word);
NekoExitStatus      neko_command_line_run (NekoCommandLine *self);
NekoServiceOptions *neko_command_line_get_options (NekoCommandLine *self);
char               *neko_command_line_dup_description (void) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoCommandLine, neko_command_line_free)

G_END_DECLS
