/* neko-size-text.h - how much mail that is, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define NEKO_MEGABYTE (G_GUINT64_CONSTANT (1024) * 1024)

char *neko_size_text_dup (guint64 octets) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
