/* neko-pop3-connection.c - a POP3 session on a socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-connection.h"

#include "neko-log.h"
#include "neko-pop3-session.h"

/* Octets of a message that are sent at a time. */
#define CHUNK_SIZE 65536

struct _NekoPop3Connection {
  NekoConnection     parent_instance;

  NekoPop3Session   *session;
  NekoMaildrop      *maildrop; /* (nullable): before log-in */
  NekoMessageList   *list;     /* (nullable): before log-in */
  NekoMessageReader *message;  /* (nullable): the message that is being sent */
};

G_DEFINE_FINAL_TYPE (NekoPop3Connection, neko_pop3_connection, NEKO_TYPE_CONNECTION)


static GString *
neko_pop3_connection_get_output (NekoConnection *connection)
{
  return neko_pop3_session_get_output (NEKO_POP3_CONNECTION (connection)->session);
}


/* One reply code for each decision that the client has to take: who is told that the password is wrong
 * forgets a right one. */
static NekoPop3Failure
get_failure (const GError *error)
{
  if (error->domain != NEKO_MAIL_ERROR)
    return NEKO_POP3_FAILURE_TEMPORARY;

  switch ((NekoMailError) error->code) {
  case NEKO_MAIL_ERROR_PASSWORD:
  case NEKO_MAIL_ERROR_TOO_MANY_FAILURES:
    return NEKO_POP3_FAILURE_AUTHENTICATION;

  case NEKO_MAIL_ERROR_SIGN_IN:
  case NEKO_MAIL_ERROR_DISABLED:
  case NEKO_MAIL_ERROR_GONE:
  case NEKO_MAIL_ERROR_TOO_LARGE:
  case NEKO_MAIL_ERROR_REFUSED:
    return NEKO_POP3_FAILURE_PERMANENT;

  case NEKO_MAIL_ERROR_UNAVAILABLE:
  case NEKO_MAIL_ERROR_THROTTLED:
  case NEKO_MAIL_ERROR_KEYRING:
  case NEKO_MAIL_ERROR_QUOTA:
  default:
    return NEKO_POP3_FAILURE_TEMPORARY;
  }
}


static void
fail (NekoPop3Connection *self,
      const GError       *error)
{
  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  neko_pop3_session_fail (self->session, get_failure (error), error->message);
  neko_connection_resume (NEKO_CONNECTION (self));
}


static guint64
get_octets (gconstpointer list,
            size_t        position)
{
  return neko_message_list_get (list, position).wire;
}


static const char *
get_unique_id (gconstpointer list,
               size_t        position)
{
  return neko_message_list_get (list, position).id;
}


static void
begin_transaction (NekoPop3Connection *self)
{
  NekoPop3Listing listing = { .get_octets = get_octets, .get_unique_id = get_unique_id };

  listing.count = neko_message_list_get_length (self->list);
  listing.total = neko_message_list_get_total (self->list);
  listing.data = self->list;
  neko_pop3_session_logged_in (self->session, &listing);
}


static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoPop3Connection) self = user_data;
  g_autoptr (GError) error = NULL;

  self->list = neko_maildrop_list_finish (NEKO_MAILDROP (source), result, &error);

  if (self->list == NULL) {
    fail (self, error);
    return;
  }

  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  begin_transaction (self);
  neko_connection_resume (NEKO_CONNECTION (self));
}


static NekoConnectionStep
neko_pop3_connection_logged_in (NekoConnection *connection,
                                NekoMaildrop   *maildrop,
                                NekoOutbox     *outbox,
                                const GError   *error)
{
  NekoPop3Connection *self = NEKO_POP3_CONNECTION (connection);

  if (error != NULL) {
    neko_pop3_session_fail (self->session, get_failure (error), error->message);
    return NEKO_CONNECTION_READ;
  }

  g_set_object (&self->maildrop, maildrop);
  self->list = neko_maildrop_peek_list (maildrop);

  if (self->list != NULL) {
    begin_transaction (self);
    return NEKO_CONNECTION_READ;
  }

  neko_maildrop_list_async (maildrop, neko_connection_get_cancellable (connection), listed_cb,
                            g_object_ref (self));

  return NEKO_CONNECTION_WAIT;
}


/* A message that breaks off must not look whole: the connection is closed without a terminator. */
static void
break_off (NekoPop3Connection *self,
           const GError       *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-read", error, "A message broke off while it was read");

  g_clear_object (&self->message);
  neko_connection_close (NEKO_CONNECTION (self));
}


static NekoConnectionStep
send_message (NekoPop3Connection *self)
{
  GString *output = neko_pop3_session_get_output (self->session);
  g_autoptr (GError) error = NULL;

  switch (neko_message_reader_read (self->message, output, CHUNK_SIZE, &error)) {
  case NEKO_MESSAGE_WAIT:
    return NEKO_CONNECTION_WAIT;

  case NEKO_MESSAGE_FAILED:
    break_off (self, error);
    return NEKO_CONNECTION_WAIT;

  case NEKO_MESSAGE_END:
    g_string_append (output, ".\r\n");
    g_clear_object (&self->message);

    if (neko_pop3_session_get_lines (self->session) == NEKO_MAILDROP_ALL_LINES)
      neko_maildrop_note_read (self->maildrop, self->list,
                               neko_pop3_session_get_position (self->session));

    return NEKO_CONNECTION_READ;

  case NEKO_MESSAGE_MORE:
  default:
    return NEKO_CONNECTION_READ;
  }
}


static void
message_ready_cb (NekoMessageReader  *message,
                  NekoPop3Connection *self)
{
  if (self->message == message && neko_connection_is_open (NEKO_CONNECTION (self)))
    neko_connection_resume (NEKO_CONNECTION (self));
}


/* Answers RETR or TOP; the message itself is sent by process(). */
static void
begin_message (NekoPop3Connection *self,
               NekoMessageReader  *message)
{
  self->message = message;
  g_signal_connect_object (message, "ready", G_CALLBACK (message_ready_cb), self, 0);
  neko_pop3_session_retrieve (self->session);
}


static void
message_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (NekoPop3Connection) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoMessageReader) message = NULL;

  message = neko_maildrop_read_finish (NEKO_MAILDROP (source), result, &error);

  if (message == NULL) {
    fail (self, error);
    return;
  }

  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  begin_message (self, g_steal_pointer (&message));
  neko_connection_resume (NEKO_CONNECTION (self));
}


static NekoConnectionStep
open_message (NekoPop3Connection *self)
{
  size_t position = neko_pop3_session_get_position (self->session);
  int lines = neko_pop3_session_get_lines (self->session);
  NekoMessageReader *message = neko_maildrop_peek_message (self->maildrop, self->list, position,
                                                           lines);

  if (message != NULL) {
    begin_message (self, message);
    return NEKO_CONNECTION_READ;
  }

  neko_maildrop_read_async (self->maildrop, self->list, position, lines,
                            neko_connection_get_cancellable (NEKO_CONNECTION (self)),
                            message_opened_cb, g_object_ref (self));

  return NEKO_CONNECTION_WAIT;
}


static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoPop3Connection) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!neko_maildrop_delete_finish (NEKO_MAILDROP (source), result, &error)) {
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-deleted", error,
                      "POP3: messages were not deleted, they will come again");
    fail (self, error);
    return;
  }

  if (!neko_connection_is_open (NEKO_CONNECTION (self)))
    return;

  neko_pop3_session_updated (self->session);
  neko_connection_resume (NEKO_CONNECTION (self));
}


static GStrv
dup_marked (NekoPop3Connection *self)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  size_t count = neko_message_list_get_length (self->list);

  for (size_t i = 0; i < count; i++) {
    if (neko_pop3_session_is_marked (self->session, i))
      g_strv_builder_add (ids, neko_message_list_get (self->list, i).id);
  }

  return g_strv_builder_end (ids);
}


/* Not cancelled when the client goes away: it said QUIT, and the answer does not change that. The
* snapshot is let go first: where nobody looks at the messages, they can be taken out in place. */
static void
delete_messages (NekoPop3Connection *self)
{
  g_auto (GStrv) ids = dup_marked (self);

  g_clear_pointer (&self->list, neko_message_list_unref);
  neko_maildrop_delete_async (self->maildrop, (const char *const *) ids, NULL, deleted_cb,
                              g_object_ref (self));
}


static NekoConnectionStep
neko_pop3_connection_process (NekoConnection *connection,
                              const uint8_t **data,
                              size_t         *length)
{
  NekoPop3Connection *self = NEKO_POP3_CONNECTION (connection);

  if (neko_pop3_session_is_closed (self->session))
    return NEKO_CONNECTION_CLOSE;

  if (self->message != NULL)
    return send_message (self);

  switch (neko_pop3_session_feed (self->session, data, length)) {
  case NEKO_POP3_LOG_IN:
    return neko_connection_log_in (connection,
                                   neko_pop3_session_get_user (self->session),
                                   neko_pop3_session_get_password (self->session));

  case NEKO_POP3_RETRIEVE:
    return open_message (self);

  case NEKO_POP3_UPDATE:
    delete_messages (self);
    return NEKO_CONNECTION_COMMIT;

  case NEKO_POP3_START_TLS:
    return NEKO_CONNECTION_START_TLS;

  case NEKO_POP3_CLOSE:
    return NEKO_CONNECTION_CLOSE;

  case NEKO_POP3_CONTINUE:
  default:
    return NEKO_CONNECTION_READ;
  }
}


static void
neko_pop3_connection_set_security (NekoConnection *connection,
                                   NekoSecurity    security)
{
  neko_pop3_session_set_security (NEKO_POP3_CONNECTION (connection)->session, security);
}


static void
neko_pop3_connection_finalize (GObject *object)
{
  NekoPop3Connection *self = NEKO_POP3_CONNECTION (object);

  neko_pop3_session_free (self->session);
  g_clear_object (&self->maildrop);
  g_clear_pointer (&self->list, neko_message_list_unref);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (neko_pop3_connection_parent_class)->finalize (object);
}


static void
neko_pop3_connection_class_init (NekoPop3ConnectionClass *klass)
{
  NekoConnectionClass *connection_class = NEKO_CONNECTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_pop3_connection_finalize;

  connection_class->protocol = "POP3";

  /* RFC 1939 section 3: whoever was silent for too long is let go without a word. */
  connection_class->get_output = neko_pop3_connection_get_output;
  connection_class->set_security = neko_pop3_connection_set_security;
  connection_class->process = neko_pop3_connection_process;
  connection_class->logged_in = neko_pop3_connection_logged_in;
}


static void
neko_pop3_connection_init (NekoPop3Connection *self)
{
  self->session = neko_pop3_session_new ();
}
