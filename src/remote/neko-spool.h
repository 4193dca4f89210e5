/* neko-spool.h - messages that are kept on this computer for a while, ready to be sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-spool-segment.h"

G_BEGIN_DECLS

/* The part of the spool that one message may take; larger ones are read from the Worker as they come. */
#define NEKO_SPOOL_MESSAGE_PART 4

/**
 * NekoSpoolState:
 * @NEKO_SPOOL_EXPECTED: it was asked for
 * @NEKO_SPOOL_ARRIVING: its first octets are here
 * @NEKO_SPOOL_WHOLE: it is here, and its checksum was right
 * @NEKO_SPOOL_FAILED: it did not come, or was not the right one
 */
typedef enum {
  NEKO_SPOOL_EXPECTED,
  NEKO_SPOOL_ARRIVING,
  NEKO_SPOOL_WHOLE,
  NEKO_SPOOL_FAILED,
} NekoSpoolState;

/* One message in the spool. Reference counted: it stays readable after the spool forgot it. */
typedef struct _NekoSpoolEntry NekoSpoolEntry;

typedef void (*NekoSpoolNotify) (gpointer user_data);

NekoSpoolEntry *neko_spool_entry_ref (NekoSpoolEntry *self) G_GNUC_WARN_UNUSED_RESULT;
void            neko_spool_entry_unref (NekoSpoolEntry *self);
const char     *neko_spool_entry_get_id (NekoSpoolEntry *self);
NekoSpoolState  neko_spool_entry_get_state (NekoSpoolEntry *self);
const GError   *neko_spool_entry_get_error (NekoSpoolEntry *self);
guint64         neko_spool_entry_get_length (NekoSpoolEntry *self);
gssize          neko_spool_entry_read (NekoSpoolEntry *self,
                                       guint64         position,
                                       char           *buffer,
                                       size_t          length,
                                       gboolean        may_wait);
void            neko_spool_entry_add_notify (NekoSpoolEntry *self,
                                             NekoSpoolNotify notify,
                                             gpointer        user_data);
void            neko_spool_entry_remove_notify (NekoSpoolEntry *self,
                                                gpointer        user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSpoolEntry, neko_spool_entry_unref)

#define NEKO_TYPE_SPOOL (neko_spool_get_type ())

G_DECLARE_FINAL_TYPE (NekoSpool, neko_spool, NEKO, SPOOL, GObject)

NekoSpool      *neko_spool_new (const char *folder,
                                guint64 limit) G_GNUC_WARN_UNUSED_RESULT;
void             neko_spool_set_limit (NekoSpool *self,
                                       guint64    limit);
guint64          neko_spool_get_limit (NekoSpool *self);
guint64          neko_spool_get_size (NekoSpool *self);
void             neko_spool_empty (NekoSpool *self);
NekoSpoolEntry  *neko_spool_lookup (NekoSpool    *self,
                                    gconstpointer owner,
                                    const char   *id);
NekoSpoolEntry  *neko_spool_expect (NekoSpool    *self,
                                    gconstpointer owner,
                                    const char   *id) G_GNUC_WARN_UNUSED_RESULT;
gboolean         neko_spool_takes (NekoSpool *self,
                                   guint64    size);
void             neko_spool_remove (NekoSpool    *self,
                                    gconstpointer owner,
                                    const char   *id);
void             neko_spool_remove_owner (NekoSpool    *self,
                                          gconstpointer owner);

/* Writes messages into the spool, one after the other. */
typedef struct _NekoSpoolWriter NekoSpoolWriter;

NekoSpoolWriter *neko_spool_writer_new (NekoSpool *spool) G_GNUC_WARN_UNUSED_RESULT;
void             neko_spool_writer_free (NekoSpoolWriter *self);
gboolean         neko_spool_writer_begin (NekoSpoolWriter *self,
                                          NekoSpoolEntry  *entry,
                                          GError         **error);
gboolean         neko_spool_writer_append (NekoSpoolWriter *self,
                                           const GString   *data,
                                           GError         **error);
void             neko_spool_writer_publish (NekoSpoolWriter *self);
void             neko_spool_writer_finish (NekoSpoolWriter *self);
void             neko_spool_fail (NekoSpool      *self,
                                  NekoSpoolEntry *entry,
                                  const GError   *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSpoolWriter, neko_spool_writer_free)

G_END_DECLS
