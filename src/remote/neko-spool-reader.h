/* neko-spool-reader.h - a message that is read from the spool, maybe while it arrives there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-reader.h"
#include "neko-spool.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SPOOL_READER (neko_spool_reader_get_type ())

G_DECLARE_FINAL_TYPE (NekoSpoolReader, neko_spool_reader, NEKO, SPOOL_READER, NekoMessageReader)

NekoSpoolReader *neko_spool_reader_new (NekoSpoolEntry *entry,
                                        int lines) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
