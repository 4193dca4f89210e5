/* neko-smtp-connection.c - an SMTP session on a socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-connection.h"

#include <string.h>

#include "neko-log.h"
#include "neko-message-buffer.h"
#include "neko-smtp-session.h"

struct _NekoSmtpConnection {
  NekoConnection     parent_instance;

  NekoSmtpSession   *session;
  NekoOutbox        *outbox;  /* (nullable): before log-in */
  NekoMessageBuffer *buffer;  /* (nullable): the message that is being received */
  GInputStream      *message; /* (nullable): the message that is being handed over */
};

G_DEFINE_FINAL_TYPE (NekoSmtpConnection, neko_smtp_connection, NEKO_TYPE_CONNECTION)


static GString *
neko_smtp_connection_get_output (NekoConnection *connection)
{
  return neko_smtp_session_get_output (NEKO_SMTP_CONNECTION (connection)->session);
}


/* Any doubt is temporary: the client keeps its copy. */
static NekoSmtpFailure
get_failure (const GError *error)
{
  if (error->domain != NEKO_MAIL_ERROR)
    return NEKO_SMTP_FAILURE_UNAVAILABLE;

  switch ((NekoMailError) error->code) {
  case NEKO_MAIL_ERROR_PASSWORD:
    return NEKO_SMTP_FAILURE_AUTHENTICATION;

  case NEKO_MAIL_ERROR_TOO_MANY_FAILURES:
    return NEKO_SMTP_FAILURE_TOO_MANY;

  case NEKO_MAIL_ERROR_SIGN_IN:
  case NEKO_MAIL_ERROR_KEYRING:
    return NEKO_SMTP_FAILURE_SIGN_IN;

  case NEKO_MAIL_ERROR_THROTTLED:
    return NEKO_SMTP_FAILURE_THROTTLED;

  case NEKO_MAIL_ERROR_TOO_LARGE:
    return NEKO_SMTP_FAILURE_TOO_LARGE;

  case NEKO_MAIL_ERROR_QUOTA:
    return NEKO_SMTP_FAILURE_QUOTA;

  case NEKO_MAIL_ERROR_DISABLED:
  case NEKO_MAIL_ERROR_REFUSED:
    return NEKO_SMTP_FAILURE_REFUSED;

  case NEKO_MAIL_ERROR_UNAVAILABLE:
  case NEKO_MAIL_ERROR_GONE:
  default:
    return NEKO_SMTP_FAILURE_UNAVAILABLE;
  }
}


static void
fail (NekoSmtpConnection *self,
      const GError       *error)
{
  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  neko_smtp_session_fail (self->session, get_failure (error), error->message);
  neko_connection_resume (NEKO_CONNECTION (self));
}


static NekoConnectionStep
neko_smtp_connection_logged_in (NekoConnection *connection,
                                NekoMaildrop   *maildrop,
                                NekoOutbox     *outbox,
                                const GError   *error)
{
  NekoSmtpConnection *self = NEKO_SMTP_CONNECTION (connection);

  if (error != NULL) {
    neko_smtp_session_fail (self->session, get_failure (error), error->message);
    return NEKO_CONNECTION_READ;
  }

  g_set_object (&self->outbox, outbox);
  neko_smtp_session_logged_in (self->session, neko_outbox_get_max_size (outbox));

  return NEKO_CONNECTION_READ;
}


static void
check_sender (NekoSmtpConnection *self)
{
  const char *sender = neko_smtp_session_get_submission (self->session)->sender;

  neko_smtp_session_sender_checked (self->session,
                                    neko_outbox_may_send_as (self->outbox, sender));
}


static void
log_submission (NekoSmtpConnection *self,
                GPtrArray          *deliveries)
{
  const NekoSubmission *submission = neko_smtp_session_get_submission (self->session);
  g_autofree char *octets = g_strdup_printf ("%" G_GUINT64_FORMAT, submission->size);
  g_autofree char *taken_text = NULL;
  g_autofree char *refused_text = NULL;
  guint refused = 0;

  for (guint i = 0; i < deliveries->len; i++) {
    NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    refused += delivery->is_refused;
  }

  taken_text = g_strdup_printf ("%u", deliveries->len - refused);
  refused_text = g_strdup_printf ("%u", refused);
  neko_log_event (G_LOG_LEVEL_INFO, refused > 0 ? "sent-in-part" : "sent",
                  "SMTP: %s sent %s octets; recipients taken: %s, refused: %s",
                  submission->sender, octets, taken_text, refused_text);
}


/* The words of a mail server on the way may name to whom the message was. */
static void
log_refusal (const GError *error)
{
  g_autoptr (GError) named = g_error_copy (error);

  if (strchr (error->message, '@') != NULL) {
    g_free (named->message);
    named->message = g_strdup ("it was refused because of an address");
  }

  neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-sent", named, "SMTP: a message was not confirmed, or refused");
}


static void
submitted_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoSmtpConnection) self = user_data;
  g_autoptr (GPtrArray) deliveries = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->message);
  g_clear_object (&self->buffer);
  deliveries = neko_outbox_submit_finish (NEKO_OUTBOX (source), result, &error);

  if (deliveries == NULL) {
    log_refusal (error);
    fail (self, error);
    return;
  }

  log_submission (self, deliveries);

  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  neko_smtp_session_submitted (self->session, deliveries);
  neko_connection_resume (NEKO_CONNECTION (self));
}


static void
fail_storage (NekoSmtpConnection *self,
              const GError       *error)
{
  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  neko_log_failure (G_LOG_LEVEL_MESSAGE, "no-room", error, "No room for a message that is being sent");
  g_clear_object (&self->buffer);
  neko_smtp_session_fail_storage (self->session);
}


/* Not cancelled when the client goes away: it sent the whole message, and when it comes again with the
 * same one, the same idempotency key keeps that from being sent twice. */
static NekoConnectionStep
submit (NekoSmtpConnection *self)
{
  NekoSubmission *submission = neko_smtp_session_get_submission (self->session);
  g_autoptr (GError) error = NULL;

  self->message = neko_message_buffer_open (self->buffer, &error);

  if (self->message == NULL) {
    fail_storage (self, error);
    return NEKO_CONNECTION_READ;
  }

  g_free (submission->sha256);
  submission->sha256 = neko_message_buffer_dup_sha256 (self->buffer);
  neko_outbox_submit_async (self->outbox, submission, self->message, NULL, submitted_cb,
                            g_object_ref (self));

  return NEKO_CONNECTION_COMMIT;
}


static void
last_flushed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (NekoSmtpConnection) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!neko_message_buffer_flush_finish (NEKO_MESSAGE_BUFFER (source), result, &error))
    fail_storage (self, error);
  else if (submit (self) != NEKO_CONNECTION_READ)
    return;

  neko_connection_resume (NEKO_CONNECTION (self));
}


static void
flushed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoSmtpConnection) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!neko_message_buffer_flush_finish (NEKO_MESSAGE_BUFFER (source), result, &error))
    fail_storage (self, error);

  neko_connection_resume (NEKO_CONNECTION (self));
}


static void
append_body (NekoSmtpConnection *self)
{
  GByteArray *body = neko_smtp_session_get_body (self->session);

  if (self->buffer == NULL)
    self->buffer = neko_message_buffer_new ();

  neko_message_buffer_append (self->buffer, body->data, body->len);
}


static NekoConnectionStep
store (NekoSmtpConnection *self)
{
  append_body (self);

  if (!neko_message_buffer_wants_flush (self->buffer))
    return NEKO_CONNECTION_READ;

  neko_message_buffer_flush_async (self->buffer, NULL, flushed_cb, g_object_ref (self));

  return NEKO_CONNECTION_WAIT;
}


static NekoConnectionStep
store_last (NekoSmtpConnection *self)
{
  append_body (self);

  if (neko_message_buffer_is_in_memory (self->buffer))
    return submit (self);

  neko_message_buffer_flush_async (self->buffer, NULL, last_flushed_cb, g_object_ref (self));

  return NEKO_CONNECTION_COMMIT;
}


/* A message that was refused while it came leaves its buffer behind. */
static void
drop_stale_buffer (NekoSmtpConnection *self)
{
  if (!neko_smtp_session_is_in_data (self->session))
    g_clear_object (&self->buffer);
}


static NekoConnectionStep
neko_smtp_connection_process (NekoConnection *connection,
                              const uint8_t **data,
                              size_t         *length)
{
  NekoSmtpConnection *self = NEKO_SMTP_CONNECTION (connection);

  drop_stale_buffer (self);

  switch (neko_smtp_session_feed (self->session, data, length)) {
  case NEKO_SMTP_LOG_IN:
    return neko_connection_log_in (connection,
                                   neko_smtp_session_get_user (self->session),
                                   neko_smtp_session_get_password (self->session));

  case NEKO_SMTP_CHECK_SENDER:
    check_sender (self);
    return NEKO_CONNECTION_READ;

  case NEKO_SMTP_STORE:
    return store (self);

  case NEKO_SMTP_SUBMIT:
    return store_last (self);

  case NEKO_SMTP_START_TLS:
    return NEKO_CONNECTION_START_TLS;

  case NEKO_SMTP_CLOSE:
    return NEKO_CONNECTION_CLOSE;

  case NEKO_SMTP_CONTINUE:
  default:
    return NEKO_CONNECTION_READ;
  }
}


static void
neko_smtp_connection_set_security (NekoConnection *connection,
                                   NekoSecurity    security)
{
  neko_smtp_session_set_security (NEKO_SMTP_CONNECTION (connection)->session, security);
}


/* RFC 5321 section 3.8 */
static void
neko_smtp_connection_say_goodbye (NekoConnection *connection,
                                  gboolean        is_idle)
{
  NekoSmtpConnection *self = NEKO_SMTP_CONNECTION (connection);

  neko_smtp_session_shut_down (self->session,
                               is_idle ? "421 4.4.2 silent for too long, closing"
                                       : "421 4.3.2 Neko Mail is stopping");
}


static void
neko_smtp_connection_finalize (GObject *object)
{
  NekoSmtpConnection *self = NEKO_SMTP_CONNECTION (object);

  neko_smtp_session_free (self->session);
  g_clear_object (&self->outbox);
  g_clear_object (&self->message);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (neko_smtp_connection_parent_class)->finalize (object);
}


static void
neko_smtp_connection_class_init (NekoSmtpConnectionClass *klass)
{
  NekoConnectionClass *connection_class = NEKO_CONNECTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_smtp_connection_finalize;

  connection_class->protocol = "SMTP";
  connection_class->get_output = neko_smtp_connection_get_output;
  connection_class->set_security = neko_smtp_connection_set_security;
  connection_class->process = neko_smtp_connection_process;
  connection_class->logged_in = neko_smtp_connection_logged_in;
  connection_class->say_goodbye = neko_smtp_connection_say_goodbye;
}


static void
neko_smtp_connection_init (NekoSmtpConnection *self)
{
  self->session = neko_smtp_session_new ();
}
