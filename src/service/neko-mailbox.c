/* neko-mailbox.c - one account at work: its Worker, its token, its mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mailbox.h"

#include "neko-event-channel.h"
#include "neko-remote-maildrop.h"
#include "neko-remote-outbox.h"

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
  gboolean            is_connecting;
};

G_DEFINE_FINAL_TYPE (NekoMailbox, neko_mailbox, G_TYPE_OBJECT)

enum {
  PROP_ADDRESS = 1,
  PROP_STATE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];


static void
enter_state (NekoMailbox     *self,
             NekoMailboxState state)
{
  if (self->state == state)
    return;

  g_debug ("%s: %d -> %d", neko_account_get_address (self->account), self->state, state);
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}


static void
log_failure (NekoMailbox  *self,
             const GError *error)
{
  g_message ("%s: %s", neko_account_get_address (self->account), error->message);
}


static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoMailbox) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_connecting = FALSE;

  if (neko_remote_outbox_refresh_finish (NEKO_REMOTE_OUTBOX (source), result, &error)) {
    /* At the start the channel has just been opened with this token. Later it may be waiting, or be
     * open with a token that was good then. */
    if (self->state != NEKO_MAILBOX_CONNECTING)
      neko_event_channel_retry (self->events);

    enter_state (self, NEKO_MAILBOX_READY);
    return;
  }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  log_failure (self, error);
  enter_state (self, g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN)
                     ? NEKO_MAILBOX_SIGN_IN : NEKO_MAILBOX_OFFLINE);
}


static void
refresh (NekoMailbox *self)
{
  neko_remote_outbox_refresh_async (self->outbox, self->cancellable, refreshed_cb,
                                    g_object_ref (self));
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
    neko_event_channel_start (self->events);
    refresh (self);
    return;
  }

  self->is_connecting = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  log_failure (self, error);

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN)) {
    neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_SIGN_IN,
                                     "sign in again in Neko Mail");
    enter_state (self, NEKO_MAILBOX_SIGN_IN);
  } else {
    neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_KEYRING,
                                     "unlock the keyring, Neko Mail needs it for this account");
    enter_state (self, NEKO_MAILBOX_KEYRING);
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

  /* Where it was refused the user may have signed in again since, perhaps with another program. */
  if (neko_remote_client_has_token (self->client) && self->state != NEKO_MAILBOX_SIGN_IN)
    refresh (self);
  else
    neko_token_store_lookup_async (self->tokens,
                                   neko_account_get_address (self->account),
                                   neko_account_get_url (self->account),
                                   self->cancellable, token_found_cb, g_object_ref (self));
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
  g_clear_object (&self->account);
  g_clear_object (&self->tokens);

  if (self->events != NULL)
    neko_event_channel_stop (self->events);

  g_clear_object (&self->events);
  g_clear_object (&self->maildrop);
  g_clear_object (&self->outbox);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (neko_mailbox_parent_class)->dispose (object);
}


static void
neko_mailbox_finalize (GObject *object)
{
  g_object_unref (NEKO_MAILBOX (object)->cancellable);

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
}


static void
neko_mailbox_init (NekoMailbox *self)
{
  self->cancellable = g_cancellable_new ();
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
  self->tokens = g_object_ref (tokens);
  self->client = g_steal_pointer (&client);
  self->events = neko_event_channel_new (self->client);
  self->maildrop = neko_remote_maildrop_new (self->client, self->events, spool);
  self->outbox = neko_remote_outbox_new (self->client, neko_account_get_address (account));
  neko_remote_client_set_no_token (self->client, NEKO_MAIL_ERROR_KEYRING,
                                   "Neko Mail has just started and waits for the keyring");

  return self;
}
