/* neko-smtp-body.c - the octets of a message that is being submitted, by DATA or by BDAT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-session-private.h"

#include <string.h>


/* A chunk is not searched for its end, but what it holds is still a text: without BINARYMIME a CR or an
 * LF never stands alone (RFC 3030 section 3, RFC 5321 section 2.3.8). */
static void
find_bare_line_ends (NekoSmtpSession *self)
{
  for (guint i = 0; i < self->body->len; i++) {
    gboolean is_feed = self->body->data[i] == '\n';

    if (is_feed != self->is_after_cr)
      self->reader.has_bare_line_end = TRUE;

    self->is_after_cr = self->body->data[i] == '\r';
  }

  if (self->chunk_left == 0 && self->is_last_chunk && self->is_after_cr)
    self->reader.has_bare_line_end = TRUE;
}


/* Returns: (nullable): the reply to what was read so far. It is the same however the octets were cut: of
 * several faults, it is not the first one that counts. */
static const char *
find_fault (NekoSmtpSession *self)
{
  if (self->reader.has_bare_line_end)
    return "550 5.6.0 message has a CR or LF that stands alone";

  /* RFC 2045 sections 2.7 and 2.8 */
  if (self->has_nul)
    return "550 5.6.0 message has a NUL";

  if (self->submission->size > self->max_size)
    return self->too_large;

  return self->data_failure;
}


static void
check_body (NekoSmtpSession *self)
{
  self->submission->size += self->body->len;
  self->has_nul = self->has_nul || (self->body->len > 0 &&
                                    memchr (self->body->data, '\0', self->body->len) != NULL);

  /* What will be refused is not kept; it is still read to its end. */
  if (find_fault (self) != NULL)
    g_byte_array_set_size (self->body, 0);
}


/* The whole message was read. */
static NekoSmtpAction
end_body (NekoSmtpSession *self)
{
  if (self->data_failure != NULL) {
    neko_smtp_session_reply (self, self->data_failure);
    neko_smtp_session_reset (self);
    return NEKO_SMTP_CONTINUE;
  }

  neko_smtp_session_enter (self, NEKO_SMTP_STATE_SUBMITTING);

  return NEKO_SMTP_SUBMIT;
}


/* RFC 5321 section 4.1.1.4 */
NekoSmtpAction
neko_smtp_session_feed_data (NekoSmtpSession *self,
                             const uint8_t  **data,
                             size_t          *length)
{
  gboolean is_end;

  g_byte_array_set_size (self->body, 0);
  is_end = neko_dot_reader_read (&self->reader, self->body, data, length);
  check_body (self);

  if (is_end) {
    self->data_failure = find_fault (self);
    return end_body (self);
  }

  return self->body->len > 0 ? NEKO_SMTP_STORE : NEKO_SMTP_CONTINUE;
}


static NekoSmtpAction
end_chunk (NekoSmtpSession *self)
{
  neko_smtp_session_enter (self, self->chunk_state);

  if (self->chunk_refusal != NULL)
    return neko_smtp_session_reply_bad (self, self->chunk_refusal);

  if (!self->is_hopeless)
    self->data_failure = find_fault (self);

  if (self->is_last_chunk)
    return end_body (self);

  if (self->data_failure != NULL)
    return neko_smtp_session_reply (self, self->data_failure);

  neko_command_reader_forgive (self->commands);
  self->reply_start = self->output->len;
  g_string_append_printf (self->output, "250 2.0.0 %" G_GUINT64_FORMAT " octets received\r\n",
                          self->chunk_size);

  return self->body->len > 0 ? NEKO_SMTP_STORE : NEKO_SMTP_CONTINUE;
}


/* RFC 3030 section 2: also the octets of a refused chunk come, and are no commands. */
NekoSmtpAction
neko_smtp_session_feed_chunk (NekoSmtpSession *self,
                              const uint8_t  **data,
                              size_t          *length)
{
  size_t taken = MIN (*length, self->chunk_left);

  self->chunk_left -= taken;
  g_byte_array_set_size (self->body, 0);

  if (self->chunk_refusal == NULL && !self->is_hopeless) {
    if (taken > 0)
      g_byte_array_append (self->body, *data, taken);

    find_bare_line_ends (self);
    check_body (self);
  }

  *data += taken;
  *length -= taken;

  if (self->chunk_left == 0)
    return end_chunk (self);

  return self->body->len > 0 ? NEKO_SMTP_STORE : NEKO_SMTP_CONTINUE;
}


/* Returns: (nullable): the reply to a chunk that cannot stand here */
static const char *
refuse_chunk (NekoSmtpSession *self,
              const char      *rest)
{
  if (self->security == NEKO_SECURITY_REQUIRED)
    return NEKO_SMTP_TLS_FIRST;

  if ((self->state & NEKO_SMTP_STATE_ANY_TRANSACTION) == 0)
    return "503 5.5.1 MAIL first";

  if (self->submission->recipients->len == 0)
    return "554 5.5.1 no valid recipients";

  if (*rest != '\0' && g_ascii_strcasecmp (rest, "LAST") != 0)
    return "501 5.5.4 LAST or nothing may stand behind the size";

  return NULL;
}


static void
begin_message (NekoSmtpSession *self)
{
  memset (&self->reader, 0, sizeof self->reader);
  self->is_after_cr = FALSE;
  self->has_nul = FALSE;
}


/* RFC 5321 section 4.1.1.4 */
NekoSmtpAction
neko_smtp_session_begin_data (NekoSmtpSession *self)
{
  begin_message (self);
  neko_smtp_session_enter (self, NEKO_SMTP_STATE_DATA);

  return neko_smtp_session_reply_good (self, "354 end data with <CR><LF>.<CR><LF>");
}


/**
 * neko_smtp_session_begin_chunk:
 * @argument: (nullable): what stands behind BDAT
 *
 * `BDAT size [LAST]`, RFC 3030 section 2. Where the size cannot be read, nobody knows where the chunk
 * ends and commands go on, and a message must never be taken for commands: the session is over.
 */
NekoSmtpAction
neko_smtp_session_begin_chunk (NekoSmtpSession *self,
                               const char      *argument)
{
  size_t digits = argument != NULL ? strspn (argument, "0123456789") : 0;
  g_autofree char *size = g_strndup (argument, digits);
  const char *rest = digits > 0 ? argument + digits : "";
  const uint8_t *nothing = (const uint8_t *) "";
  size_t none = 0;

  if (digits == 0 || (*rest != '\0' && *rest != ' ') ||
      !g_ascii_string_to_unsigned (size, 10, 0, G_MAXUINT64, &self->chunk_size, NULL))
    return neko_smtp_session_close (self, "501 5.5.4 malformed chunk size, closing");

  rest += strspn (rest, " ");
  self->chunk_left = self->chunk_size;
  self->chunk_refusal = refuse_chunk (self, rest);
  self->chunk_state = self->state;
  self->is_last_chunk = *rest != '\0';

  if (self->chunk_refusal == NULL) {
    if (self->state == NEKO_SMTP_STATE_TRANSACTION)
      begin_message (self);

    if (self->data_failure == NULL && self->chunk_size > self->max_size - self->submission->size)
      self->data_failure = self->too_large;

    self->is_hopeless = self->data_failure != NULL;
    self->chunk_state = NEKO_SMTP_STATE_CHUNKS;
  }

  neko_smtp_session_enter (self, NEKO_SMTP_STATE_CHUNK);

  /* A chunk of no octets is complete already. */
  return self->chunk_left == 0 ? neko_smtp_session_feed_chunk (self, &nothing, &none)
                               : NEKO_SMTP_CONTINUE;
}
