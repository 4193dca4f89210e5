/* neko-certificate-command.h - neko-maild certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

NekoExitStatus   neko_certificate_command_show (const NekoCommand *command,
                                                GError           **error);
NekoExitStatus   neko_certificate_command_export (const NekoCommand *command,
                                                  GError           **error);

NekoCertificate *neko_certificate_command_open (NekoServiceOptions *options,
                                                GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
