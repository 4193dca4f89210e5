/* neko-account.h - an account, as it is kept on this computer: no secret in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-bridge-password.h"

G_BEGIN_DECLS

#define NEKO_ACCOUNT_ADDRESS_LIMIT 254 /* octets, RFC 5321 section 4.5.3.1.3 */
#define NEKO_ACCOUNT_PASSWORD_LIMIT 50

#define NEKO_TYPE_ACCOUNT (neko_account_get_type ())

G_DECLARE_FINAL_TYPE (NekoAccount, neko_account, NEKO, ACCOUNT, GObject)

NekoAccount *neko_account_new (const char         *address,
                               const char         *url,
                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
const char               *neko_account_get_address (NekoAccount *self);
const char               *neko_account_get_url (NekoAccount *self);
gboolean                  neko_account_is_at (NekoAccount *self,
                                              const char  *url);
GPtrArray                *neko_account_get_passwords (NekoAccount *self);
gboolean                  neko_account_add_password (NekoAccount        *self,
                                                     NekoBridgePassword *password,
                                                     GError            **error);
gboolean                  neko_account_remove_password (NekoAccount *self,
                                                        const char  *name);
void                      neko_account_take_passwords (NekoAccount *self,
                                                       NekoAccount *other);
const NekoBridgePassword *neko_account_match_password (NekoAccount *self,
                                                       const char  *password);
gboolean                  neko_account_verify_password (NekoAccount *self,
                                                        const char  *password);

G_END_DECLS
