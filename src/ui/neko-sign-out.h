/* neko-sign-out.h - takes an account off this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"

G_BEGIN_DECLS

void     neko_sign_out_async (NekoModel          *model,
                              NekoAccountItem    *item,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
gboolean neko_sign_out_finish (NekoModel    *model,
                               GAsyncResult *result,
                               GError      **error);

G_END_DECLS
