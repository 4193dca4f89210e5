/* neko-prompt.h - a secret from standard input
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"

G_BEGIN_DECLS

#define NEKO_PROMPT_LIMIT 1023 /* octets of a secret */

NekoSecret *neko_prompt_read_secret (const char *question,
                                     GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
