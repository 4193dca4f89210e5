/* neko-keyring-token-store.h - tokens in the desktop's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-token-store.h"

G_BEGIN_DECLS

#define NEKO_TYPE_KEYRING_TOKEN_STORE (neko_keyring_token_store_get_type ())

G_DECLARE_FINAL_TYPE (NekoKeyringTokenStore, neko_keyring_token_store, NEKO, KEYRING_TOKEN_STORE, GObject)

NekoKeyringTokenStore *neko_keyring_token_store_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
