/* neko-statistics.h - what was read and sent on the last days, and which passwords were used
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account.h"

G_BEGIN_DECLS

#define NEKO_STATISTICS_DAYS 30
#define NEKO_STATISTICS_DELAY 30 /* seconds until a change is written */

/* Returns: seconds since 1970 */
typedef gint64 (*NekoStatisticsClock) (void);

#define NEKO_TYPE_STATISTICS (neko_statistics_get_type ())

G_DECLARE_FINAL_TYPE (NekoStatistics, neko_statistics, NEKO, STATISTICS, GObject)

NekoStatistics *neko_statistics_new (const char         *path,
                                     NekoStatisticsClock clock) G_GNUC_WARN_UNUSED_RESULT;
void      neko_statistics_add_read (NekoStatistics *self,
                                    guint64         octets);
void      neko_statistics_add_sent (NekoStatistics *self,
                                    guint64         octets);
void      neko_statistics_use_password (NekoStatistics *self,
                                        NekoAccount    *account,
                                        const char     *name);
void      neko_statistics_keep_passwords (NekoStatistics *self,
                                          NekoAccount    *account);
void      neko_statistics_forget_account (NekoStatistics *self,
                                          NekoAccount    *account);
void      neko_statistics_save (NekoStatistics *self);
GVariant *neko_statistics_list_days (NekoStatistics *self);
GVariant *neko_statistics_list_passwords (NekoStatistics *self,
                                          NekoAccount    *account);

G_END_DECLS
