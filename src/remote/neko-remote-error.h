/* neko-remote-error.h - the Worker's errors as decisions about mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-mail-error.h"

G_BEGIN_DECLS

GError *neko_remote_error_new_for_status (unsigned    status,
                                          const char *body,
                                          gssize      length) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_for_network (const GError *cause) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_for_close (unsigned code) G_GNUC_WARN_UNUSED_RESULT;
GError *neko_remote_error_new_malformed (const char *what) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
