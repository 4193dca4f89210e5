/* neko-spool-private.h - what the parts of the spool know of each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-spool.h"

G_BEGIN_DECLS

typedef struct {
  NekoSpoolSegment *segment;
  unsigned          live;    /* messages in it that can be found */
  gboolean          is_busy; /* a writer has it */
} NekoSpoolSlot;

struct _NekoSpoolEntry {
  gconstpointer     owner;
  char             *id;
  NekoSpoolSlot    *slot;     /* (nullable): while it can be found and has octets */
  NekoSpoolSegment *segment;  /* (nullable): before its first octets */
  guint64           offset;
  guint64           length;   /* octets that may be read */
  NekoSpoolState    state;
  GError           *error;    /* (nullable): why it failed */
  GArray           *notifies; /* (nullable): whom to tell */
};

struct _NekoSpool {
  GObject     parent_instance;

  char       *folder;
  guint64     limit;
  GHashTable *entries; /* set of NekoSpoolEntry, by owner and id */
  GQueue      slots;   /* of NekoSpoolSlot, oldest first */
  gint64      full_until;
};

gboolean neko_spool_make_room (NekoSpool *self,
                               guint64    size);
void     neko_spool_drop_empty_slots (NekoSpool *self);
void     neko_spool_tell (NekoSpool *self);
void     neko_spool_entry_tell (NekoSpoolEntry *self);
gboolean neko_spool_entry_is_awaited (NekoSpoolEntry *self);

G_END_DECLS
