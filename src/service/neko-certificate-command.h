/* neko-certificate-command.h - neko-maild certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service-options.h"

G_BEGIN_DECLS

int neko_certificate_command_run (NekoServiceOptions *options,
                                  char              **words);

G_END_DECLS
