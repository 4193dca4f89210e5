/* neko-surroundings.h - where this program is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean neko_surroundings_are_flatpak (void);
char    *neko_surroundings_find_program (const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
