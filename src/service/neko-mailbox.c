/* neko-mailbox.c - one account at work: its Worker, its token, its mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mailbox.h"

#include <string.h>

#include "neko-event-channel.h"
#include "neko-log.h"
#include "neko-printable.h"
#include "neko-read-log.h"
#include "neko-remote-maildrop.h"
#include "neko-remote-outbox.h"

#define PROBLEM_LIMIT 500 /* octets */

/* A keyring tells when it was opened, but not GNOME's where PAM did that, as at the end of a screen lock. */
#define KEYRING_SECONDS 10
#define QUOTE_LIMIT 400 /* octets of what is quoted of a message */

/* Ids of messages that were told of; the list that shows them as new comes a moment after. */
#define TOLD_LIMIT 200

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

G_DEFINE_FINAL_TYPE (NekoMailbox, neko_mailbox, G_TYPE_OBJECT)

enum {
  PROP_ADDRESS = 1,
  PROP_STATE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

enum {
  CHANGED,
  READ,
  RECEIVED,
  SENT,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
tell_of_change (NekoMailbox *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}


static gboolean
was_told (NekoMailbox *self,
          const char  *id)
{
  return g_queue_find_custom (&self->told, id, (GCompareFunc) strcmp) != NULL;
}


static void
tell_received (NekoMailbox *self,
               const char  *id,
               const char  *from,
               const char  *subject)
{
  g_autofree char *printable_from = from != NULL ? neko_printable_dup (from, QUOTE_LIMIT) : NULL;
  g_autofree char *printable_subject = subject != NULL ? neko_printable_dup (subject, QUOTE_LIMIT) : NULL;

  if (self->told.length >= TOLD_LIMIT)
    g_free (g_queue_pop_head (&self->told));

  g_queue_push_tail (&self->told, g_strdup (id));
  neko_log_event (G_LOG_LEVEL_INFO, "received", "%s: a new message waits on the Worker",
                  neko_account_get_address (self->account));
  g_signal_emit (self, signals[RECEIVED], 0, id, printable_from, printable_subject);
}


/* The first event of a connection has no message: it tells of what was there before. */
static void
event_cb (NekoMailbox *self,
          guint64      sequence,
          const char  *from,
          const char  *subject,
          const char  *id)
{
  if (id != NULL && !was_told (self, id))
    tell_received (self, id, from, subject);
}


/* What came while the channel was closed, as in sleep, was not told of by it. */
static void
arrived_cb (NekoMailbox     *self,
            NekoMessageList *list,
            guint64          first_new)
{
  size_t length = neko_message_list_get_length (list);

  for (size_t i = MAX (first_new, length - MIN (length, TOLD_LIMIT)); i < length; i++) {
    NekoMessageInfo message = neko_message_list_get (list, i);

    if (!was_told (self, message.id))
      tell_received (self, message.id, NULL, NULL);
  }
}


static void
read_cb (NekoMailbox *self,
         const char  *id,
         guint64      octets)
{
  neko_read_log_add (self->read_log, octets);
  g_signal_emit (self, signals[READ], 0, id, octets);
}


static void
sent_cb (NekoMailbox *self,
         guint64      octets)
{
  g_signal_emit (self, signals[SENT], 0, octets);
}


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

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);

  if (state == NEKO_MAILBOX_READY)
    neko_log_event (G_LOG_LEVEL_INFO, "account-ready", "%s: in step with the Worker",
                    neko_account_get_address (self->account));

  tell_of_change (self);
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
    tell_of_change (self);
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
    NEKO_ACCOUNT_ERROR_KEYRING_SLOW,
  };

  for (size_t i = 0; i < G_N_ELEMENTS (codes); i++) {
    if (g_error_matches (error, NEKO_ACCOUNT_ERROR, codes[i]))
      return codes[i];
  }

  return NEKO_ACCOUNT_ERROR_FAILED;
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
                                     self->keyring == NEKO_ACCOUNT_ERROR_KEYRING_LOCKED
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


/**
 * neko_mailbox_check:
 *
 * Like neko_mailbox_connect(), for a user who wants to see now how things are.
 */
void
neko_mailbox_check (NekoMailbox *self)
{
  g_return_if_fail (NEKO_IS_MAILBOX (self));

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


NekoAccount *
neko_mailbox_get_account (NekoMailbox *self)
{
  return self->account;
}


const char *
neko_mailbox_get_address (NekoMailbox *self)
{
  return neko_account_get_address (self->account);
}


NekoMailboxState
neko_mailbox_get_state (NekoMailbox *self)
{
  return self->state;
}


/**
 * neko_mailbox_is_sure:
 *
 * Returns: whether it would be known by now if its state were another one
 */
gboolean
neko_mailbox_is_sure (NekoMailbox *self)
{
  return self->state == NEKO_MAILBOX_READY && neko_event_channel_is_alive (self->events);
}


/**
 * neko_mailbox_get_since:
 *
 * Returns: when it entered its state, in microseconds since 1970
 */
gint64
neko_mailbox_get_since (NekoMailbox *self)
{
  return self->since;
}


/**
 * neko_mailbox_get_problem:
 *
 * Returns: (nullable): what failed last, which may be over
 */
const char *
neko_mailbox_get_problem (NekoMailbox *self)
{
  return self->problem;
}


/**
 * neko_mailbox_get_keyring:
 *
 * Returns: what is wrong with the keyring, in %NEKO_MAILBOX_KEYRING: that it is absent, locked, that there is
 *   no default one, or that it failed
 */
NekoAccountError
neko_mailbox_get_keyring (NekoMailbox *self)
{
  return self->keyring;
}


/**
 * neko_mailbox_get_contents:
 * @messages: (out): how many there were when the Worker was heard of last
 * @octets: (out): their size, as POP3 counts
 *
 * Returns: whether that is how it is now; if not, the next log-in asks the Worker
 */
gboolean
neko_mailbox_get_contents (NekoMailbox *self,
                           size_t      *messages,
                           guint64     *octets)
{
  gboolean is_in_step;
  g_autoptr (NekoMessageList) list = neko_remote_maildrop_dup_known (self->maildrop, &is_in_step);

  *messages = neko_message_list_get_length (list);
  *octets = neko_message_list_get_total (list);

  return is_in_step;
}


/**
 * neko_mailbox_note_log_in:
 *
 * To be called when a mail program has logged in to it.
 */
void
neko_mailbox_note_log_in (NekoMailbox *self)
{
  self->logged_in = g_get_monotonic_time ();
}


/**
 * neko_mailbox_get_logged_in:
 *
 * Returns: when a mail program logged in last, in monotonic time; 0 where none has since the start
 */
gint64
neko_mailbox_get_logged_in (NekoMailbox *self)
{
  return self->logged_in;
}


/**
 * neko_mailbox_knows_addresses:
 *
 * Returns: whether the Worker named the account's aliases already
 */
gboolean
neko_mailbox_knows_addresses (NekoMailbox *self)
{
  return neko_remote_outbox_get_profile (self->outbox) != NULL;
}


/**
 * neko_mailbox_has_address:
 *
 * Returns: whether @address is the account's, or an alias that the Worker named
 */
gboolean
neko_mailbox_has_address (NekoMailbox *self,
                          const char  *address)
{
  const NekoProfile *profile = neko_remote_outbox_get_profile (self->outbox);

  return g_ascii_strcasecmp (address, neko_mailbox_get_address (self)) == 0 ||
         (profile != NULL && neko_profile_has_address (profile, address));
}


NekoMaildrop *
neko_mailbox_get_maildrop (NekoMailbox *self)
{
  return NEKO_MAILDROP (self->maildrop);
}


NekoOutbox *
neko_mailbox_get_outbox (NekoMailbox *self)
{
  return NEKO_OUTBOX (self->outbox);
}


static void
neko_mailbox_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  NekoMailbox *self = NEKO_MAILBOX (object);

  switch (id) {
  case PROP_ADDRESS:
    g_value_set_string (value, neko_mailbox_get_address (self));
    break;

  case PROP_STATE:
    g_value_set_int (value, self->state);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_mailbox_dispose (GObject *object)
{
  NekoMailbox *self = NEKO_MAILBOX (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->keyring_timer, g_source_remove);
  g_clear_object (&self->account);
  g_clear_object (&self->tokens);

  if (self->events != NULL) {
    g_signal_handlers_disconnect_by_data (self->events, self);
    neko_event_channel_stop (self->events);
  }

  g_clear_object (&self->events);
  g_clear_object (&self->maildrop);
  g_clear_object (&self->outbox);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (neko_mailbox_parent_class)->dispose (object);
}


static void
neko_mailbox_finalize (GObject *object)
{
  NekoMailbox *self = NEKO_MAILBOX (object);

  g_object_unref (self->cancellable);
  g_free (self->problem);
  g_queue_clear_full (&self->told, g_free);
  neko_read_log_free (self->read_log);

  G_OBJECT_CLASS (neko_mailbox_parent_class)->finalize (object);
}


static void
neko_mailbox_class_init (NekoMailboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = neko_mailbox_get_property;
  object_class->dispose = neko_mailbox_dispose;
  object_class->finalize = neko_mailbox_finalize;

  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, NEKO_MAILBOX_KEYRING, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * NekoMailbox::changed:
   *
   * Something of what can be asked of it may be another one now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * NekoMailbox::read:
   * @id: of a message
   * @octets: its size
   *
   * A mail program was given the whole message.
   */
  signals[READ] = g_signal_new ("read", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                G_TYPE_UINT64);

  /**
   * NekoMailbox::received:
   * @id: of a message
   * @from: (nullable): who it is from, fit to be shown; %NULL where the Worker did not say
   * @subject: (nullable): the same
   *
   * There is a new message; what was there at the start is none.
   */
  signals[RECEIVED] = g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 3,
                                    G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                    G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                    G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * NekoMailbox::sent:
   * @octets: of a message that the Worker took from a mail program
   */
  signals[SENT] = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT64);
}


static void
neko_mailbox_init (NekoMailbox *self)
{
  self->cancellable = g_cancellable_new ();
  self->since = g_get_real_time ();
  self->needs_token = TRUE;
}


/**
 * neko_mailbox_new:
 * @spool: where received messages wait; the mailboxes share it
 *
 * Returns: (transfer full): a mailbox that knows no token yet, or %NULL with @error set
 */
NekoMailbox *
neko_mailbox_new (NekoAccount    *account,
                  NekoTokenStore *tokens,
                  NekoSpool      *spool,
                  GError        **error)
{
  g_autoptr (NekoRemoteClient) client = neko_remote_client_new (neko_account_get_url (account),
                                                                error);
  NekoMailbox *self;

  if (client == NULL)
    return NULL;

  self = g_object_new (NEKO_TYPE_MAILBOX, NULL);
  self->account = g_object_ref (account);
  self->read_log = neko_read_log_new (neko_account_get_address (account));
  self->tokens = g_object_ref (tokens);
  self->client = g_steal_pointer (&client);
  self->events = neko_event_channel_new (self->client);
  g_signal_connect_object (self->events, "state-changed", G_CALLBACK (events_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->maildrop = neko_remote_maildrop_new (self->client, self->events, spool);
  g_signal_connect_object (self->maildrop, "changed", G_CALLBACK (tell_of_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "passwords-changed", G_CALLBACK (tell_of_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->events, "changed", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->maildrop, "arrived", G_CALLBACK (arrived_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->maildrop, "read", G_CALLBACK (read_cb), self, G_CONNECT_SWAPPED);
  self->outbox = neko_remote_outbox_new (self->client, neko_account_get_address (account));
  g_signal_connect_object (self->outbox, "sent", G_CALLBACK (sent_cb), self, G_CONNECT_SWAPPED);
  neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_KEYRING,
                                   "Neko Mail has just started and waits for the keyring");

  return self;
}
