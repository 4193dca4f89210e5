/* neko-mailbox-connection.c - how a mailbox finds its token and keeps in step with its Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mailbox-private.h"

#include "neko-log.h"
#include "neko-printable.h"

#define PROBLEM_LIMIT 500 /* octets */

/* A keyring tells when it was opened, but not GNOME's where PAM did that, as at the end of a screen lock. */
#define KEYRING_SECONDS 10


static gboolean
keyring_cb (gpointer user_data)
{
  neko_mailbox_take_keyring (user_data);

  return G_SOURCE_CONTINUE;
}


static void
enter_state (NekoMailbox     *self,
             NekoMailboxState state)
{
  if (self->state == state)
    return;

  g_debug ("%s: %d -> %d", neko_account_get_address (self->account), self->state, state);
  self->state = state;
  self->since = g_get_real_time ();
  g_clear_handle_id (&self->keyring_timer, g_source_remove);

  if (state == NEKO_MAILBOX_KEYRING)
    self->keyring_timer = g_timeout_add_seconds (KEYRING_SECONDS, keyring_cb, self);

  g_object_notify (G_OBJECT (self), "state");

  if (state == NEKO_MAILBOX_READY)
    neko_log_event (G_LOG_LEVEL_INFO, "account-ready", "%s: in step with the Worker",
                    neko_account_get_address (self->account));

  neko_mailbox_tell_of_change (self);
}


/* The same failure is worth a line once, however often it is met. What it says may be the Worker's. */
static void
note_failure (NekoMailbox     *self,
              NekoMailboxState state,
              const GError    *error)
{
  g_autofree char *problem = neko_printable_dup (error->message, PROBLEM_LIMIT);

  if (self->state != state || g_strcmp0 (self->problem, problem) != 0)
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "account-failed", error, "%s",
                      neko_account_get_address (self->account));

  g_free (self->problem);
  self->problem = g_steal_pointer (&problem);

  if (self->state != state)
    enter_state (self, state);
  else
    neko_mailbox_tell_of_change (self);
}


/* Returns: whether it should be asked once more. */
static gboolean
end_connecting (NekoMailbox *self)
{
  gboolean is_outdated = self->is_outdated;

  self->is_connecting = FALSE;
  self->is_outdated = FALSE;

  return is_outdated;
}


static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoMailbox) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_answered = neko_remote_outbox_refresh_finish (NEKO_REMOTE_OUTBOX (source), result,
                                                            &error);
  gboolean is_outdated;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  is_outdated = end_connecting (self);

  /* This was asked with a token that has been replaced since. */
  if (self->needs_token) {
    neko_mailbox_connect (self);
    return;
  }

  if (is_answered) {
    /* The channel may be waiting for a Worker that was away until now. */
    if (self->state != NEKO_MAILBOX_READY)
      neko_event_channel_start (self->events);

    enter_state (self, NEKO_MAILBOX_READY);
    return;
  }

  /* Where it was refused the user may sign in again, perhaps with another program. */
  self->needs_token = g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN);
  note_failure (self, self->needs_token ? NEKO_MAILBOX_SIGN_IN : NEKO_MAILBOX_OFFLINE, error);

  if (is_outdated && !self->needs_token)
    neko_mailbox_connect (self);
}


static void
refresh (NekoMailbox *self)
{
  neko_remote_outbox_refresh_async (self->outbox, self->cancellable, refreshed_cb,
                                    g_object_ref (self));
}


/* What a user can do something about. */
static NekoAccountError
classify (const GError *error)
{
  static const NekoAccountError codes[] = {
    NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,
    NEKO_ACCOUNT_ERROR_KEYRING_NONE,
    NEKO_ACCOUNT_ERROR_KEYRING_LOCKED,
    NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED,
    NEKO_ACCOUNT_ERROR_KEYRING_SLOW,
  };

  for (size_t i = 0; i < G_N_ELEMENTS (codes); i++) {
    if (g_error_matches (error, NEKO_ACCOUNT_ERROR, codes[i]))
      return codes[i];
  }

  return NEKO_ACCOUNT_ERROR_FAILED;
}


static gboolean
is_to_be_unlocked (NekoAccountError keyring)
{
  return keyring == NEKO_ACCOUNT_ERROR_KEYRING_LOCKED || keyring == NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED;
}


static void
token_found_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (NekoMailbox) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = NULL;

  token = neko_token_store_lookup_finish (NEKO_TOKEN_STORE (source), result, &error);

  if (token != NULL) {
    neko_remote_client_set_token (self->client, token);

    /* What is open or on its way has the token of before. */
    neko_event_channel_retry (self->events);
    neko_event_channel_start (self->events);
    refresh (self);
    return;
  }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->needs_token = TRUE;

  /* It may have been stored since. */
  if (end_connecting (self)) {
    neko_mailbox_connect (self);
    return;
  }

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN)) {
    neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_SIGN_IN,
                                     "sign in again in Neko Mail");
    note_failure (self, NEKO_MAILBOX_SIGN_IN, error);
  } else {
    self->keyring = classify (error);
    neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_KEYRING,
                                     is_to_be_unlocked (self->keyring)
                                     ? "unlock the keyring, Neko Mail needs it for this account"
                                     : "Neko Mail cannot use the keyring now, which has the account's token");
    note_failure (self, NEKO_MAILBOX_KEYRING, error);
  }
}


/**
 * neko_mailbox_connect:
 *
 * Looks for the token, unless it is known, and sees whether the Worker answers. It may be called at
 * any time, and does nothing while it is at it already.
 */
void
neko_mailbox_connect (NekoMailbox *self)
{
  g_return_if_fail (NEKO_IS_MAILBOX (self));

  if (self->is_connecting)
    return;

  self->is_connecting = TRUE;

  if (!self->needs_token) {
    refresh (self);
    return;
  }

  self->needs_token = FALSE;
  neko_token_store_lookup_async (self->tokens,
                                 neko_account_get_address (self->account),
                                 neko_account_get_url (self->account),
                                 self->cancellable, token_found_cb, g_object_ref (self));
}


/**
 * neko_mailbox_connect_anew:
 *
 * Like neko_mailbox_connect(), for an account that was signed in to again: its token is another one.
 */
void
neko_mailbox_connect_anew (NekoMailbox *self)
{
  g_return_if_fail (NEKO_IS_MAILBOX (self));

  self->needs_token = TRUE;
  self->is_outdated = self->is_connecting;
  neko_mailbox_connect (self);
}


/**
 * neko_mailbox_take_keyring:
 *
 * Like neko_mailbox_connect(), where the keyring could not be used and perhaps can be now.
 */
void
neko_mailbox_take_keyring (NekoMailbox *self)
{
  g_return_if_fail (NEKO_IS_MAILBOX (self));

  if (self->state == NEKO_MAILBOX_KEYRING || self->state == NEKO_MAILBOX_CONNECTING)
    neko_mailbox_connect_anew (self);
}


/* Whether it is open now, and if it is not, why, is seen in the same way. */
static void
asked_again_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (NekoMailbox) self = user_data;

  neko_token_store_unlock_finish (NEKO_TOKEN_STORE (source), result, NULL);
  neko_mailbox_connect (self);
}


/**
 * neko_mailbox_check:
 *
 * Like neko_mailbox_connect(), for a user who wants to see now how things are. One who did not unlock the keyring is asked
 * again.
 */
void
neko_mailbox_check (NekoMailbox *self)
{
  g_return_if_fail (NEKO_IS_MAILBOX (self));

  if (self->state == NEKO_MAILBOX_KEYRING && self->keyring == NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED) {
    neko_token_store_unlock_async (self->tokens, self->cancellable, asked_again_cb, g_object_ref (self));
    return;
  }

  if (!self->needs_token)
    neko_event_channel_check (self->events);

  neko_mailbox_connect (self);
}


/**
 * neko_mailbox_wake:
 *
 * To be called when the computer has slept: what was connected before is so in name only.
 */
void
neko_mailbox_wake (NekoMailbox *self)
{
  g_return_if_fail (NEKO_IS_MAILBOX (self));

  if (!self->needs_token)
    neko_event_channel_retry (self->events);
}


/* The channel is the first to see that the Worker is gone, that it is back, or that it refuses the
 * token. A request tells which: where WebSockets do not get through, others may. With a token that was
 * refused nobody asks again: who signs in, or logs in, looks for another one. */
static void
events_changed_cb (NekoMailbox *self)
{
  gboolean is_alive = neko_event_channel_is_alive (self->events);
  gboolean was_alive = self->was_alive;

  self->was_alive = is_alive;

  if (is_alive == was_alive || self->needs_token)
    return;

  if (self->is_connecting)
    self->is_outdated = TRUE;
  else if (is_alive != (self->state == NEKO_MAILBOX_READY))
    neko_mailbox_connect (self);
}


/**
 * neko_mailbox_follow_events:
 *
 * To be called once, when it has its channel.
 */
void
neko_mailbox_follow_events (NekoMailbox *self)
{
  g_signal_connect_object (self->events, "state-changed", G_CALLBACK (events_changed_cb), self,
                           G_CONNECT_SWAPPED);
}
