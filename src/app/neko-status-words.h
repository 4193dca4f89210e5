/* neko-status-words.h - how the service is doing, in the few words of a tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

char    *neko_status_words_dup_mailbox (NekoMailbox *mailbox) G_GNUC_WARN_UNUSED_RESULT;
char    *neko_status_words_dup_service (NekoService *service,
                                        gboolean     has_new_mail) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_status_words_is_error (NekoService *service);
gboolean neko_status_words_is_busy (NekoService *service);

G_END_DECLS
