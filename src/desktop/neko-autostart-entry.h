/* neko-autostart-entry.h - the text of the file that starts us at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean neko_autostart_entry_is_on (GBytes *text);
GBytes  *neko_autostart_entry_turn_on (GBytes *text) G_GNUC_WARN_UNUSED_RESULT;
GBytes  *neko_autostart_entry_turn_off (GBytes  *text,
                                        gboolean must_stay) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
