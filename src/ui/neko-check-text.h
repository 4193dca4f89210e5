/* neko-check-text.h - a finding of a Worker's self-test, in the user's language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-diagnostics.h"

G_BEGIN_DECLS

gboolean neko_check_text_is_unknown (const NekoRemoteCheck *check);
char    *neko_check_text_dup_title (const NekoRemoteCheck *check) G_GNUC_WARN_UNUSED_RESULT;
char    *neko_check_text_dup_advice (const NekoRemoteCheck *check) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
