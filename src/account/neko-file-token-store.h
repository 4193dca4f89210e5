/* neko-file-token-store.h - tokens in a file, for computers without a keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-token-store.h"

G_BEGIN_DECLS

#define NEKO_TYPE_FILE_TOKEN_STORE (neko_file_token_store_get_type ())

G_DECLARE_FINAL_TYPE (NekoFileTokenStore, neko_file_token_store, NEKO, FILE_TOKEN_STORE, GObject)

NekoFileTokenStore *neko_file_token_store_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
NekoFileTokenStore *neko_file_token_store_new_for_sealed (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
