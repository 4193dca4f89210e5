/* clock.c - seconds for measuring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "clock.h"

#include <time.h>


/* From an arbitrary moment on, and never set back. */
double
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return now.tv_sec + now.tv_nsec / 1e9;
}


void
bench_sleep (double seconds)
{
  struct timespec time = { .tv_sec = seconds };

  time.tv_nsec = (seconds - time.tv_sec) * 1e9;
  nanosleep (&time, NULL);
}
