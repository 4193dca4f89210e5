/* neko-connection.c - octets between a socket and a session, in both directions and bounded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-connection.h"

#include "neko-log.h"
#include "neko-secret.h"
#include "neko-transport.h"

#define INPUT_SIZE 16384

/* Octets of output that are sent before more input is processed. Less is sent together with what the
 * commands pipelined behind it answer. */
#define OUTPUT_ENOUGH 32768

/* Octets sent to one client before the others have their turn. */
#define TURN_SIZE (256 * 1024)

/* The first octet of a TLS record that holds a ClientHello, RFC 8446 section 5.1. */
#define TLS_HANDSHAKE 0x16

typedef struct {
  NekoTransport     *transport;     /* (nullable): before the start and after the end */
  NekoAuthenticator *authenticator;
  NekoThrottle      *throttle;      /* belongs to the server, which outlives its connections */
  GCancellable      *cancellable;
  char              *peer;
  NekoSecurity       security;
  GTlsCertificate   *certificate;   /* (nullable) */
  uint8_t           *input;
  size_t             input_start;
  size_t             input_end;
  size_t             sent;          /* octets of the output */
  NekoConnectionStep step;          /* the last one that process() asked for */
  unsigned           delay;         /* source of a log-in that waits */
  char              *user;          /* (nullable): of that log-in */
  NekoSecret        *password;      /* (nullable): of that log-in */
  gboolean           is_reading;    /* waits for input, not to send or for something else */
  gboolean           had_input;
  gboolean           is_stopping;
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

  if (private->transport == NULL)
    return;

  g_clear_handle_id (&private->delay, g_source_remove);
  g_clear_pointer (&private->transport, neko_transport_free);
  g_cancellable_cancel (private->cancellable);
  g_signal_emit (self, signals[CLOSED], 0);
}


static void
wait_for (NekoConnection *self,
          GIOCondition    condition)
{
  NekoConnectionPrivate *private = get_private (self);

  private->is_reading = condition == G_IO_IN;
  neko_transport_wait (private->transport, condition);
}


/* Says goodbye and closes.  What the socket does not take at once is not worth waiting for. */
static void
end (NekoConnection *self,
     gboolean        is_idle)
{
  NekoConnectionPrivate *private = get_private (self);
  NekoConnectionClass *klass = NEKO_CONNECTION_GET_CLASS (self);

  /* A reply that is half sent must not be followed by another. */
  if (private->sent == 0 && klass->say_goodbye != NULL && private->step != NEKO_CONNECTION_START_TLS) {
    GString *output = get_output (self);

    klass->say_goodbye (self, is_idle);
    neko_transport_write (private->transport, output->str, output->len);
  }

  neko_connection_close (self);
}


/**
 * neko_connection_shut_down:
 *
 * Says goodbye to the client and closes, because the program ends. What was handed over already comes
 * to its end first: "closed" tells when.
 */
void
neko_connection_shut_down (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  private->is_stopping = TRUE;

  if (private->transport != NULL && private->step != NEKO_CONNECTION_COMMIT)
    end (self, FALSE);
}


/* Sends what it can of the output.
 *
 * Returns: whether all of it was sent */
static gboolean
send_output (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  GString *output = get_output (self);

  while (private->sent < output->len) {
    gssize length = neko_transport_write (private->transport, output->str + private->sent,
                                          output->len - private->sent);

    if (length == NEKO_TRANSPORT_WOULD_BLOCK) {
      wait_for (self, G_IO_OUT);
      return FALSE;
    }

    if (length < 0) {
      neko_connection_close (self);
      return FALSE;
    }

    private->sent += length;
  }

  private->sent = 0;
  g_string_truncate (output, 0);

  return TRUE;
}


static void
fail_tls (NekoConnection *self,
          const char     *reason)
{
  neko_log_event (G_LOG_LEVEL_MESSAGE, "tls-failed", "TLS with a mail program failed: %s", reason);
  neko_connection_close (self);
}


static void
shake_hands (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (GError) error = NULL;
  int result = neko_transport_shake_hands (private->transport, &error);

  if (result == NEKO_TRANSPORT_WOULD_BLOCK)
    return;

  if (result < 0) {
    fail_tls (self, error->message);
    return;
  }

  private->security = NEKO_SECURITY_TLS;
  NEKO_CONNECTION_GET_CLASS (self)->set_security (self, NEKO_SECURITY_TLS);
  neko_connection_resume (self);
}


/* RFC 2595 section 4, RFC 3207 section 6: what was sent behind the command, maybe by somebody on the
 * way, must not count as said inside TLS. */
static void
start_tls (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (GError) error = NULL;

  private->input_start = private->input_end = 0;
  private->step = NEKO_CONNECTION_START_TLS;

  if (neko_transport_start_tls (private->transport, private->certificate, &error))
    shake_hands (self);
  else
    fail_tls (self, error->message);
}


/* Goes on with the handshake; where TLS comes first, looks whether there will be one. */
static void
proceed_with_tls (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  int octet;

  if (neko_transport_is_in_tls (private->transport)) {
    shake_hands (self);
    return;
  }

  octet = neko_transport_peek (private->transport);

  if (octet == TLS_HANDSHAKE) {
    start_tls (self);
    return;
  }

  if (octet >= 0)
    neko_log_event (G_LOG_LEVEL_MESSAGE, "tls-missing",
                    "A mail program spoke clear text at a port for TLS; "
                    "set its connection security to SSL/TLS, or use the other port");

  neko_connection_close (self);
}


static gboolean
check_first_octet (NekoConnectionPrivate *private)
{
  if (private->had_input || private->security == NEKO_SECURITY_TLS ||
      private->input[0] != TLS_HANDSHAKE)
    return TRUE;

  if (private->security == NEKO_SECURITY_CLEAR)
    neko_log_event (G_LOG_LEVEL_MESSAGE, "tls-unwanted",
                    "A mail program spoke TLS at a port without TLS; "
                    "set its connection security to none, or switch TLS on in Neko Mail");
  else
    neko_log_event (G_LOG_LEVEL_MESSAGE, "tls-early",
                    "A mail program spoke TLS at a port where TLS begins with STARTTLS; "
                    "set its connection security to STARTTLS, or use the port for SSL/TLS");

  return FALSE;
}


static void
receive (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  gssize length = neko_transport_read (private->transport, private->input, INPUT_SIZE);

  if (length == NEKO_TRANSPORT_WOULD_BLOCK) {
    wait_for (self, G_IO_IN);
    return;
  }

  if (length <= 0 || !check_first_octet (private)) {
    neko_connection_close (self);
    return;
  }

  private->had_input = TRUE;
  private->input_start = 0;
  private->input_end = length;
  proceed (self);
}


/* The reply to STARTTLS, with what was pipelined before it, may have to wait until the client reads. */
static gboolean
has_to_begin_tls (NekoConnectionPrivate *private)
{
  return private->step == NEKO_CONNECTION_START_TLS &&
         (private->is_reading || neko_transport_is_in_tls (private->transport));
}


static void
give_up (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  if (private->step == NEKO_CONNECTION_START_TLS && neko_transport_is_in_tls (private->transport))
    fail_tls (self, "it took too long");
  else
    end (self, TRUE);
}


static void
transport_cb (NekoTransportEvent event,
              gpointer           user_data)
{
  g_autoptr (NekoConnection) self = g_object_ref (user_data);
  NekoConnectionPrivate *private = get_private (self);

  switch (event) {
  case NEKO_TRANSPORT_LATE:
    give_up (self);
    break;

  case NEKO_TRANSPORT_GONE:
    neko_connection_close (self);
    break;

  case NEKO_TRANSPORT_READY:
  default:
    if (has_to_begin_tls (private))
      proceed_with_tls (self);
    else if (private->is_reading)
      receive (self);
    else
      proceed (self);
    break;
  }
}


/* Returns: whether something came of it */
static gboolean
process (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  const uint8_t *data = private->input + private->input_start;
  size_t length = private->input_end - private->input_start;
  size_t before = length;
  size_t output = get_output (self)->len;

  private->step = NEKO_CONNECTION_GET_CLASS (self)->process (self, &data, &length);
  private->input_start = private->input_end - length;

  return length != before || get_output (self)->len != output;
}


/* Sends what there is, and does what has to be done after that.
 *
 * Returns: whether more can be processed */
static gboolean
settle (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  if (!send_output (self))
    return FALSE;

  switch (private->step) {
  case NEKO_CONNECTION_WAIT:
  case NEKO_CONNECTION_COMMIT:
    wait_for (self, 0);
    return FALSE;

  case NEKO_CONNECTION_START_TLS:
    start_tls (self);
    return FALSE;

  case NEKO_CONNECTION_CLOSE:
    if (neko_transport_end (private->transport) == NEKO_TRANSPORT_WOULD_BLOCK)
      wait_for (self, G_IO_OUT);
    else
      neko_connection_close (self);

    return FALSE;

  case NEKO_CONNECTION_READ:
  default:
    if (private->is_stopping)
      end (self, FALSE);

    return !private->is_stopping;
  }
}


/* Processes and sends, until there is nothing left to do but to read or to wait. Nothing is read while
 * there is something to send, so a client that does not read its answers is not listened to. */
static void
proceed (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);
  g_autoptr (NekoConnection) alive = g_object_ref (self);
  size_t turn = 0;

  while (private->transport != NULL) {
    gboolean is_idle = private->step == NEKO_CONNECTION_READ && private->sent == 0 &&
                       !process (self);
    size_t length = get_output (self)->len;

    if (private->transport == NULL)
      return;

    if (private->step == NEKO_CONNECTION_READ && !is_idle && private->sent == 0 &&
        length < OUTPUT_ENOUGH)
      continue;

    if (!settle (self))
      return;

    turn += length;

    if (length == 0) {
      if (turn > 0)
        neko_transport_linger (private->transport);

      wait_for (self, G_IO_IN);
      return;
    }

    if (turn > TURN_SIZE) {
      wait_for (self, G_IO_OUT);
      return;
    }
  }
}


/**
 * neko_connection_resume:
 *
 * Goes on after %NEKO_CONNECTION_WAIT or %NEKO_CONNECTION_COMMIT. It must not be called before
 * process() returned, and does nothing once the connection is closed.
 */
void
neko_connection_resume (NekoConnection *self)
{
  NekoConnectionPrivate *private = get_private (self);

  g_return_if_fail (NEKO_IS_CONNECTION (self));

  private->step = NEKO_CONNECTION_READ;
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
  g_return_if_fail (private->transport == NULL);
  g_return_if_fail (security == NEKO_SECURITY_CLEAR || certificate != NULL);

  private->transport = neko_transport_new (stream, idle_seconds, transport_cb, self);
  private->authenticator = g_object_ref (authenticator);
  private->throttle = throttle;
  private->peer = g_strdup (peer);
  private->security = security;
  g_set_object (&private->certificate, certificate);
  NEKO_CONNECTION_GET_CLASS (self)->set_security (self, security);

  if (security != NEKO_SECURITY_TLS) {
    proceed (self);
    return;
  }

  private->step = NEKO_CONNECTION_START_TLS;
  wait_for (self, G_IO_IN);
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
  return get_private (self)->transport != NULL;
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


/* A wrong password that had to wait already is told so: it is one of too many. */
static void
count_failure (NekoConnectionPrivate *private,
               GError **error)
{
  unsigned delay = neko_throttle_get_delay (private->throttle, private->peer);

  if (!g_error_matches (*error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_PASSWORD))
    return;

  neko_throttle_fail (private->throttle, private->peer);

  if (delay == 0)
    return;

  g_clear_error (error);
  g_set_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_TOO_MANY_FAILURES,
               "too many wrong user names or bridge passwords; the next one waits %u seconds",
               neko_throttle_get_delay (private->throttle, private->peer));
}


static NekoConnectionStep
check_log_in (NekoConnection *self,
              const char     *user,
              const char     *password)
{
  NekoConnectionPrivate *private = get_private (self);
  const char *protocol = NEKO_CONNECTION_GET_CLASS (self)->protocol;
  g_autoptr (NekoMaildrop) maildrop = NULL;
  g_autoptr (NekoOutbox) outbox = NULL;
  g_autoptr (GError) error = NULL;

  if (neko_authenticator_log_in (private->authenticator, user, password, &maildrop, &outbox,
                                 NULL, &error)) {
    private->is_authenticated = TRUE;
    neko_throttle_succeed (private->throttle, private->peer);
    neko_log_event (G_LOG_LEVEL_INFO, "logged-in", "%s: %s logged in from %s", protocol, user,
                    private->peer);
  } else {
    count_failure (private, &error);
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-logged-in", error, "%s: %s could not log in from %s",
                      protocol, user, private->peer);
  }

  return NEKO_CONNECTION_GET_CLASS (self)->logged_in (self, maildrop, outbox, error);
}


static gboolean
delay_over_cb (gpointer user_data)
{
  NekoConnection *self = user_data;
  NekoConnectionPrivate *private = get_private (self);
  g_autofree char *user = g_steal_pointer (&private->user);
  g_autoptr (NekoSecret) password = g_steal_pointer (&private->password);

  private->delay = 0;

  if (check_log_in (self, user, password) == NEKO_CONNECTION_READ)
    neko_connection_resume (self);

  return G_SOURCE_REMOVE;
}


/**
 * neko_connection_log_in:
 * @user: what the client says it is
 * @password: what it offers as a bridge password
 *
 * Checks a log-in, after a delay where many failed, and calls logged_in() of the class.
 *
 * Returns: what process() has to return
 */
NekoConnectionStep
neko_connection_log_in (NekoConnection *self,
                        const char     *user,
                        const char     *password)
{
  NekoConnectionPrivate *private = get_private (self);
  unsigned delay = neko_throttle_get_delay (private->throttle, private->peer);

  if (delay == 0)
    return check_log_in (self, user, password);

  private->user = g_strdup (user);
  private->password = g_strdup (password);
  private->delay = g_timeout_add_seconds (delay, delay_over_cb, self);

  return NEKO_CONNECTION_WAIT;
}


static void
neko_connection_finalize (GObject *object)
{
  NekoConnectionPrivate *private = get_private (NEKO_CONNECTION (object));

  g_clear_pointer (&private->transport, neko_transport_free);
  g_clear_object (&private->authenticator);
  g_clear_object (&private->cancellable);
  g_clear_object (&private->certificate);
  g_free (private->peer);
  g_free (private->user);
  neko_secret_free (private->password);

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
