/* neko-event-timing.h - how long the parts of an event channel's life may take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoEventTiming:
 * @connect_limit: for all that comes before the first event
 * @ping_interval: between two signs of life that are asked for
 * @probe_limit: for a sign of life where the way to the Worker may have changed
 * @first_delay: before the first try after a failure
 * @longest_delay: before a try, at most
 * @refused_delay: before a try where the Worker has disabled the account
 * @steady_time: after so long a connection was good, and the next failure is the first again
 * @get_time: microseconds, also of the time that the computer sleeps
 *
 * All but the last in milliseconds. Tests have little time and a clock of their own.
 */
typedef struct {
  unsigned connect_limit;
  unsigned ping_interval;
  unsigned probe_limit;
  unsigned first_delay;
  unsigned longest_delay;
  unsigned refused_delay;
  unsigned steady_time;
  gint64 (*get_time)(void);
} NekoEventTiming;

const NekoEventTiming *neko_event_timing_get_default (void);

G_END_DECLS
