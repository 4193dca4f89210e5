/* neko-account-command.h - neko-maild account and neko-maild password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service-options.h"

G_BEGIN_DECLS

gboolean neko_account_command_is_one (const char *word);
int      neko_account_command_run (NekoServiceOptions *options,
                                   char              **words);

G_END_DECLS
