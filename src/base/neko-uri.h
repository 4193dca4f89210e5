/* neko-uri.h - where a password may be sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean neko_uri_is_safe (GUri *uri);

G_END_DECLS
