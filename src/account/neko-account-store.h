/* neko-account-store.h - the accounts of this user, in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account-error.h"
#include "neko-account.h"

G_BEGIN_DECLS

#define NEKO_ACCOUNT_STORE_LIMIT 100

#define NEKO_TYPE_ACCOUNT_STORE (neko_account_store_get_type ())

G_DECLARE_FINAL_TYPE (NekoAccountStore, neko_account_store, NEKO, ACCOUNT_STORE, GObject)

NekoAccountStore *neko_account_store_open (const char        *folder,
                                           GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void         neko_account_store_watch (NekoAccountStore *self);
void         neko_account_store_refresh (NekoAccountStore *self);
GListModel  *neko_account_store_get_accounts (NekoAccountStore *self);
NekoAccount *neko_account_store_find (NekoAccountStore *self,
                                      const char       *address);
NekoAccount *neko_account_store_add (NekoAccountStore *self,
                                     const char       *address,
                                     const char       *url,
                                     GError          **error);
gboolean     neko_account_store_remove (NekoAccountStore *self,
                                        NekoAccount      *account,
                                        GError          **error);
NekoSecret  *neko_account_store_add_password (NekoAccountStore *self,
                                              NekoAccount      *account,
                                              const char       *name,
                                              GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean     neko_account_store_remove_password (NekoAccountStore *self,
                                                 NekoAccount      *account,
                                                 const char       *name,
                                                 GError          **error);

G_END_DECLS
