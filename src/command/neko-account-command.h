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

char          *neko_account_command_dup_advice (const char *address,
                                                const char *url,
                                                const char *token_file) G_GNUC_WARN_UNUSED_RESULT;
NekoAccount   *neko_account_command_find (NekoAccountStore *accounts,
                                          const char       *address,
                                          GError          **error);

G_END_DECLS
