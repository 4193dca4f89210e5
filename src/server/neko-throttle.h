/* neko-throttle.h - how long a wrong password has to wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Failures in a row from one peer that are answered at once. */
#define NEKO_THROTTLE_FREE_FAILURES 5
#define NEKO_THROTTLE_MAX_SECONDS 30

/* Peers that are remembered: the loopback interface has few, and memory is bounded. */
#define NEKO_THROTTLE_PEER_LIMIT 1000

typedef struct _NekoThrottle NekoThrottle;

NekoThrottle *neko_throttle_new (void) G_GNUC_WARN_UNUSED_RESULT;
void          neko_throttle_free (NekoThrottle *self);
unsigned      neko_throttle_get_delay (NekoThrottle *self,
                                       const char   *peer);
unsigned      neko_throttle_get_failures (NekoThrottle *self,
                                          const char   *peer);
void          neko_throttle_fail (NekoThrottle *self,
                                  const char   *peer);
void          neko_throttle_succeed (NekoThrottle *self,
                                     const char   *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoThrottle, neko_throttle_free)

G_END_DECLS
