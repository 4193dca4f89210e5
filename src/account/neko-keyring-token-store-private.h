/* neko-keyring-token-store-private.h - what the store and its calls to the keyring share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsecret/secret.h>

#include "neko-keyring-request.h"
#include "neko-keyring-token-store.h"
#include "neko-shared-secret.h"

G_BEGIN_DECLS

#define NEKO_KEYRING_NO_TOKEN "The keyring has no token for this account; sign in again"

typedef enum {
  NEKO_KEYRING_LOOK_UP,
  NEKO_KEYRING_STORE,
  NEKO_KEYRING_UNLOCK,
} NekoKeyringPurpose;

typedef struct {
  GWeakRef           store;
  NekoKeyringPurpose purpose;
  char              *name;       /* (nullable): of the token, in this program */
  GHashTable        *attributes; /* (nullable) */
  char              *label;      /* (nullable) */
  NekoSecret        *token;      /* (nullable): to store, %NULL for none */
  NekoSecret        *sealed;     /* (nullable): in a sandbox, the token that was found */
  NekoSharedSecret  *shared;     /* (nullable): outside a sandbox */
  SecretService     *service;    /* (nullable): before it is known */
} NekoKeyringCall;

/* neko-keyring-call.c */
NekoKeyringCall  *neko_keyring_call_new (NekoKeyringTokenStore *store,
                                         NekoKeyringPurpose     purpose) G_GNUC_WARN_UNUSED_RESULT;
NekoKeyringCall  *neko_keyring_call_new_for (NekoKeyringTokenStore *store,
                                             NekoKeyringPurpose     purpose,
                                             const char            *account,
                                             const char            *url) G_GNUC_WARN_UNUSED_RESULT;
void              neko_keyring_call_free (NekoKeyringCall *call);
char             *neko_keyring_call_dup_name (const char *account,
                                              const char *url) G_GNUC_WARN_UNUSED_RESULT;
void              neko_keyring_call_start (NekoKeyringRequest *request);
void              neko_keyring_call_fail (NekoKeyringRequest *request,
                                          NekoAccountError    code,
                                          const char         *message);
void              neko_keyring_call_fail_as (NekoKeyringRequest *request,
                                             const GError       *error);
void              neko_keyring_call_succeed (NekoKeyringRequest *request);

/* neko-keyring-portal.c */
void              neko_keyring_portal_start (NekoKeyringRequest *request);

/* neko-keyring-token-store.c */
NekoSharedSecret *neko_keyring_token_store_dup_shared (NekoKeyringTokenStore *self);
void              neko_keyring_token_store_fail (NekoKeyringRequest *request,
                                                 GError             *error);
void              neko_keyring_token_store_hand_over (NekoKeyringRequest *request,
                                                      const char         *text);

G_END_DECLS
