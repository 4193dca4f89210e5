/* neko-template.h - a text with places that are filled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *neko_template_fill (const char        *text,
                          const char *const *places,
                          const char *const *values) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
