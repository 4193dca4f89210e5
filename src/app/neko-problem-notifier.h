/* neko-problem-notifier.h - tells the user of what only the user can mend
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-notifier.h"

G_BEGIN_DECLS

#define NEKO_TYPE_PROBLEM_NOTIFIER (neko_problem_notifier_get_type ())

G_DECLARE_FINAL_TYPE (NekoProblemNotifier, neko_problem_notifier, NEKO, PROBLEM_NOTIFIER, GObject)

NekoProblemNotifier *neko_problem_notifier_new (GApplication             *application,
                                                NekoService              *service,
                                                GSettings                *settings,
                                                const NekoNotifierTiming *timing) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
