/* neko-listing.h - a framed listing of changes, line by line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include "neko-message-index.h"

G_BEGIN_DECLS

#define NEKO_LISTING_LINE_LIMIT 4096

typedef struct _NekoListing NekoListing;

NekoListing *neko_listing_new (void) G_GNUC_WARN_UNUSED_RESULT;
void         neko_listing_free (NekoListing *self);
gboolean     neko_listing_feed (NekoListing   *self,
                                const uint8_t *data,
                                size_t         length);
gboolean     neko_listing_apply (NekoListing      *self,
                                 NekoMessageIndex *index,
                                 size_t           *first_new);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoListing, neko_listing_free)

G_END_DECLS
