/* neko-fetch.h - several messages from the Worker into the spool, in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"
#include "neko-spool.h"

G_BEGIN_DECLS

/* Messages in one request. */
#define NEKO_FETCH_LIMIT 1000

/* Messages to fetch, in order. */
typedef struct _NekoFetch NekoFetch;

NekoFetch *neko_fetch_new (NekoRemoteClient *client,
                           NekoSpool        *spool,
                           gconstpointer     owner,
                           GCancellable     *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void       neko_fetch_free (NekoFetch *self);
void       neko_fetch_add (NekoFetch  *self,
                           const char *id,
                           guint64     octets);
size_t     neko_fetch_get_length (NekoFetch *self);
void       neko_fetch_start (NekoFetch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoFetch, neko_fetch_free)

G_END_DECLS
