/* double-mailbox.h - the messages that worker-double has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <stdint.h>

/**
 * DoubleMessage:
 * @id: as the Worker's
 * @sha256: of its bytes
 * @is_deleted: its bytes are not to be had any more
 */
typedef struct {
  char    *id;
  GBytes  *bytes;
  char    *sha256;
  gboolean is_deleted;
} DoubleMessage;

typedef struct _DoubleMailbox DoubleMailbox;

DoubleMailbox       *double_mailbox_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                 double_mailbox_free (DoubleMailbox *self);
void                 double_mailbox_add (DoubleMailbox *self,
                                         GBytes        *bytes);
gboolean             double_mailbox_delete (DoubleMailbox *self,
                                            const char    *id);
const DoubleMessage *double_mailbox_find (DoubleMailbox *self,
                                          const char    *id);
uint64_t             double_mailbox_get_sequence (DoubleMailbox *self);
void                 double_mailbox_get_totals (DoubleMailbox *self,
                                                size_t        *messages,
                                                uint64_t      *octets);
GBytes              *double_mailbox_list (DoubleMailbox *self,
                                          gboolean       has_since,
                                          uint64_t       since) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DoubleMailbox, double_mailbox_free)
