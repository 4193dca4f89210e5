/* neko-printable.h - what strangers said, made fit for a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *neko_printable_dup (const char *text,
                          size_t      limit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
