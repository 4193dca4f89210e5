/* neko-smtp-body.c - the octets of a message that is being submitted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-session-private.h"


static void
check_body (NekoSmtpSession *self)
{
  self->submission->size += self->body->len;

  if (self->data_failure == NULL && self->reader.has_bare_line_end)
    self->data_failure = "550 5.6.0 message has a CR or LF that stands alone";

  if (self->data_failure == NULL && self->submission->size > self->max_size)
    self->data_failure = "552 5.3.4 message is too large; attachments grow by a third when they are sent";

  /* What will be refused is not kept; it is still read to its end. */
  if (self->data_failure != NULL)
    g_byte_array_set_size (self->body, 0);
}


NekoSmtpAction
neko_smtp_session_feed_data (NekoSmtpSession *self,
                             const uint8_t  **data,
                             size_t          *length)
{
  gboolean is_end;

  g_byte_array_set_size (self->body, 0);
  is_end = neko_dot_reader_read (&self->reader, self->body, data, length);
  check_body (self);

  if (!is_end)
    return self->body->len > 0 ? NEKO_SMTP_STORE : NEKO_SMTP_CONTINUE;

  if (self->data_failure != NULL) {
    neko_smtp_session_reply (self, self->data_failure);
    neko_smtp_session_reset (self);
    return NEKO_SMTP_CONTINUE;
  }

  neko_smtp_session_enter (self, NEKO_SMTP_STATE_SUBMITTING);

  return NEKO_SMTP_SUBMIT;
}
