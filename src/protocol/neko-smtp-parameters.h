/* neko-smtp-parameters.h - what stands behind the path in MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *neko_smtp_parameters_check_mail (const char *parameters,
                                             guint64     max_size);

G_END_DECLS
