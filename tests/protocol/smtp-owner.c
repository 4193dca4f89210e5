/* smtp-owner.c - does what an SMTP session asks of its owner, and keeps what was submitted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "smtp-owner.h"

#include <string.h>


static void
take_output (SmtpOwner *self)
{
  GString *said = neko_smtp_session_get_output (self->session);

  g_string_append_len (self->output, said->str, said->len);
  g_string_truncate (said, 0);
}


SmtpOwner *
smtp_owner_new (NekoSecurity security)
{
  SmtpOwner *self = g_new0 (SmtpOwner, 1);

  self->session = neko_smtp_session_new ();
  self->output = g_string_new (NULL);
  self->message = g_string_new (NULL);
  self->submitted = g_string_new (NULL);
  self->is_open = TRUE;
  neko_smtp_session_set_security (self->session, security);
  take_output (self);

  return self;
}


void
smtp_owner_free (SmtpOwner *self)
{
  neko_smtp_session_free (self->session);
  g_string_free (self->output, TRUE);
  g_string_free (self->message, TRUE);
  g_string_free (self->submitted, TRUE);
  g_free (self);
}


static void
store (SmtpOwner *self)
{
  GByteArray *body = neko_smtp_session_get_body (self->session);

  g_string_append_len (self->message, (const char *) body->data, body->len);
}


static void
submit (SmtpOwner *self)
{
  g_autoptr (GPtrArray) deliveries = g_ptr_array_new ();

  store (self);
  g_assert_cmpuint (neko_smtp_session_get_submission (self->session)->size, ==, self->message->len);
  g_string_truncate (self->submitted, 0);
  g_string_append_len (self->submitted, self->message->str, self->message->len);
  self->submissions++;
  neko_smtp_session_submitted (self->session, deliveries);
}


static void
act (SmtpOwner     *self,
     NekoSmtpAction action)
{
  switch (action) {
  case NEKO_SMTP_LOG_IN:
    neko_smtp_session_logged_in (self->session, SMTP_OWNER_MAX_SIZE);
    break;

  case NEKO_SMTP_CHECK_SENDER:
    g_string_truncate (self->message, 0);
    neko_smtp_session_sender_checked (self->session, TRUE);
    break;

  case NEKO_SMTP_STORE:
    store (self);
    break;

  case NEKO_SMTP_SUBMIT:
    submit (self);
    break;

  case NEKO_SMTP_START_TLS:
    neko_smtp_session_set_security (self->session, NEKO_SECURITY_TLS);
    break;

  case NEKO_SMTP_CLOSE:
    self->is_open = FALSE;
    break;

  case NEKO_SMTP_CONTINUE:
  default:
    break;
  }
}


void
smtp_owner_feed (SmtpOwner  *self,
                 const char *data,
                 size_t      length)
{
  const uint8_t *octets = (const uint8_t *) data;

  while (self->is_open && length > 0) {
    act (self, neko_smtp_session_feed (self->session, &octets, &length));
    take_output (self);
  }
}


void
smtp_owner_say (SmtpOwner  *self,
                const char *text)
{
  smtp_owner_feed (self, text, strlen (text));
}
