/* neko-account-file.h - accounts as the text of a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account.h"

G_BEGIN_DECLS

GPtrArray *neko_account_file_parse (const char *text,
                                    gsize       length,
                                    GError    **error) G_GNUC_WARN_UNUSED_RESULT;
char      *neko_account_file_format (GListModel *accounts,
                                     gsize      *length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
