/* neko-handover-page.h - what an admin hands over to somebody, shown once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_HANDOVER_PAGE (neko_handover_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoHandoverPage, neko_handover_page, NEKO, HANDOVER_PAGE, NekoSubpage)

NekoSubpage *neko_handover_page_new_account (const char *title,
                                             const char *url,
                                             const char *address,
                                             const char *password);
NekoSubpage *neko_handover_page_new_invite (const char *url,
                                            const char *code);

G_END_DECLS
