/* neko-password-command.h - neko-maild password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

NekoExitStatus neko_password_command_new (const NekoCommand *command,
                                          GError           **error);
NekoExitStatus neko_password_command_list (const NekoCommand *command,
                                           GError           **error);
NekoExitStatus neko_password_command_revoke (const NekoCommand *command,
                                             GError           **error);

G_END_DECLS
