/* neko-activity-page.h - what happened lately, and how to report it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACTIVITY_PAGE (neko_activity_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoActivityPage, neko_activity_page, NEKO, ACTIVITY_PAGE, AdwBin)

GtkWidget *neko_activity_page_new (NekoModel *model);

G_END_DECLS
