/* neko-log.h - the last lines of the log, kept for whoever asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define NEKO_LOG_LENGTH 1000 /* lines */
#define NEKO_LOG_TEXT_LIMIT 500 /* octets of a line */

typedef struct {
  guint64        number; /* counted from 1 since the start */
  gint64         time;   /* in microseconds since 1970 */
  GLogLevelFlags level;  /* one of them */
  char          *text;   /* UTF-8 without control characters, in English */
  char          *event;  /* (nullable): what happened, for programs that know it by this name */
  GStrv          arguments; /* what is said of the event; empty where there is none */
} NekoLogEntry;

NekoLogEntry *neko_log_entry_copy (const NekoLogEntry *self) G_GNUC_WARN_UNUSED_RESULT;
void          neko_log_entry_free (NekoLogEntry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoLogEntry, neko_log_entry_free)

typedef void (*NekoLogListener) (const NekoLogEntry *entry,
                                 gpointer            user_data);

void          neko_log_start (void);
GPtrArray    *neko_log_dup_entries (void) G_GNUC_WARN_UNUSED_RESULT;
void          neko_log_set_listener (NekoLogListener listener,
                                     gpointer        user_data);
void          neko_log_event (GLogLevelFlags level,
                              const char    *event,
                              const char    *format,
                              ...) G_GNUC_PRINTF (3, 4);
void          neko_log_failure (GLogLevelFlags level,
                                const char    *event,
                                const GError  *error,
                                const char    *format,
                                ...) G_GNUC_PRINTF (4, 5);
void          neko_log_set_detailed (gboolean is_detailed);
gboolean      neko_log_is_detailed (void);

G_END_DECLS
