/* neko-event-json.h - what the Worker tells of a mailbox while it is connected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Octets of an event; the Worker cuts what it quotes of a message at a few hundred. */
#define NEKO_EVENT_LIMIT (64 * 1024)

/**
 * NekoEventKind:
 * @NEKO_EVENT_CHANGED: the mailbox has changed
 * @NEKO_EVENT_OTHER: something that a later Worker tells; not for us
 * @NEKO_EVENT_MALFORMED: it makes no sense, and may have been the news of a change
 */
typedef enum {
  NEKO_EVENT_CHANGED,
  NEKO_EVENT_OTHER,
  NEKO_EVENT_MALFORMED,
} NekoEventKind;

/**
 * NekoEvent:
 * @sequence: the mailbox's, after the change
 * @id: (nullable): of the message, where there is a new one
 * @from: (nullable): as its sender wrote it
 * @subject: (nullable): as its sender wrote it
 */
typedef struct {
  guint64 sequence;
  char   *id;
  char   *from;
  char   *subject;
} NekoEvent;

NekoEventKind neko_event_parse (NekoEvent  *event,
                                const char *text,
                                size_t      length) G_GNUC_WARN_UNUSED_RESULT;
void          neko_event_clear (NekoEvent *event);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NekoEvent, neko_event_clear)

G_END_DECLS
