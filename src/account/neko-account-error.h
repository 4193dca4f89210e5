/* neko-account-error.h - what can go wrong with accounts and their tokens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoAccountError:
 * @NEKO_ACCOUNT_ERROR_INVALID: an address, a URL or a name that cannot be; ask for another
 * @NEKO_ACCOUNT_ERROR_EXISTS: it is there already
 * @NEKO_ACCOUNT_ERROR_LIMIT: one more than can be kept; remove one first
 * @NEKO_ACCOUNT_ERROR_CORRUPT: the accounts file cannot be understood; it is left as it is
 * @NEKO_ACCOUNT_ERROR_NO_TOKEN: nothing is stored; the user has to sign in
 * @NEKO_ACCOUNT_ERROR_KEYRING_LOCKED: the keyring is locked; try again when it is open
 * @NEKO_ACCOUNT_ERROR_KEYRING_ABSENT: no keyring runs
 * @NEKO_ACCOUNT_ERROR_KEYRING_NONE: a keyring runs, but nothing in it is the default one; make one
 * @NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED: the user was asked to unlock the keyring, and did not; try again only when
 *   the user wants it
 * @NEKO_ACCOUNT_ERROR_KEYRING_SLOW: the keyring does not answer in time; it may still
 * @NEKO_ACCOUNT_ERROR_FAILED: any other failure to read or store a token
 *
 * One code per decision that a caller can take.
 */
typedef enum {
  NEKO_ACCOUNT_ERROR_INVALID,
  NEKO_ACCOUNT_ERROR_EXISTS,
  NEKO_ACCOUNT_ERROR_LIMIT,
  NEKO_ACCOUNT_ERROR_CORRUPT,
  NEKO_ACCOUNT_ERROR_NO_TOKEN,
  NEKO_ACCOUNT_ERROR_KEYRING_LOCKED,
  NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,
  NEKO_ACCOUNT_ERROR_KEYRING_NONE,
  NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED,
  NEKO_ACCOUNT_ERROR_KEYRING_SLOW,
  NEKO_ACCOUNT_ERROR_FAILED,
} NekoAccountError;

#define NEKO_ACCOUNT_ERROR (neko_account_error_quark ())

GQuark neko_account_error_quark (void);

G_END_DECLS
