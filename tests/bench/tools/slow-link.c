/* slow-link.c - a network between two sockets: it takes its time, and all share its bandwidth
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes in at one end goes out at the other half a round trip later, and not faster than the
 * bandwidth of its direction. A connection is there after a round trip. Nothing is lost, and TCP's slow
 * start is not in it.
 */

#define _GNU_SOURCE /* ppoll */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "sockets.h"

/* About a packet's worth, so that connections take turns. */
#define SEGMENT 2920

/* What waits in front of a full link, in seconds: a router with a short queue. */
#define QUEUE_SECONDS 0.01

/* Octets of one connection that may be on their way: a large TCP window. */
#define WINDOW (4 * 1024 * 1024)

/* One direction of the link, for all connections. */
typedef struct {
  double free_at; /* when the last octet of what is in the queue has left */
  double seconds_per_octet;
} Lane;

typedef struct {
  double arrives_at;
  size_t length;
  size_t position;
  char   data[SEGMENT];
} Segment;

/* One direction of one connection. */
typedef struct {
  Lane    *lane;
  int      from;
  int      to;
  double   opens_at;
  GQueue   segments;
  size_t   on_the_way;
  gboolean is_full;  /* whoever is at the other end reads slowly */
  gboolean has_ended; /* nothing more comes in */
  gboolean is_shut;  /* and all that came has gone out */
} Stream;

typedef struct {
  Stream up;
  Stream down;
} Connection;

typedef struct {
  int        listener;
  int        target;
  double     round_trip;
  Lane       up;
  Lane       down;
  GPtrArray *connections;
  guint      turn;
  GArray    *polled;
} SlowLink;


static void
connection_free (Connection *connection)
{
  close (connection->up.from);
  close (connection->up.to);
  g_queue_clear_full (&connection->up.segments, g_free);
  g_queue_clear_full (&connection->down.segments, g_free);
  g_free (connection);
}


static void
stream_init (Stream *stream,
             Lane   *lane,
             int     from,
             int     to,
             double  opens_at)
{
  stream->lane = lane;
  stream->from = from;
  stream->to = to;
  stream->opens_at = opens_at;
  g_queue_init (&stream->segments);
  fcntl (from, F_SETFL, O_NONBLOCK);
}


static void
accept_connection (SlowLink *self)
{
  Connection *connection = g_new0 (Connection, 1);
  int client = bench_accept (self->listener);
  int server = bench_connect (self->target);
  double opens_at = bench_now () + self->round_trip;

  /* The client believes to be connected at once, but what it says leaves when it could be. */
  stream_init (&connection->up, &self->up, client, server, opens_at);
  stream_init (&connection->down, &self->down, server, client, opens_at);
  g_ptr_array_add (self->connections, connection);
}


static gboolean
may_read (const Stream *stream,
          double        now)
{
  return !stream->has_ended && stream->on_the_way < WINDOW &&
         stream->lane->free_at - now < QUEUE_SECONDS;
}


static void
read_segment (SlowLink *self,
              Stream   *stream,
              double    now)
{
  Segment *segment = g_new (Segment, 1);
  ssize_t length = recv (stream->from, segment->data, SEGMENT, 0);

  if (length <= 0) {
    stream->has_ended = length == 0 || errno != EAGAIN;
    g_free (segment);
    return;
  }

  segment->length = length;
  segment->position = 0;
  stream->lane->free_at = fmax (stream->lane->free_at, fmax (now, stream->opens_at)) +
                          length * stream->lane->seconds_per_octet;
  segment->arrives_at = stream->lane->free_at + self->round_trip / 2;
  stream->on_the_way += length;
  g_queue_push_tail (&stream->segments, segment);
}


static void
deliver (Stream *stream,
         double  now)
{
  Segment *segment;

  stream->is_full = FALSE;

  while ((segment = g_queue_peek_head (&stream->segments)) != NULL && segment->arrives_at <= now) {
    ssize_t sent = send (stream->to, segment->data + segment->position,
                         segment->length - segment->position, MSG_NOSIGNAL);

    if (sent < 0 && errno == EAGAIN) {
      stream->is_full = TRUE;
      return;
    }

    /* Where nobody listens any more it does not matter what is lost. */
    segment->position = sent < 0 ? segment->length : segment->position + sent;

    if (segment->position == segment->length) {
      stream->on_the_way -= segment->length;
      g_free (g_queue_pop_head (&stream->segments));
    }
  }

  if (segment == NULL && stream->has_ended && !stream->is_shut) {
    shutdown (stream->to, SHUT_WR);
    stream->is_shut = TRUE;
  }
}


/* When something has to be done for a stream though nothing comes in. */
static double
next_moment (const Stream *stream,
             double        now)
{
  const Segment *segment = g_queue_peek_head ((GQueue *) &stream->segments);
  double moment = now + 3600;

  if (segment != NULL && !stream->is_full)
    moment = segment->arrives_at;

  if (!stream->has_ended && stream->on_the_way < WINDOW && !may_read (stream, now))
    moment = fmin (moment, stream->lane->free_at - QUEUE_SECONDS);

  return moment;
}


static void
add_polled (SlowLink *self,
            int       descriptor,
            short     events)
{
  struct pollfd polled = { .fd = events != 0 ? descriptor : -1, .events = events };

  g_array_append_val (self->polled, polled);
}


static void
wait_for_something (SlowLink *self)
{
  double now = bench_now ();
  double moment = now + 3600;
  double pause;
  struct timespec time;

  g_array_set_size (self->polled, 0);
  add_polled (self, self->listener, POLLIN);

  for (guint i = 0; i < self->connections->len; i++) {
    const Connection *connection = g_ptr_array_index (self->connections, i);
    const Stream *up = &connection->up;
    const Stream *down = &connection->down;

    moment = fmin (moment, fmin (next_moment (up, now), next_moment (down, now)));
    add_polled (self, up->from, (may_read (up, now) ? POLLIN : 0) | (down->is_full ? POLLOUT : 0));
    add_polled (self, down->from, (may_read (down, now) ? POLLIN : 0) | (up->is_full ? POLLOUT : 0));
  }

  pause = fmax (moment - now, 0);
  time.tv_sec = pause;
  time.tv_nsec = (pause - time.tv_sec) * 1e9;
  ppoll ((struct pollfd *) self->polled->data, self->polled->len, &time, NULL);
}


static gboolean
is_readable (SlowLink *self,
             guint     position)
{
  return (g_array_index (self->polled, struct pollfd, position).revents &
          (POLLIN | POLLHUP | POLLERR)) != 0;
}


static void
serve (SlowLink *self,
       guint     position,
       double    now)
{
  Connection *connection = g_ptr_array_index (self->connections, position);

  if (may_read (&connection->up, now) && is_readable (self, 1 + 2 * position))
    read_segment (self, &connection->up, now);

  if (may_read (&connection->down, now) && is_readable (self, 2 + 2 * position))
    read_segment (self, &connection->down, now);

  deliver (&connection->up, now);
  deliver (&connection->down, now);
}


static void
work (SlowLink *self)
{
  guint known = self->connections->len;
  double now;

  wait_for_something (self);
  now = bench_now ();
  self->turn++;

  /* Where there is room for one segment only, it is another connection's each time. */
  for (guint i = 0; i < known; i++)
    serve (self, (self->turn + i) % known, now);

  for (guint i = known; i-- > 0;) {
    const Connection *connection = g_ptr_array_index (self->connections, i);

    if (connection->up.is_shut && connection->down.is_shut)
      g_ptr_array_remove_index_fast (self->connections, i);
  }

  if (is_readable (self, 0))
    accept_connection (self);
}


int
main (int   argc,
      char *argv[])
{
  SlowLink self = { 0 };
  int port = 0;
  double milliseconds = 50;
  double megabits = 20;
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Where to listen", "PORT" },
    { "to", 0, 0, G_OPTION_ARG_INT, &self.target, "Where it leads", "PORT" },
    { "round-trip", 0, 0, G_OPTION_ARG_DOUBLE, &milliseconds, "There and back", "MILLISECONDS" },
    { "bandwidth", 0, 0, G_OPTION_ARG_DOUBLE, &megabits, "Each way", "MBIT/S" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);

  self.round_trip = milliseconds / 1000;
  self.up.seconds_per_octet = 8 / (megabits * 1e6);
  self.down.seconds_per_octet = self.up.seconds_per_octet;
  self.connections = g_ptr_array_new_with_free_func ((GDestroyNotify) connection_free);
  self.polled = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  self.listener = bench_listen (port);

  for (;;)
    work (&self);
}
