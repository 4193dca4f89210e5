/* neko-mailbox.h - one account at work: its Worker, its token, its mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account.h"
#include "neko-maildrop.h"
#include "neko-outbox.h"
#include "neko-token-store.h"

G_BEGIN_DECLS

/**
 * NekoMailboxState:
 * @NEKO_MAILBOX_CONNECTING: nothing is known yet
 * @NEKO_MAILBOX_READY: the Worker answered
 * @NEKO_MAILBOX_OFFLINE: the Worker cannot be reached
 * @NEKO_MAILBOX_SIGN_IN: the user has to sign in again
 * @NEKO_MAILBOX_KEYRING: the keyring cannot be used
 */
typedef enum {
  NEKO_MAILBOX_CONNECTING,
  NEKO_MAILBOX_READY,
  NEKO_MAILBOX_OFFLINE,
  NEKO_MAILBOX_SIGN_IN,
  NEKO_MAILBOX_KEYRING,
} NekoMailboxState;

/* Belongs to remote/, which whoever shows a mailbox need not know. */
typedef struct _NekoSpool NekoSpool;

#define NEKO_TYPE_MAILBOX (neko_mailbox_get_type ())

G_DECLARE_FINAL_TYPE (NekoMailbox, neko_mailbox, NEKO, MAILBOX, GObject)

NekoMailbox      *neko_mailbox_new (NekoAccount    *account,
                                    NekoTokenStore *tokens,
                                    NekoSpool      *spool,
                                    GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void             neko_mailbox_connect (NekoMailbox *self);
void             neko_mailbox_connect_anew (NekoMailbox *self);
void             neko_mailbox_take_keyring (NekoMailbox *self);
void             neko_mailbox_wake (NekoMailbox *self);
void             neko_mailbox_check (NekoMailbox *self);
NekoAccount     *neko_mailbox_get_account (NekoMailbox *self);
const char      *neko_mailbox_get_address (NekoMailbox *self);
NekoMailboxState neko_mailbox_get_state (NekoMailbox *self);
gboolean         neko_mailbox_is_sure (NekoMailbox *self);
gint64           neko_mailbox_get_since (NekoMailbox *self);
const char      *neko_mailbox_get_problem (NekoMailbox *self);
NekoAccountError neko_mailbox_get_keyring (NekoMailbox *self);
gboolean         neko_mailbox_get_contents (NekoMailbox *self,
                                            size_t      *messages,
                                            guint64     *octets);
void             neko_mailbox_note_log_in (NekoMailbox *self);
gint64           neko_mailbox_get_logged_in (NekoMailbox *self);
gboolean         neko_mailbox_knows_addresses (NekoMailbox *self);
gboolean         neko_mailbox_has_address (NekoMailbox *self,
                                           const char  *address);
NekoMaildrop    *neko_mailbox_get_maildrop (NekoMailbox *self);
NekoOutbox      *neko_mailbox_get_outbox (NekoMailbox *self);

G_END_DECLS
