/* neko-event-timing.c - how long the parts of an event channel's life may take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-event-timing.h"

#include <time.h>


/* The monotonic clock of GLib stands still while the computer sleeps. */
static gint64
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}


const NekoEventTiming *
neko_event_timing_get_default (void)
{
  /* Cloudflare ends what was silent for 100 seconds. A ping wakes the computer once more, for the
   * answer. */
  static const NekoEventTiming timing = {
    .connect_limit = 30 * 1000,
    .ping_interval = 75 * 1000,
    .probe_limit = 10 * 1000,
    .first_delay = 1000,
    .longest_delay = 5 * 60 * 1000,
    .refused_delay = 60 * 60 * 1000,
    .steady_time = 60 * 1000,
    .get_time = get_time,
  };

  return &timing;
}
