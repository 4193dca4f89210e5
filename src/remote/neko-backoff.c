/* neko-backoff.c - how long to wait before the next try
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-backoff.h"


/**
 * neko_backoff_spread:
 * @delay: milliseconds
 *
 * Returns: a fifth more or less at random, so that all who lost the Worker in the same moment do not
 *   come back in the same moment
 */
unsigned
neko_backoff_spread (unsigned delay)
{
  return delay * g_random_double_range (0.8, 1.2) + 0.5;
}


/**
 * neko_backoff_next:
 *
 * Returns: milliseconds to wait now, twice as many as before up to the longest, and spread
 */
unsigned
neko_backoff_next (NekoBackoff *self)
{
  unsigned delay = self->next > 0 ? self->next : self->first;

  self->next = delay > self->longest / 2 ? self->longest : delay * 2;

  return neko_backoff_spread (delay);
}


void
neko_backoff_reset (NekoBackoff *self)
{
  self->next = 0;
}
