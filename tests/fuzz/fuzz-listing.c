/* fuzz-listing.c - a listing that the Worker did not make
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-listing.h"


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (NekoListing) listing = neko_listing_new ();
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;

  if (neko_listing_feed (listing, data, size))
    neko_listing_apply (listing, index, NULL);

  list = neko_message_index_snapshot (index);

  /* Whatever came: POP3 can list it. */
  for (size_t i = 0; i < neko_message_list_get_length (list); i++)
    g_assert_true (neko_message_id_is_valid (neko_message_list_get (list, i).id));

  return 0;
}
