/* neko-account-error.c - what can go wrong with accounts and their tokens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-error.h"

G_DEFINE_QUARK (neko-account-error, neko_account_error)
