/* neko-profile.h - what the Worker says of an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char   *address;
  GStrv   aliases;
  GStrv   catch_all;        /* domains whose unknown addresses lead to the account */
  guint64 max_message_size; /* octets, 0 where it does not say */
} NekoProfile;

NekoProfile *neko_profile_parse (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;
void         neko_profile_free (NekoProfile *self);
gboolean     neko_profile_may_send_as (const NekoProfile *self,
                                       const char        *address);
gboolean     neko_profile_has_address (const NekoProfile *self,
                                       const char        *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoProfile, neko_profile_free)

G_END_DECLS
