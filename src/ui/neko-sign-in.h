/* neko-sign-in.h - adds an account, or signs in to one again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"

G_BEGIN_DECLS

/**
 * NekoSignInKind:
 * @NEKO_SIGN_IN_KNOWN: the account is there on the Worker
 * @NEKO_SIGN_IN_SET_UP: the Worker is new, and the account its first admin
 * @NEKO_SIGN_IN_REGISTER: the account is made with an invite, or where everybody may make one
 */
typedef enum {
  NEKO_SIGN_IN_KNOWN,
  NEKO_SIGN_IN_SET_UP,
  NEKO_SIGN_IN_REGISTER,
} NekoSignInKind;

/**
 * NekoSignInForm:
 * @url: the Worker's address
 * @address: the account's
 * @password: on the Worker
 * @key: (nullable): the set-up key, or the invite
 */
typedef struct {
  NekoSignInKind kind;
  const char    *url;
  const char    *address;
  const char    *password;
  const char    *key;
} NekoSignInForm;

void             neko_sign_in_async (NekoModel            *model,
                                     const NekoSignInForm *form,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
NekoAccountItem *neko_sign_in_finish (NekoModel    *model,
                                      GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
