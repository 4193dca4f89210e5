/* neko-report.h - how Neko Mail is doing, as text for whoever helps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-model.h"

G_BEGIN_DECLS

char *neko_report_dup_text (NekoModel  *model,
                            GListModel *activity,
                            gboolean    has_names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
