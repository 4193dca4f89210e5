/* neko-statistics-private.h - what counting and the file share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-statistics.h"

G_BEGIN_DECLS

typedef enum {
  READ_MESSAGES,
  READ_OCTETS,
  SENT_MESSAGES,
  SENT_OCTETS,
  N_COUNTERS,
} NekoCounter;

typedef struct {
  char    day[sizeof "YYYY-MM-DD"];
  guint64 counters[N_COUNTERS];
} NekoDay;

/**
 * NekoStatistics:
 *
 * Counts, and keeps that in a file. Nothing of a message is in it, and nobody's address but those of the
 * accounts. What cannot be kept is lost: mail goes on.
 */
struct _NekoStatistics {
  GObject             parent_instance;

  char               *path;  /* (nullable): nothing is kept */
  NekoStatisticsClock clock;
  GArray             *days;  /* of NekoDay, the oldest first */
  GHashTable         *uses;  /* address → GHashTable, name → gint64 */
  gint64              saved; /* when, by the clock */
  gboolean            is_changed;
  unsigned            timer;
};

/* neko-statistics.c */
void        neko_statistics_drop_old_days (NekoStatistics *self);
NekoDay    *neko_statistics_find_day (NekoStatistics *self,
                                      const char     *name);
GHashTable *neko_statistics_find_uses (NekoStatistics *self,
                                       const char     *address);
void        neko_statistics_set_use (GHashTable *uses,
                                     const char *name,
                                     gint64      time);

/* neko-statistics-file.c */
gboolean    neko_statistics_parse (NekoStatistics *self,
                                   const char     *text,
                                   gsize           length);
char       *neko_statistics_format (NekoStatistics *self,
                                    gsize          *length) G_GNUC_WARN_UNUSED_RESULT;
void        neko_statistics_load (NekoStatistics *self);

G_END_DECLS
