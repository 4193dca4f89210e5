/* neko-private-file.h - whether a file is fit to hold a secret
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *neko_private_file_check (int     descriptor,
                                     goffset limit);

G_END_DECLS
