/* neko-authenticator.h - who may log in to the mail servers, and to whose mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-maildrop.h"
#include "neko-outbox.h"

G_BEGIN_DECLS

#define NEKO_TYPE_AUTHENTICATOR (neko_authenticator_get_type ())

G_DECLARE_INTERFACE (NekoAuthenticator, neko_authenticator, NEKO, AUTHENTICATOR, GObject)

struct _NekoAuthenticatorInterface {
  GTypeInterface parent_interface;

  gboolean       (*log_in) (NekoAuthenticator *self,
                            const char        *user,
                            const char        *password,
                            NekoMaildrop     **maildrop,
                            NekoOutbox       **outbox,
                            char             **credential,
                            GError           **error);
};

gboolean neko_authenticator_log_in (NekoAuthenticator *self,
                                    const char        *user,
                                    const char        *password,
                                    NekoMaildrop     **maildrop,
                                    NekoOutbox       **outbox,
                                    char             **credential,
                                    GError           **error);

G_END_DECLS
