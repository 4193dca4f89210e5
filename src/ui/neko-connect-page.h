/* neko-connect-page.h - what a mail program needs to use an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_CONNECT_PAGE (neko_connect_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoConnectPage, neko_connect_page, NEKO, CONNECT_PAGE, NekoSubpage)

NekoSubpage *neko_connect_page_new (NekoModel       *model,
                                    NekoAccountItem *item);

G_END_DECLS
