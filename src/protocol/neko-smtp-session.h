/* neko-smtp-session.h - one submission conversation (RFC 6409), without the socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

#include "neko-security.h"
#include "neko-submission.h"

G_BEGIN_DECLS

/* Octets of a command with its CRLF, RFC 5321 section 4.5.3.1.4 with room for parameters. */
#define NEKO_SMTP_LINE_LIMIT 1000
#define NEKO_SMTP_RECIPIENT_LIMIT 50

/**
 * NekoSmtpAction:
 * @NEKO_SMTP_CONTINUE: send the output, then feed on
 * @NEKO_SMTP_LOG_IN: check user and password, then call neko_smtp_session_logged_in() or
 *   neko_smtp_session_fail()
 * @NEKO_SMTP_CHECK_SENDER: call neko_smtp_session_sender_checked()
 * @NEKO_SMTP_STORE: take the body away, or call neko_smtp_session_fail_storage(); feed on
 * @NEKO_SMTP_SUBMIT: the rest of the body is there and it was the last. Hand the message over, then
 *   call neko_smtp_session_submitted() or neko_smtp_session_fail()
 * @NEKO_SMTP_START_TLS: send the output, throw away what is left of the input, begin TLS as its server,
 *   and call neko_smtp_session_set_security() when it stands
 * @NEKO_SMTP_CLOSE: send the output and close
 *
 * What the owner of a session has to do before it feeds on.
 */
typedef enum {
  NEKO_SMTP_CONTINUE,
  NEKO_SMTP_LOG_IN,
  NEKO_SMTP_CHECK_SENDER,
  NEKO_SMTP_STORE,
  NEKO_SMTP_SUBMIT,
  NEKO_SMTP_START_TLS,
  NEKO_SMTP_CLOSE,
} NekoSmtpAction;

/**
 * NekoSmtpFailure:
 * @NEKO_SMTP_FAILURE_AUTHENTICATION: user name or password are wrong
 * @NEKO_SMTP_FAILURE_TOO_MANY: too many log-ins failed; nobody looked at this one
 * @NEKO_SMTP_FAILURE_UNAVAILABLE: the Worker cannot be reached or failed
 * @NEKO_SMTP_FAILURE_THROTTLED: the Worker asks to wait
 * @NEKO_SMTP_FAILURE_SIGN_IN: somebody has to sign in again or to unlock the keyring
 * @NEKO_SMTP_FAILURE_TOO_LARGE: the message is too large
 * @NEKO_SMTP_FAILURE_QUOTA: the mailbox is full
 * @NEKO_SMTP_FAILURE_REFUSED: the account may not send this
 *
 * One code per reply.
 */
typedef enum {
  NEKO_SMTP_FAILURE_AUTHENTICATION,
  NEKO_SMTP_FAILURE_TOO_MANY,
  NEKO_SMTP_FAILURE_UNAVAILABLE,
  NEKO_SMTP_FAILURE_THROTTLED,
  NEKO_SMTP_FAILURE_SIGN_IN,
  NEKO_SMTP_FAILURE_TOO_LARGE,
  NEKO_SMTP_FAILURE_QUOTA,
  NEKO_SMTP_FAILURE_REFUSED,
} NekoSmtpFailure;

typedef struct _NekoSmtpSession NekoSmtpSession;

NekoSmtpSession *neko_smtp_session_new (void) G_GNUC_WARN_UNUSED_RESULT;
void             neko_smtp_session_free (NekoSmtpSession *self);
NekoSmtpAction   neko_smtp_session_feed (NekoSmtpSession *self,
                                         const uint8_t  **data,
                                         size_t          *length);
GString         *neko_smtp_session_get_output (NekoSmtpSession *self);
GByteArray      *neko_smtp_session_get_body (NekoSmtpSession *self);
NekoSubmission  *neko_smtp_session_get_submission (NekoSmtpSession *self);
const char      *neko_smtp_session_get_user (NekoSmtpSession *self);
const char      *neko_smtp_session_get_password (NekoSmtpSession *self);
gboolean         neko_smtp_session_is_in_data (NekoSmtpSession *self);
void             neko_smtp_session_set_security (NekoSmtpSession *self,
                                                 NekoSecurity     security);
void             neko_smtp_session_logged_in (NekoSmtpSession *self,
                                              guint64          max_size);
void             neko_smtp_session_sender_checked (NekoSmtpSession *self,
                                                   gboolean         is_allowed);
void             neko_smtp_session_fail_storage (NekoSmtpSession *self);
void             neko_smtp_session_submitted (NekoSmtpSession *self,
                                              GPtrArray       *deliveries);
void             neko_smtp_session_fail (NekoSmtpSession *self,
                                         NekoSmtpFailure  failure,
                                         const char      *reason);
void             neko_smtp_session_shut_down (NekoSmtpSession *self,
                                              const char      *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSmtpSession, neko_smtp_session_free)

G_END_DECLS
