/* neko-sleep-watch.c - notices that the computer has slept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sleep-watch.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <glib-unix.h>

/* Between reading one clock and the other, a busy computer may do something else. Connections outlast a sleep as
 * short as that. */
#define SHORT_SLEEP G_USEC_PER_SEC

/**
 * NekoSleepWatch:
 *
 * Asks the kernel alone, and so hears of sleep in a sandbox, in a container and without logind too, and never wakes the
 * computer to find out.
 */
struct _NekoSleepWatch {
  GObject  parent_instance;

  int      timer;  /* or -1: then nothing is heard */
  unsigned source; /* (nullable): of the timer */
  gint64   slept;  /* since the computer was started, in µs */
};

G_DEFINE_FINAL_TYPE (NekoSleepWatch, neko_sleep_watch, G_TYPE_OBJECT)

enum {
  RESUMED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gint64
read_clock (clockid_t clock)
{
  struct timespec now = { 0 };

  clock_gettime (clock, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}


/* One clock goes on in sleep, and the other one does not. */
static gint64
read_slept (void)
{
  return read_clock (CLOCK_BOOTTIME) - read_clock (CLOCK_MONOTONIC);
}


/* A timer that never rings, and is cancelled where the time of day jumps, as it does when the computer wakes up. That it
 * jumped once more until now is told in the same breath. */
static gboolean
wait_for_jump (NekoSleepWatch *self)
{
  const struct itimerspec never = { .it_value.tv_sec = G_MAXLONG };

  return timerfd_settime (self->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0 ||
         errno == ECANCELED;
}


static gboolean
jumped_cb (int          descriptor,
           GIOCondition condition,
           gpointer     user_data)
{
  NekoSleepWatch *self = user_data;
  guint64 count;

  /* Awake, the kernel says no more than that it was cancelled. Before what is compared next, so that no sleep falls
   * between the two. */
  if (read (descriptor, &count, sizeof count) < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  if (!wait_for_jump (self)) {
    self->source = 0;
    return G_SOURCE_REMOVE;
  }

  neko_sleep_watch_compare (self, read_slept ());

  return G_SOURCE_CONTINUE;
}


static void
neko_sleep_watch_dispose (GObject *object)
{
  NekoSleepWatch *self = NEKO_SLEEP_WATCH (object);

  g_clear_handle_id (&self->source, g_source_remove);

  G_OBJECT_CLASS (neko_sleep_watch_parent_class)->dispose (object);
}


static void
neko_sleep_watch_finalize (GObject *object)
{
  NekoSleepWatch *self = NEKO_SLEEP_WATCH (object);

  if (self->timer >= 0)
    close (self->timer);

  G_OBJECT_CLASS (neko_sleep_watch_parent_class)->finalize (object);
}


static void
neko_sleep_watch_class_init (NekoSleepWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_sleep_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_sleep_watch_finalize;

  /**
   * NekoSleepWatch::resumed:
   *
   * The computer has slept and is awake again.
   */
  signals[RESUMED] = g_signal_new ("resumed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_sleep_watch_init (NekoSleepWatch *self)
{
  self->slept = read_slept ();
  self->timer = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

  /* That a connection ended in sleep is then found out by what is sent over it. */
  if (self->timer < 0 || !wait_for_jump (self))
    g_debug ("Sleep is not heard of: %s", g_strerror (errno));
  else
    self->source = g_unix_fd_add (self->timer, G_IO_IN, jumped_cb, self);
}


NekoSleepWatch *
neko_sleep_watch_new (void)
{
  return g_object_new (NEKO_TYPE_SLEEP_WATCH, NULL);
}


/**
 * neko_sleep_watch_compare:
 * @slept: how long the computer has slept since it was started, in microseconds
 *
 * Emits #NekoSleepWatch::resumed where that is more than it was, by a second or longer. It is called by itself when the
 * time of day jumps, and jumps without sleep are of no concern.
 */
void
neko_sleep_watch_compare (NekoSleepWatch *self,
                          gint64          slept)
{
  g_return_if_fail (NEKO_IS_SLEEP_WATCH (self));

  if (slept - self->slept < SHORT_SLEEP)
    return;

  self->slept = slept;
  g_signal_emit (self, signals[RESUMED], 0);
}
