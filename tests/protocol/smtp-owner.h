/* smtp-owner.h - does what an SMTP session asks of its owner, and keeps what was submitted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-smtp-session.h"

G_BEGIN_DECLS

#define SMTP_OWNER_MAX_SIZE 100000

#define SMTP_OWNER_HELO "HELO me\r\n"
#define SMTP_OWNER_LOG_IN SMTP_OWNER_HELO "AUTH PLAIN AGEAYg==\r\n"
#define SMTP_OWNER_MAIL SMTP_OWNER_LOG_IN "MAIL FROM:<me@x.org>\r\n"
#define SMTP_OWNER_RCPT SMTP_OWNER_MAIL "RCPT TO:<b@y.org>\r\n"

/**
 * SmtpOwner:
 * @output: everything that the session said
 * @submitted: the message of the last submission
 */
typedef struct {
  NekoSmtpSession *session;
  GString         *output;
  GString         *message;
  GString         *submitted;
  unsigned         submissions;
  gboolean         is_open;
} SmtpOwner;

SmtpOwner *smtp_owner_new (NekoSecurity security);
void       smtp_owner_free (SmtpOwner *self);
void       smtp_owner_feed (SmtpOwner  *self,
                            const char *data,
                            size_t      length);
void       smtp_owner_say (SmtpOwner  *self,
                           const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmtpOwner, smtp_owner_free)

G_END_DECLS
