/* neko-status-command.h - neko-maild status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

NekoExitStatus neko_status_command_run (const NekoCommand *command,
                                        GError           **error);

G_END_DECLS
