/* neko-certificate-export.h - the certificate without its key, into a file that the user chooses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void neko_certificate_export (GtkWidget  *origin,
                              const char *path);

G_END_DECLS
