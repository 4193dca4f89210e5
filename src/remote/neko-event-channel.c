/* neko-event-channel.c - hears from the Worker when a mailbox changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-event-channel.h"

#include <string.h>

#include "neko-backoff.h"
#include "neko-event-json.h"
#include "neko-remote-error.h"
#include "neko-remote-websocket.h"

#define PATH "v1/events"

/* The Worker's platform answers this by itself, without waking the mailbox. */
#define PING "ping"
#define PONG "pong"

/* From here on a timer may fire together with others of the process, up to a second late. */
#define COARSE_DELAY 10000

typedef enum {
  STOPPED,
  CONNECTING, /* until the first event is here */
  OPEN,
  WAITING,    /* for the next try, or for another network */
  HELD,       /* the Worker does not want us, or not now; another network changes nothing */
} State;

struct _NekoEventChannel {
  GObject                  parent_instance;

  NekoRemoteClient        *client;
  GNetworkMonitor         *monitor;
  NekoEventTiming          timing;
  NekoBackoff              backoff;

  State                    state;
  gint64                   entered;    /* when, in monotonic time */
  GError                  *error;      /* (nullable): why it is not open */
  unsigned                 timer;      /* the only one, for what the state waits for */

  GCancellable            *attempt;    /* (nullable): ends what is under way */
  gint64                   tried;      /* when last, in monotonic time */
  SoupWebsocketConnection *connection; /* (nullable) */
  guint64                  sequence;
  gint64                   heard;      /* when last, in the time that runs on in sleep */
  gboolean                 has_pinged; /* and heard nothing since */
  gboolean                 is_probing; /* the timer has the short limit for that */
};

G_DEFINE_FINAL_TYPE (NekoEventChannel, neko_event_channel, G_TYPE_OBJECT)

enum {
  CHANGED,
  STATE_CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gboolean timer_cb (gpointer user_data);


static void
set_timer (NekoEventChannel *self,
           unsigned          delay)
{
  g_clear_handle_id (&self->timer, g_source_remove);

  if (delay >= COARSE_DELAY)
    self->timer = g_timeout_add_seconds ((delay + 500) / 1000, timer_cb, self);
  else if (delay > 0)
    self->timer = g_timeout_add (delay, timer_cb, self);
}


static gboolean
has_passed (gint64   since,
            unsigned delay)
{
  return g_get_monotonic_time () - since >= G_GINT64_CONSTANT (1000) * delay;
}


/* Whoever hears of it may stop the channel, so this comes last wherever it is called. */
static void
enter_state (NekoEventChannel *self,
             State             state,
             unsigned          delay)
{
  g_debug ("events: %d -> %d, for %u ms", self->state, state, delay);
  self->state = state;
  self->entered = g_get_monotonic_time ();
  set_timer (self, delay);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}


static gboolean
release_cb (gpointer connection)
{
  return G_SOURCE_REMOVE;
}


/* libsoup goes on with a connection after it has told of a message or of an error, without a
 * reference of its own; so ours is let go when it has returned. With it goes the socket, and nobody
 * waits for the peer to close. */
static void
hang_up (NekoEventChannel *self)
{
  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
  self->has_pinged = FALSE;
  self->is_probing = FALSE;

  if (self->connection == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->connection, self);

  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN &&
      soup_websocket_connection_get_close_code (self->connection) == 0)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);

  g_idle_add_full (G_PRIORITY_DEFAULT, release_cb, g_steal_pointer (&self->connection),
                   g_object_unref);
}


static void
wait_for_turn (NekoEventChannel *self)
{
  /* Without a network there is no use in trying often; that there is none may be a mistake, as in
   * some containers, so there is some use in trying. */
  if (g_network_monitor_get_network_available (self->monitor))
    enter_state (self, WAITING, neko_backoff_next (&self->backoff));
  else
    enter_state (self, WAITING, neko_backoff_spread (self->timing.longest_delay));
}


/* Takes @error. */
static void
fail (NekoEventChannel *self,
      GError           *error)
{
  if (self->state == OPEN && has_passed (self->entered, self->timing.steady_time))
    neko_backoff_reset (&self->backoff);

  hang_up (self);
  g_clear_error (&self->error);
  self->error = error;

  /* Its message may be the Worker's, its code is ours. */
  g_debug ("events: failed, %s %d", g_quark_to_string (error->domain), error->code);

  if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN) ||
      g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_KEYRING))
    enter_state (self, HELD, 0);
  else if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_DISABLED))
    enter_state (self, HELD, neko_backoff_spread (self->timing.refused_delay));
  else if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_THROTTLED))
    enter_state (self, HELD, neko_backoff_spread (self->timing.longest_delay));
  else
    wait_for_turn (self);
}


/* What is sent may find that the connection is broken, so this comes last as well. */
static void
ping (NekoEventChannel *self,
      unsigned          limit)
{
  self->has_pinged = TRUE;
  self->is_probing = limit < self->timing.ping_interval;
  set_timer (self, limit);
  soup_websocket_connection_send_text (self->connection, PING);
}


/* The computer has slept, and the connection may have ended meanwhile. */
static void
doubt (NekoEventChannel *self)
{
  g_signal_emit (self, signals[STATE_CHANGED], 0);

  if (self->state == OPEN && !self->is_probing)
    ping (self, self->timing.probe_limit);
}


static void
keep_alive (NekoEventChannel *self)
{
  if (self->has_pinged)
    fail (self, g_error_new_literal (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                                     "the Worker does not answer any more"));
  else if (neko_event_channel_is_alive (self))
    ping (self, self->timing.ping_interval);
  else
    doubt (self);
}


static void
take_sign_of_life (NekoEventChannel *self,
                   gboolean          is_pong)
{
  gboolean is_doubted = self->state == OPEN && !neko_event_channel_is_alive (self);

  /* What comes now may have lain here while the computer slept; the answer to a probe did not. */
  if (is_doubted && !(is_pong && self->is_probing)) {
    doubt (self);
    return;
  }

  self->heard = self->timing.get_time ();
  self->has_pinged = FALSE;

  if (self->is_probing) {
    self->is_probing = FALSE;
    set_timer (self, self->timing.ping_interval);
  }

  if (is_doubted)
    g_signal_emit (self, signals[STATE_CHANGED], 0);
}


static void
take_event (NekoEventChannel *self,
            const NekoEvent  *event)
{
  SoupWebsocketConnection *connection = self->connection;

  if (self->state == CONNECTING) {
    /* Not the larger of this and what was told before: a mailbox that is restored goes back. */
    self->sequence = event->sequence;
    g_clear_error (&self->error);
    enter_state (self, OPEN, self->timing.ping_interval);
  } else {
    self->sequence = MAX (self->sequence, event->sequence);
  }

  if (self->connection == connection)
    g_signal_emit (self, signals[CHANGED], 0, event->sequence, event->from, event->subject,
                   event->id);
}


static void
message_cb (SoupWebsocketConnection *connection,
            int                      type,
            GBytes                  *message,
            gpointer                 user_data)
{
  g_autoptr (NekoEventChannel) self = g_object_ref (user_data);
  g_auto (NekoEvent) event = { 0 };
  size_t length;
  const char *text = g_bytes_get_data (message, &length);
  gboolean is_text = type == SOUP_WEBSOCKET_DATA_TEXT;
  gboolean is_pong = is_text && length == strlen (PONG) && memcmp (text, PONG, length) == 0;

  take_sign_of_life (self, is_pong);

  if (self->connection != connection || !is_text || is_pong)
    return;

  switch (neko_event_parse (&event, text, length)) {
  case NEKO_EVENT_CHANGED:
    take_event (self, &event);
    break;

  case NEKO_EVENT_OTHER:
    break;

  case NEKO_EVENT_MALFORMED:
  default:
    /* We are perhaps behind now; the first event of the next connection will tell. */
    fail (self, neko_remote_error_new_malformed ("event"));
  }
}


/* The answer of libsoup, which sends it next, and the end of the stream are not waited for. */
static void
closing_cb (SoupWebsocketConnection *connection,
            gpointer                 user_data)
{
  g_autoptr (NekoEventChannel) self = g_object_ref (user_data);
  unsigned code = soup_websocket_connection_get_close_code (connection);

  fail (self, neko_remote_error_new_for_close (code));
}


static void
error_cb (SoupWebsocketConnection *connection,
          GError                  *error,
          gpointer                 user_data)
{
  g_autoptr (NekoEventChannel) self = g_object_ref (user_data);

  fail (self, neko_remote_error_new_for_network (error));
}


static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  g_autoptr (NekoEventChannel) self = NULL;
  GError *error = NULL;

  connection = neko_remote_websocket_open_finish (NEKO_REMOTE_CLIENT (source), result, &error);

  /* Each attempt has a cancellable, and so this one was given up; perhaps so was the channel. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_error_free (error);
    return;
  }

  self = g_object_ref (user_data);

  if (connection == NULL) {
    fail (self, error);
    return;
  }

  self->connection = g_steal_pointer (&connection);
  g_signal_connect_object (self->connection, "message", G_CALLBACK (message_cb), self, 0);
  g_signal_connect_object (self->connection, "error", G_CALLBACK (error_cb), self, 0);
  g_signal_connect_object (self->connection, "closing", G_CALLBACK (closing_cb), self, 0);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (closing_cb), self, 0);
}


static void
connect_now (NekoEventChannel *self)
{
  hang_up (self);
  self->attempt = g_cancellable_new ();
  self->tried = g_get_monotonic_time ();
  neko_remote_websocket_open_async (self->client, PATH, NEKO_EVENT_LIMIT, self->attempt,
                                    connected_cb, self);
  enter_state (self, CONNECTING, self->timing.connect_limit);
}


static gboolean
timer_cb (gpointer user_data)
{
  g_autoptr (NekoEventChannel) self = g_object_ref (user_data);

  self->timer = 0;

  switch (self->state) {
  case CONNECTING:
    fail (self, g_error_new_literal (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                                     "the Worker took too long to answer"));
    break;

  case OPEN:
    keep_alive (self);
    break;

  case WAITING:
  case HELD:
    connect_now (self);
    break;

  case STOPPED:
  default:
    g_assert_not_reached ();
  }

  return G_SOURCE_REMOVE;
}


static void
network_changed_cb (GNetworkMonitor *monitor,
                    gboolean         is_available,
                    gpointer         user_data)
{
  g_autoptr (NekoEventChannel) self = g_object_ref (user_data);

  /* The address that the connection began with may be gone. */
  if (self->state == OPEN && !self->is_probing) {
    ping (self, self->timing.probe_limit);
    return;
  }

  if (!is_available || (self->state != CONNECTING && self->state != WAITING))
    return;

  neko_backoff_reset (&self->backoff);

  /* Changes come in swarms, when a cable is plugged in. */
  if (has_passed (self->tried, self->timing.first_delay))
    connect_now (self);
  else if (self->state == WAITING)
    set_timer (self, neko_backoff_next (&self->backoff));
}


/**
 * neko_event_channel_start:
 *
 * Connects, and sees to it that it stays so until neko_event_channel_stop(). What is open or on its
 * way is left as it is; where it waits for the next try, this is the next try.
 */
void
neko_event_channel_start (NekoEventChannel *self)
{
  g_return_if_fail (NEKO_IS_EVENT_CHANNEL (self));

  if (self->state == CONNECTING || self->state == OPEN)
    return;

  neko_backoff_reset (&self->backoff);
  connect_now (self);
}


/**
 * neko_event_channel_retry:
 *
 * Connects anew and at once, unless it is stopped. To be called when the client's token changed;
 * what is open or on its way was asked for with the old one.
 */
void
neko_event_channel_retry (NekoEventChannel *self)
{
  g_return_if_fail (NEKO_IS_EVENT_CHANNEL (self));

  if (self->state == STOPPED)
    return;

  neko_backoff_reset (&self->backoff);
  connect_now (self);
}


/**
 * neko_event_channel_check:
 *
 * Finds out now whether the connection still is one, or connects where there is none.
 */
void
neko_event_channel_check (NekoEventChannel *self)
{
  g_return_if_fail (NEKO_IS_EVENT_CHANNEL (self));

  if (self->state == OPEN)
    doubt (self);
  else if (self->state != STOPPED)
    neko_event_channel_start (self);
}


/**
 * neko_event_channel_stop:
 *
 * Ends the connection and all attempts. The last signal is emitted before this returns.
 */
void
neko_event_channel_stop (NekoEventChannel *self)
{
  g_return_if_fail (NEKO_IS_EVENT_CHANNEL (self));

  if (self->state == STOPPED)
    return;

  hang_up (self);
  g_clear_error (&self->error);
  enter_state (self, STOPPED, 0);
}


/**
 * neko_event_channel_is_alive:
 *
 * After the computer has slept this is right before any timer has run, and so before any signal.
 *
 * Returns: whether all changes until a moment ago were told of
 */
gboolean
neko_event_channel_is_alive (NekoEventChannel *self)
{
  g_return_val_if_fail (NEKO_IS_EVENT_CHANNEL (self), FALSE);

  return self->state == OPEN && self->timing.get_time () - self->heard <=
         self->timing.ping_interval * G_GINT64_CONSTANT (2000);
}


/**
 * neko_event_channel_get_sequence:
 *
 * Returns: the highest that was told over this connection, or over the last where there is none
 */
guint64
neko_event_channel_get_sequence (NekoEventChannel *self)
{
  g_return_val_if_fail (NEKO_IS_EVENT_CHANNEL (self), 0);

  return self->sequence;
}


/**
 * neko_event_channel_get_error:
 *
 * Returns: (nullable): in %NEKO_MAIL_ERROR, why there is no connection; %NULL while there is one,
 *   none is wanted, or the first is being made
 */
const GError *
neko_event_channel_get_error (NekoEventChannel *self)
{
  g_return_val_if_fail (NEKO_IS_EVENT_CHANNEL (self), NULL);

  return self->error;
}


static void
neko_event_channel_dispose (GObject *object)
{
  NekoEventChannel *self = NEKO_EVENT_CHANNEL (object);

  hang_up (self);
  self->state = STOPPED;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_error (&self->error);
  g_clear_object (&self->client);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (neko_event_channel_parent_class)->dispose (object);
}


static void
neko_event_channel_class_init (NekoEventChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_event_channel_dispose;

  /**
   * NekoEventChannel::changed:
   * @sequence: the mailbox's, after the change
   * @from: (nullable): of the new message, as its sender wrote it
   * @subject: (nullable): of the new message, as its sender wrote it
   * @id: (nullable): of the new message, where there is one
   *
   * Also emitted for the first event of each connection, which only tells where the mailbox is.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 4, G_TYPE_UINT64,
                                   G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                   G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                   G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * NekoEventChannel::state-changed:
   *
   * neko_event_channel_is_alive() or neko_event_channel_get_error() may tell something else now.
   */
  signals[STATE_CHANGED] = g_signal_new ("state-changed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_event_channel_init (NekoEventChannel *self)
{
}


/* For tests, with a network and a time of their own. */
NekoEventChannel *
neko_event_channel_new_full (NekoRemoteClient      *client,
                             GNetworkMonitor       *monitor,
                             const NekoEventTiming *timing)
{
  NekoEventChannel *self = g_object_new (NEKO_TYPE_EVENT_CHANNEL, NULL);

  self->client = g_object_ref (client);
  self->monitor = g_object_ref (monitor);
  self->timing = *timing;
  self->backoff.first = timing->first_delay;
  self->backoff.longest = timing->longest_delay;
  g_signal_connect_object (monitor, "network-changed", G_CALLBACK (network_changed_cb), self, 0);

  return self;
}


/**
 * neko_event_channel_new:
 *
 * Returns: (transfer full): a channel that is stopped
 */
NekoEventChannel *
neko_event_channel_new (NekoRemoteClient *client)
{
  g_return_val_if_fail (NEKO_IS_REMOTE_CLIENT (client), NULL);

  return neko_event_channel_new_full (client, g_network_monitor_get_default (),
                                      neko_event_timing_get_default ());
}
