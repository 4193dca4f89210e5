/* neko-bridge-password.h - a password for one mail program, made by us and kept as a hash
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "neko-secret.h"

G_BEGIN_DECLS

#define NEKO_BRIDGE_PASSWORD_LENGTH 24
#define NEKO_BRIDGE_PASSWORD_NAME_LIMIT 64 /* characters */

typedef struct _NekoBridgePassword NekoBridgePassword;

NekoBridgePassword *neko_bridge_password_new (const char  *name,
                                              NekoSecret **password,
                                              GError     **error) G_GNUC_WARN_UNUSED_RESULT;
NekoBridgePassword *neko_bridge_password_parse (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char               *neko_bridge_password_to_string (const NekoBridgePassword *self) G_GNUC_WARN_UNUSED_RESULT;
void                neko_bridge_password_free (NekoBridgePassword *self);
const char         *neko_bridge_password_get_name (const NekoBridgePassword *self);
gboolean            neko_bridge_password_verify (const NekoBridgePassword *self,
                                                 const char               *password);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoBridgePassword, neko_bridge_password_free)

G_END_DECLS
