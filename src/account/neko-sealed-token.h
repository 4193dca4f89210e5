/* neko-sealed-token.h - a token that only who has a secret can read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "neko-secret.h"

G_BEGIN_DECLS

char       *neko_sealed_token_new (GBytes     *secret,
                                   const char *name,
                                   const char *token,
                                   GError    **error) G_GNUC_WARN_UNUSED_RESULT;
NekoSecret *neko_sealed_token_open (GBytes     *secret,
                                    const char *name,
                                    const char *sealed,
                                    GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
