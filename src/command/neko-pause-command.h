/* neko-pause-command.h - neko-maild pause, resume and check
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

NekoExitStatus neko_pause_command_pause (const NekoCommand *command,
                                         GError           **error);
NekoExitStatus neko_pause_command_resume (const NekoCommand *command,
                                          GError           **error);
NekoExitStatus neko_pause_command_check (const NekoCommand *command,
                                         GError           **error);

G_END_DECLS
