/* neko-account-item.h - an account as the window shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account.h"
#include "neko-profile.h"
#include "neko-remote-client.h"
#include "neko-token-store.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACCOUNT_ITEM (neko_account_item_get_type ())

G_DECLARE_FINAL_TYPE (NekoAccountItem, neko_account_item, NEKO, ACCOUNT_ITEM, GObject)

NekoAccountItem   *neko_account_item_new (NekoAccount *account) G_GNUC_WARN_UNUSED_RESULT;
void               neko_account_item_set_status (NekoAccountItem *self,
                                                 GVariant        *status);
void               neko_account_item_connect (NekoAccountItem *self,
                                              NekoTokenStore  *tokens);
void               neko_account_item_refresh (NekoAccountItem *self);
NekoAccount       *neko_account_item_get_account (NekoAccountItem *self);
const char        *neko_account_item_get_address (NekoAccountItem *self);
const char        *neko_account_item_get_state (NekoAccountItem *self);
const char        *neko_account_item_get_keyring (NekoAccountItem *self);
gint64             neko_account_item_get_since (NekoAccountItem *self);
const char        *neko_account_item_get_problem (NekoAccountItem *self);
gint64             neko_account_item_get_password_use (NekoAccountItem *self,
                                                       const char      *name);
NekoRemoteClient  *neko_account_item_get_client (NekoAccountItem *self);
const NekoProfile *neko_account_item_get_profile (NekoAccountItem *self);

G_END_DECLS
