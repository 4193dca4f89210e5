/* neko-account-command.h - neko-maild account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

NekoExitStatus neko_account_command_add (const NekoCommand *command,
                                         GError           **error);
NekoExitStatus neko_account_command_list (const NekoCommand *command,
                                          GError           **error);
NekoExitStatus neko_account_command_remove (const NekoCommand *command,
                                            GError           **error);

NekoAccount   *neko_account_command_find (NekoAccountStore *accounts,
                                          const char       *address,
                                          GError          **error);

G_END_DECLS
