/* message-text.h - all of a message, for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-reader.h"

G_BEGIN_DECLS

char *message_text_read (NekoMessageReader *reader,
                         size_t             limit,
                         GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
