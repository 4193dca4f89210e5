/* neko-report-page.h - a report, to be seen before it is copied
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"
#include "neko-subpage.h"

G_BEGIN_DECLS

#define NEKO_TYPE_REPORT_PAGE (neko_report_page_get_type ())

G_DECLARE_FINAL_TYPE (NekoReportPage, neko_report_page, NEKO, REPORT_PAGE, NekoSubpage)

NekoSubpage *neko_report_page_new (NekoModel  *model,
                                   GListModel *activity);

G_END_DECLS
