/* neko-mailbox.c - one account at work: its Worker, its token, its mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mailbox-private.h"

G_DEFINE_FINAL_TYPE (NekoMailbox, neko_mailbox, G_TYPE_OBJECT)

enum {
  PROP_ADDRESS = 1,
  PROP_STATE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


void
neko_mailbox_tell_of_change (NekoMailbox *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
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
  g_signal_new ("read", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
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
  g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                NULL, NULL, NULL, G_TYPE_NONE, 3,
                G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * NekoMailbox::sent:
   * @octets: of a message that the Worker took from a mail program
   */
  g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
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
  neko_mailbox_follow_events (self);
  self->maildrop = neko_remote_maildrop_new (self->client, self->events, spool);
  g_signal_connect_object (self->maildrop, "changed", G_CALLBACK (neko_mailbox_tell_of_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "passwords-changed", G_CALLBACK (neko_mailbox_tell_of_change), self,
                           G_CONNECT_SWAPPED);
  self->outbox = neko_remote_outbox_new (self->client, neko_account_get_address (account));
  neko_mailbox_follow_mail (self);
  neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_KEYRING,
                                   "Neko Mail has just started and waits for the keyring");

  return self;
}
