/* neko-check-page.h - the self-test of a Worker as a list of what is well and what is not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-directory.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_CHECK_PAGE (neko_check_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoCheckPage, neko_check_page, NEKO, CHECK_PAGE, NekoSubpage)

NekoSubpage *neko_check_page_new (NekoDirectory *directory);

G_END_DECLS
