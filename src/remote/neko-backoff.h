/* neko-backoff.h - how long to wait before the next try
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoBackoff:
 * @first: milliseconds before the first try that follows a failure
 * @longest: milliseconds, what the doubling ends at
 */
typedef struct {
  unsigned first;
  unsigned longest;

  /*< private >*/
  unsigned next;
} NekoBackoff;

unsigned neko_backoff_next (NekoBackoff *self);
void     neko_backoff_reset (NekoBackoff *self);
unsigned neko_backoff_spread (unsigned delay);

G_END_DECLS
