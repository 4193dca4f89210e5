/* neko-subpage.h - a page that lies over the window's pages until one goes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_SUBPAGE (neko_subpage_get_type ())

G_DECLARE_DERIVABLE_TYPE (NekoSubpage, neko_subpage, NEKO, SUBPAGE, AdwBin)

struct _NekoSubpageClass {
  AdwBinClass parent_class;
};

void neko_subpage_set_title (NekoSubpage *self,
                             const char  *title);

G_END_DECLS
