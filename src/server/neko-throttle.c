/* neko-throttle.c - how long a wrong password has to wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-throttle.h"

struct _NekoThrottle {
  GHashTable *failures; /* peer -> failures in a row */
};


NekoThrottle *
neko_throttle_new (void)
{
  NekoThrottle *self = g_new0 (NekoThrottle, 1);

  self->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}


void
neko_throttle_free (NekoThrottle *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->failures);
  g_free (self);
}


/**
 * neko_throttle_get_failures:
 *
 * Returns: how many log-ins of the peer failed in a row
 */
unsigned
neko_throttle_get_failures (NekoThrottle *self,
                            const char   *peer)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->failures, peer));
}


/**
 * neko_throttle_get_delay:
 *
 * Returns: how many seconds the answer to the peer's next log-in has to wait: 1, 2, 4 and so on up to
 *   %NEKO_THROTTLE_MAX_SECONDS, once %NEKO_THROTTLE_FREE_FAILURES failed in a row
 */
unsigned
neko_throttle_get_delay (NekoThrottle *self,
                         const char   *peer)
{
  unsigned failures = neko_throttle_get_failures (self, peer);

  if (failures < NEKO_THROTTLE_FREE_FAILURES)
    return 0;

  return MIN (1u << MIN (failures - NEKO_THROTTLE_FREE_FAILURES, 10), NEKO_THROTTLE_MAX_SECONDS);
}


/* Makes room for one.  Whoever failed most is remembered longest, so that nobody gets rid of a delay by
 * failing from many addresses. */
static void
forget_one (NekoThrottle *self)
{
  GHashTableIter iterator;
  gpointer peer;
  gpointer failures;
  gpointer least = NULL;
  unsigned fewest = G_MAXUINT;

  g_hash_table_iter_init (&iterator, self->failures);

  while (g_hash_table_iter_next (&iterator, &peer, &failures)) {
    if (GPOINTER_TO_UINT (failures) < fewest) {
      fewest = GPOINTER_TO_UINT (failures);
      least = peer;
    }
  }

  g_hash_table_remove (self->failures, least);
}


void
neko_throttle_fail (NekoThrottle *self,
                    const char   *peer)
{
  unsigned failures = neko_throttle_get_failures (self, peer);

  if (failures == 0 && g_hash_table_size (self->failures) >= NEKO_THROTTLE_PEER_LIMIT)
    forget_one (self);

  g_hash_table_insert (self->failures, g_strdup (peer), GUINT_TO_POINTER (failures + 1));
}


void
neko_throttle_succeed (NekoThrottle *self,
                       const char   *peer)
{
  g_hash_table_remove (self->failures, peer);
}
