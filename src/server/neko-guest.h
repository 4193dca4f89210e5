/* neko-guest.h - who logged in on one connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-authenticator.h"

G_BEGIN_DECLS

#define NEKO_TYPE_GUEST (neko_guest_get_type ())

G_DECLARE_FINAL_TYPE (NekoGuest, neko_guest, NEKO, GUEST, GObject)

NekoGuest *neko_guest_new (NekoAuthenticator *authenticator) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_guest_may_stay (NekoGuest    *self,
                              NekoMaildrop *maildrop,
                              GPtrArray    *credentials);

G_END_DECLS
