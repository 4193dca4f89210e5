/* neko-mailbox-private.h - what the parts of a mailbox share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-event-channel.h"
#include "neko-mailbox.h"
#include "neko-read-log.h"
#include "neko-remote-maildrop.h"
#include "neko-remote-outbox.h"

G_BEGIN_DECLS

struct _NekoMailbox {
  GObject             parent_instance;

  NekoAccount        *account;
  NekoTokenStore     *tokens;
  NekoRemoteClient   *client;
  NekoEventChannel   *events;
  NekoRemoteMaildrop *maildrop;
  NekoRemoteOutbox   *outbox;
  GCancellable       *cancellable;
  NekoMailboxState    state;
  gint64              since;         /* when it entered that, in microseconds since 1970 */
  char               *problem;       /* (nullable): what failed last */
  unsigned            keyring_timer; /* in NEKO_MAILBOX_KEYRING */
  NekoAccountError    keyring;       /* why it has no token, in NEKO_MAILBOX_KEYRING */
  gboolean            is_connecting;
  gboolean            is_outdated;   /* what is asked now: something has happened since */
  gboolean            needs_token;   /* the one it has, if any, may not be the right one */
  gboolean            was_alive;     /* the channel, when it was heard of last */
  NekoReadLog        *read_log;
  GQueue              told;          /* ids of messages, the last ones that were told of */
  gint64              logged_in;     /* a mail program, when, in monotonic time; 0 for never */
};

/* neko-mailbox.c */
void neko_mailbox_tell_of_change (NekoMailbox *self);

/* neko-mailbox-connection.c */
void neko_mailbox_follow_events (NekoMailbox *self);

/* neko-mailbox-mail.c */
void neko_mailbox_follow_mail (NekoMailbox *self);

G_END_DECLS
