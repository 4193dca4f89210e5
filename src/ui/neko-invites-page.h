/* neko-invites-page.h - the invites to a Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-directory.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_INVITES_PAGE (neko_invites_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoInvitesPage, neko_invites_page, NEKO, INVITES_PAGE, NekoSubpage)

NekoSubpage *neko_invites_page_new (NekoDirectory *directory);

G_END_DECLS
