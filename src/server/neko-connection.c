/* neko-connection.c - octets between a socket and a session, in both directions and bounded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-connection.h"

#include "neko-secret.h"

#define INPUT_SIZE 16384

/* The first octet of a TLS record that holds a ClientHello, RFC 8446 section 5.1. */
#define TLS_HANDSHAKE 0x16

typedef struct {
  GSocketConnection *stream;        /* (nullable): before the start and after the end */
  NekoAuthenticator *authenticator;
  NekoThrottle      *throttle;      /* belongs to the server, which outlives its connections */
  GCancellable      *cancellable;
  char              *peer;
  NekoSecurity       security;
  GTlsCertificate   *certificate;   /* (nullable) */
  uint8_t           *input;
  size_t             input_start;
  size_t             input_end;
  unsigned           delay;         /* source of a log-in that waits */
  GTask             *delayed_log_in;
  gboolean           had_input;
  gboolean           is_writing;
  gboolean           is_closing;
  gboolean           is_authenticated;
} NekoConnectionPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (NekoConnection, neko_connection, G_TYPE_OBJECT)

enum {
  CLOSED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void proceed (NekoConnection *self);


static NekoConnectionPrivate *
get_private (NekoConnection *self)
{
  return neko_connection_get_instance_private (self);
}


static GString *
get_output (NekoConnection *self)
{
  return NEKO_CONNECTION_GET_CLASS (self)->get_output (self);
}


/**
 * neko_connection_close:
 *
 * Closes at once, without a word, and cancels what goes on.
 */
void
neko_connection_close (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (NekoConnection) alive = g_object_ref (self);

  if (private->stream == NULL)
    return;

  g_clear_handle_id (&private->delay, g_source_remove);

  if (private->delayed_log_in != NULL) {
    g_autoptr (GTask) task = g_steal_pointer (&private->delayed_log_in);

    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The connection was closed");
  }

  g_cancellable_cancel (private->cancellable);

  /* Closing a socket does not block; an asynchronous close would use a thread. */
  g_socket_close (g_socket_connection_get_socket (private->stream), NULL);
  g_clear_object (&private->stream);
  g_signal_emit (self, signals[CLOSED], 0);
}


static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoConnection) self = user_data;

  get_private (self)->is_writing = FALSE;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL)) {
    neko_connection_close (self);
    return;
  }

  g_string_truncate (get_output (self), 0);
  proceed (self);
}


static void
send_output (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  GString *output = get_output (self);

  private->is_writing = TRUE;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (private->stream)),
                                   output->str, output->len, G_PRIORITY_DEFAULT,
                                   private->cancellable, written_cb, g_object_ref (self));
}


/* Says goodbye and closes.  What the socket does not take at once is not worth waiting for. */
static void
end (NekoConnection *self,
     gboolean        is_idle)
{
  NekoConnectionPrivate *private = get_private (self);
  NekoConnectionClass *klass = NEKO_CONNECTION_GET_CLASS (self);

  if (!private->is_writing && klass->say_goodbye != NULL) {
    GString *output = get_output (self);

    klass->say_goodbye (self, is_idle);
    g_socket_send_with_blocking (g_socket_connection_get_socket (private->stream), output->str,
                                 output->len, FALSE, NULL, NULL);
  }

  neko_connection_close (self);
}


/**
 * neko_connection_shut_down:
 *
 * Says goodbye to the client and closes, because the program ends.
 */
void
neko_connection_shut_down (NekoConnection *self)
{
  if (get_private (self)->stream != NULL)
    end (self, FALSE);
}


static gboolean
check_first_octet (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  if (private->had_input || private->input[0] != TLS_HANDSHAKE)
    return TRUE;

  g_message ("A mail program spoke TLS at a port without TLS; set its connection security to none");

  return FALSE;
}


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoConnection) self = user_data;
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    end (self, TRUE);
    return;
  }

  if (length <= 0 || !check_first_octet (self)) {
    neko_connection_close (self);
    return;
  }

  private->had_input = TRUE;
  private->input_start = 0;
  private->input_end = length;
  proceed (self);
}


static void
read_input (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (private->stream)),
                             private->input, INPUT_SIZE, G_PRIORITY_DEFAULT,
                             private->cancellable, read_cb, g_object_ref (self));
}


static NekoConnectionStep
process (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  const uint8_t *data = private->input + private->input_start;
  size_t length = private->input_end - private->input_start;
  NekoConnectionStep step = NEKO_CONNECTION_GET_CLASS (self)->process (self, &data, &length);

  private->input_start = private->input_end - length;

  return step;
}


/* Writes, processes or reads, in that order: nothing is read while there is something to send, so a
 * client that does not read its answers is not listened to. */
static void
proceed (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  while (private->stream != NULL) {
    size_t unused = private->input_end - private->input_start;

    if (get_output (self)->len > 0) {
      send_output (self);
      return;
    }

    if (private->is_closing) {
      neko_connection_close (self);
      return;
    }

    switch (process (self)) {
    case NEKO_CONNECTION_WAIT:
      return;

    case NEKO_CONNECTION_CLOSE:
      private->is_closing = TRUE;
      break;

    case NEKO_CONNECTION_READ:
    default:
      if (get_output (self)->len == 0 && (unused == 0 || private->input_start == private->input_end)) {
        read_input (self);
        return;
      }
      break;
    }
  }
}


/**
 * neko_connection_resume:
 *
 * Goes on after %NEKO_CONNECTION_WAIT. It must not be called before process() returned.
 */
void
neko_connection_resume (NekoConnection *self)
{
  g_return_if_fail (NEKO_IS_CONNECTION (self));

  proceed (self);
}


/**
 * neko_connection_start:
 * @peer: the client's address, by which failures are counted
 * @throttle: must outlive the connection
 * @idle_seconds: after which a silent client is let go, 0 for never
 * @security: %NEKO_SECURITY_TLS for a port where TLS comes first
 * @certificate: (nullable): ours, with its key; %NULL only where @security is %NEKO_SECURITY_CLEAR
 *
 * Sends the greeting and begins to listen to the client.
 */
void
neko_connection_start (NekoConnection    *self,
                       GSocketConnection *stream,
                       const char        *peer,
                       NekoAuthenticator *authenticator,
                       NekoThrottle      *throttle,
                       unsigned           idle_seconds,
                       NekoSecurity       security,
                       GTlsCertificate   *certificate)
{
  NekoConnectionPrivate *private = get_private (self);

  g_return_if_fail (NEKO_IS_CONNECTION (self));
  g_return_if_fail (private->stream == NULL);

  private->stream = g_object_ref (stream);
  private->authenticator = g_object_ref (authenticator);
  private->throttle = throttle;
  private->peer = g_strdup (peer);
  private->security = security;
  g_set_object (&private->certificate, certificate);
  g_socket_set_timeout (g_socket_connection_get_socket (stream), idle_seconds);

  proceed (self);
}


/**
 * neko_connection_get_cancellable:
 *
 * Returns: what is cancelled when the connection is closed
 */
GCancellable *
neko_connection_get_cancellable (NekoConnection *self)
{
  return get_private (self)->cancellable;
}


/**
 * neko_connection_is_open:
 *
 * Returns: %FALSE once it was closed; an asynchronous step that ends then has nobody to answer to
 */
gboolean
neko_connection_is_open (NekoConnection *self)
{
  return get_private (self)->stream != NULL;
}


gboolean
neko_connection_is_authenticated (NekoConnection *self)
{
  return get_private (self)->is_authenticated;
}


const char *
neko_connection_get_peer (NekoConnection *self)
{
  return get_private (self)->peer;
}


typedef struct {
  char         *user;
  NekoSecret   *password;
  NekoMaildrop *maildrop;
  NekoOutbox   *outbox;
} LogIn;


static void
log_in_free (LogIn *log_in)
{
  g_free (log_in->user);
  neko_secret_free (log_in->password);
  g_clear_object (&log_in->maildrop);
  g_clear_object (&log_in->outbox);
  g_free (log_in);
}


static void
check_log_in (NekoConnection *self,
              GTask          *task)
{
  NekoConnectionPrivate *private = get_private (self);
  LogIn *log_in = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (neko_authenticator_log_in (private->authenticator, log_in->user, log_in->password,
                                 &log_in->maildrop, &log_in->outbox, &error)) {
    private->is_authenticated = TRUE;
    neko_throttle_succeed (private->throttle, private->peer);
    g_task_return_boolean (task, TRUE);
    return;
  }

  if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_PASSWORD))
    neko_throttle_fail (private->throttle, private->peer);

  g_task_return_error (task, g_steal_pointer (&error));
}


static gboolean
delay_over_cb (gpointer user_data)
{
  NekoConnection *self = user_data;
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (GTask) task = g_steal_pointer (&private->delayed_log_in);

  private->delay = 0;
  check_log_in (self, task);

  return G_SOURCE_REMOVE;
}


/**
 * neko_connection_log_in_async:
 * @user: what the client says it is
 * @password: what it offers as a bridge password
 *
 * Checks a log-in, after a delay where many failed.
 */
void
neko_connection_log_in_async (NekoConnection     *self,
                              const char         *user,
                              const char         *password,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  unsigned delay = neko_throttle_get_delay (private->throttle, private->peer);
  LogIn *log_in = g_new0 (LogIn, 1);

  g_task_set_source_tag (task, neko_connection_log_in_async);
  log_in->user = g_strdup (user);
  log_in->password = g_strdup (password);
  g_task_set_task_data (task, log_in, (GDestroyNotify) log_in_free);

  if (delay == 0) {
    check_log_in (self, task);
    return;
  }

  private->delayed_log_in = g_steal_pointer (&task);
  private->delay = g_timeout_add_seconds (delay, delay_over_cb, self);
}


/**
 * neko_connection_log_in_finish:
 * @maildrop: (out) (optional) (transfer full): the account's received mail
 * @outbox: (out) (optional) (transfer full): where it sends from
 */
gboolean
neko_connection_log_in_finish (NekoConnection *self,
                               GAsyncResult   *result,
                               NekoMaildrop  **maildrop,
                               NekoOutbox    **outbox,
                               GError        **error)
{
  LogIn *log_in = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (maildrop != NULL)
    *maildrop = g_steal_pointer (&log_in->maildrop);

  if (outbox != NULL)
    *outbox = g_steal_pointer (&log_in->outbox);

  return TRUE;
}


static void
neko_connection_finalize (GObject *object)
{
  NekoConnectionPrivate *private = get_private (NEKO_CONNECTION (object));

  g_clear_object (&private->stream);
  g_clear_object (&private->authenticator);
  g_clear_object (&private->cancellable);
  g_clear_object (&private->certificate);
  g_free (private->peer);

  /* It may hold a password that was pipelined. */
  neko_secret_wipe (private->input, INPUT_SIZE);
  g_free (private->input);

  G_OBJECT_CLASS (neko_connection_parent_class)->finalize (object);
}


static void
neko_connection_class_init (NekoConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_connection_finalize;

  /**
   * NekoConnection::closed:
   *
   * The connection ended.
   */
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_connection_init (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  private->cancellable = g_cancellable_new ();
  private->input = g_malloc (INPUT_SIZE);
}
