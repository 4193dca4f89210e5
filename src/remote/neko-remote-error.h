/* neko-remote-error.h - the Worker's errors as decisions about mail, and about what people entered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-mail-error.h"

G_BEGIN_DECLS

/**
 * NekoRemoteError:
 * @NEKO_REMOTE_ERROR_URL: this is no address of a Worker, or one to which a password would go in clear
 * @NEKO_REMOTE_ERROR_HOST: there is no computer of that name, or none can be asked
 * @NEKO_REMOTE_ERROR_CERTIFICATE: who answers there cannot prove to be it
 * @NEKO_REMOTE_ERROR_UNREACHABLE: nobody answers there, or not to the end; try again later
 * @NEKO_REMOTE_ERROR_NOT_WORKER: something else than a Worker of Neko Mail answers there
 * @NEKO_REMOTE_ERROR_CUT: not all of it came, and nothing was kept; try again
 * @NEKO_REMOTE_ERROR_SETUP_KEY: the set-up key is wrong, or the Worker has none
 * @NEKO_REMOTE_ERROR_SET_UP: the Worker is set up already
 * @NEKO_REMOTE_ERROR_CLOSED: nobody registers there without an admin
 * @NEKO_REMOTE_ERROR_INVITE: the invite is not valid, was used or has expired
 * @NEKO_REMOTE_ERROR_NOT_ADMIN: only admins may do this, and the account is none any more
 * @NEKO_REMOTE_ERROR_LAST_ADMIN: without this user nobody could administer the Worker
 * @NEKO_REMOTE_ERROR_NO_SUCH: what this was about is gone
 * @NEKO_REMOTE_ERROR_TOO_MANY: the Worker keeps no more of these; some have to be deleted first
 * @NEKO_REMOTE_ERROR_ADDRESS: this is no mail address
 * @NEKO_REMOTE_ERROR_TAKEN: somebody has that mail address
 * @NEKO_REMOTE_ERROR_DOMAIN: the Worker does not serve that domain
 * @NEKO_REMOTE_ERROR_TAGGED: a mail address with a tag, user+tag@domain, belongs to who has it without
 * @NEKO_REMOTE_ERROR_RESERVED: only admins give that mail address away
 * @NEKO_REMOTE_ERROR_PASSWORD: the new password has less than %NEKO_REMOTE_PASSWORD_MIN characters or
 *   more than %NEKO_REMOTE_PASSWORD_MAX
 * @NEKO_REMOTE_ERROR_OLD_PASSWORD: the old password is wrong
 * @NEKO_REMOTE_ERROR_INVALID: something else that was entered is not as it should be
 *
 * What the window decides upon beyond #NekoMailError. Where mail is not concerned, calls of the Worker
 * end with these or, where the account or the Worker as a whole is the reason, with
 * %NEKO_MAIL_ERROR_SIGN_IN, %NEKO_MAIL_ERROR_DISABLED, %NEKO_MAIL_ERROR_THROTTLED,
 * %NEKO_MAIL_ERROR_UNAVAILABLE, or %NEKO_MAIL_ERROR_REFUSED for what is not known here.
 */
typedef enum {
  NEKO_REMOTE_ERROR_URL,
  NEKO_REMOTE_ERROR_HOST,
  NEKO_REMOTE_ERROR_CERTIFICATE,
  NEKO_REMOTE_ERROR_UNREACHABLE,
  NEKO_REMOTE_ERROR_NOT_WORKER,
  NEKO_REMOTE_ERROR_CUT,
  NEKO_REMOTE_ERROR_SETUP_KEY,
  NEKO_REMOTE_ERROR_SET_UP,
  NEKO_REMOTE_ERROR_CLOSED,
  NEKO_REMOTE_ERROR_INVITE,
  NEKO_REMOTE_ERROR_NOT_ADMIN,
  NEKO_REMOTE_ERROR_LAST_ADMIN,
  NEKO_REMOTE_ERROR_NO_SUCH,
  NEKO_REMOTE_ERROR_TOO_MANY,
  NEKO_REMOTE_ERROR_ADDRESS,
  NEKO_REMOTE_ERROR_TAKEN,
  NEKO_REMOTE_ERROR_DOMAIN,
  NEKO_REMOTE_ERROR_TAGGED,
  NEKO_REMOTE_ERROR_RESERVED,
  NEKO_REMOTE_ERROR_PASSWORD,
  NEKO_REMOTE_ERROR_OLD_PASSWORD,
  NEKO_REMOTE_ERROR_INVALID,
} NekoRemoteError;

#define NEKO_REMOTE_ERROR (neko_remote_error_quark ())

/* Characters of a password on the Worker. */
#define NEKO_REMOTE_PASSWORD_MIN 10
#define NEKO_REMOTE_PASSWORD_MAX 256

GQuark  neko_remote_error_quark (void);
GError *neko_remote_error_new_for_status (unsigned    status,
                                          const char *body,
                                          gssize      length) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_for_network (const GError *cause) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_for_answer (unsigned    status,
                                          const char *body,
                                          gssize      length) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_for_connection (const GError *cause) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_for_close (unsigned code) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_malformed (const char *what) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
