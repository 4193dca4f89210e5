/* neko-keyring-token-store.h - tokens in the desktop's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-token-store.h"

G_BEGIN_DECLS

#define NEKO_KEYRING_LOOK_UP_SECONDS 10
#define NEKO_KEYRING_STORE_SECONDS 60 /* some keyrings ask the user whether a program may */

#define NEKO_TYPE_KEYRING_TOKEN_STORE (neko_keyring_token_store_get_type ())

G_DECLARE_FINAL_TYPE (NekoKeyringTokenStore, neko_keyring_token_store, NEKO, KEYRING_TOKEN_STORE, GObject)

NekoKeyringTokenStore *neko_keyring_token_store_new (void) G_GNUC_WARN_UNUSED_RESULT;
void neko_keyring_token_store_set_sandboxed (NekoKeyringTokenStore *self,
                                             gboolean               is_sandboxed);
void neko_keyring_token_store_set_patience (NekoKeyringTokenStore *self,
                                            unsigned               look_up_seconds,
                                            unsigned               store_seconds);

G_END_DECLS
