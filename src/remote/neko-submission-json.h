/* neko-submission-json.h - a submission's envelope and answer, as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-submission.h"

G_BEGIN_DECLS

char      *neko_submission_to_envelope (const NekoSubmission *submission) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *neko_submission_parse_answer (const NekoSubmission *submission,
                                         JsonObject           *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
