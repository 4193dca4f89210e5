/* neko-mail-error.c - what can go wrong with mail, one code per decision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mail-error.h"

G_DEFINE_QUARK (neko-mail-error, neko_mail_error)
