/* neko-mail-error.h - what can go wrong with mail, one code per decision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoMailError:
 * @NEKO_MAIL_ERROR_UNAVAILABLE: the Worker cannot be reached or failed; try again later
 * @NEKO_MAIL_ERROR_THROTTLED: the Worker asks to wait; the message says how long
 * @NEKO_MAIL_ERROR_SIGN_IN: the Worker refused our token; the user has to sign in again
 * @NEKO_MAIL_ERROR_KEYRING: the token is in a keyring that is locked or absent
 * @NEKO_MAIL_ERROR_DISABLED: the account is disabled on the Worker
 * @NEKO_MAIL_ERROR_GONE: the message was deleted elsewhere
 * @NEKO_MAIL_ERROR_TOO_LARGE: the message is larger than the Worker takes
 * @NEKO_MAIL_ERROR_QUOTA: the mailbox is full
 * @NEKO_MAIL_ERROR_REFUSED: the Worker refuses this message or its sender for good
 * @NEKO_MAIL_ERROR_PASSWORD: no such user name or bridge password
 * @NEKO_MAIL_ERROR_TOO_MANY_FAILURES: the same, once too often
 *
 * One code per decision that a mail server has to take. Implementations of #NekoMaildrop and
 * #NekoOutbox use this domain for everything but %G_IO_ERROR_CANCELLED, so that what is told to a
 * mail program never depends on the transport.
 */
typedef enum {
  NEKO_MAIL_ERROR_UNAVAILABLE,
  NEKO_MAIL_ERROR_THROTTLED,
  NEKO_MAIL_ERROR_SIGN_IN,
  NEKO_MAIL_ERROR_KEYRING,
  NEKO_MAIL_ERROR_DISABLED,
  NEKO_MAIL_ERROR_GONE,
  NEKO_MAIL_ERROR_TOO_LARGE,
  NEKO_MAIL_ERROR_QUOTA,
  NEKO_MAIL_ERROR_REFUSED,
  NEKO_MAIL_ERROR_PASSWORD,
  NEKO_MAIL_ERROR_TOO_MANY_FAILURES,
} NekoMailError;

#define NEKO_MAIL_ERROR (neko_mail_error_quark ())

GQuark neko_mail_error_quark (void);

G_END_DECLS
