/* neko-service.c - everything that works without a screen, put together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service.h"

#include "neko-authenticator.h"
#include "neko-spool.h"

/* Octets of received mail that are kept ready on this computer. */
#define SPOOL_SIZE (64 * 1024 * 1024)

struct _NekoService {
  GObject           parent_instance;

  NekoAccountStore *accounts;
  NekoTokenStore   *tokens;
  NekoSpool        *spool;
  GListStore       *mailboxes; /* NekoMailbox, as in accounts */
  NekoServer       *pop3;
  NekoServer       *smtp;
  gboolean          is_started;
};

static void neko_service_authenticator_init (NekoAuthenticatorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoService, neko_service, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_AUTHENTICATOR,
                                                      neko_service_authenticator_init))


static NekoMailbox *
get_mailbox (NekoService *self,
             guint position)
{
  /* The list holds it on. */
  g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (G_LIST_MODEL (self->mailboxes), position);

  return mailbox;
}


/* An account's address comes first, then aliases, which may be those of an account on another Worker. */
static NekoMailbox *
find_mailbox (NekoService *self,
              const char  *user,
              const char  *password)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes));
  NekoAccount *account = neko_account_store_find (self->accounts, user);

  for (guint i = 0; i < count; i++) {
    NekoMailbox *mailbox = get_mailbox (self, i);
    NekoAccount *its_account = neko_mailbox_get_account (mailbox);

    if ((account == NULL ? neko_mailbox_has_address (mailbox, user) : its_account == account) &&
        neko_account_verify_password (its_account, password))
      return mailbox;
  }

  return NULL;
}


/* Whether @user may be an alias of the account whose password it is.  Then the Worker is asked again; the
 * alias may be a new one. */
static gboolean
may_be_alias (NekoService *self,
              const char  *user,
              const char  *password)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes));
  gboolean is_unknown = FALSE;

  if (neko_account_store_find (self->accounts, user) != NULL)
    return FALSE;

  for (guint i = 0; i < count; i++) {
    NekoMailbox *mailbox = get_mailbox (self, i);

    if (neko_account_verify_password (neko_mailbox_get_account (mailbox), password)) {
      is_unknown |= !neko_mailbox_knows_addresses (mailbox);
      neko_mailbox_connect (mailbox);
    }
  }

  return is_unknown;
}


static gboolean
neko_service_log_in (NekoAuthenticator *authenticator,
                     const char        *user,
                     const char        *password,
                     NekoMaildrop     **maildrop,
                     NekoOutbox       **outbox,
                     GError           **error)
{
  NekoService *self = NEKO_SERVICE (authenticator);
  NekoMailbox *mailbox = find_mailbox (self, user, password);

  if (mailbox == NULL) {
    /* A mail program that is told that its password is wrong forgets a right one. */
    if (may_be_alias (self, user, password))
      g_set_error_literal (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                           "cannot tell the account's other addresses yet, try again");
    else
      g_set_error_literal (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_PASSWORD,
                           "no such user name or bridge password; Neko Mail shows and makes them");

    return FALSE;
  }

  /* A keyring that was locked may be open by now. */
  if (neko_mailbox_get_state (mailbox) != NEKO_MAILBOX_READY)
    neko_mailbox_connect (mailbox);

  *maildrop = g_object_ref (neko_mailbox_get_maildrop (mailbox));
  *outbox = g_object_ref (neko_mailbox_get_outbox (mailbox));

  return TRUE;
}


static void
neko_service_authenticator_init (NekoAuthenticatorInterface *iface)
{
  iface->log_in = neko_service_log_in;
}


static void
add_mailbox (NekoService *self,
             NekoAccount *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoMailbox) mailbox = neko_mailbox_new (account, self->tokens, self->spool, &error);

  if (mailbox == NULL) {
    g_warning ("Account %s cannot be used: %s", neko_account_get_address (account),
               error->message);
    return;
  }

  g_list_store_append (self->mailboxes, mailbox);

  if (self->is_started)
    neko_mailbox_connect (mailbox);
}


static gboolean
has_mailbox (NekoService *self,
             NekoAccount *account)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++) {
    if (neko_mailbox_get_account (get_mailbox (self, i)) == account)
      return TRUE;
  }

  return FALSE;
}


/* Its sessions end: whoever removed the account does not want it to be read here. */
static void
remove_mailbox (NekoService *self,
                guint        position)
{
  g_autoptr (NekoMailbox) mailbox = g_object_ref (get_mailbox (self, position));

  g_list_store_remove (self->mailboxes, position);
  neko_server_end_sessions (self->pop3, neko_mailbox_get_maildrop (mailbox));
  neko_server_end_sessions (self->smtp, neko_mailbox_get_maildrop (mailbox));
}


/* The user, or another program, added or removed accounts. */
static void
accounts_changed_cb (NekoService *self)
{
  GListModel *accounts = neko_account_store_get_accounts (self->accounts);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i > 0; i--) {
    NekoAccount *account = neko_mailbox_get_account (get_mailbox (self, i - 1));

    if (neko_account_store_find (self->accounts, neko_account_get_address (account)) != account)
      remove_mailbox (self, i - 1);
  }

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    if (!has_mailbox (self, account))
      add_mailbox (self, account);
  }
}


/**
 * neko_service_start:
 *
 * Begins to listen and to connect the accounts. A port that is taken is no reason not to start: the
 * listener says so and tries again.
 */
void
neko_service_start (NekoService *self)
{
  g_return_if_fail (NEKO_IS_SERVICE (self));

  neko_server_start (self->pop3);
  neko_server_start (self->smtp);

  if (!self->is_started)
    neko_account_store_watch (self->accounts);

  self->is_started = TRUE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++)
    neko_mailbox_connect (get_mailbox (self, i));
}


static void
server_stopped_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  unsigned *running = g_task_get_task_data (task);

  neko_server_stop_finish (NEKO_SERVER (source), result, NULL);

  if (--*running == 0)
    g_task_return_boolean (task, TRUE);
}


/**
 * neko_service_stop_async:
 * @cancellable: (nullable): cancelled to wait no longer
 *
 * Frees the ports, says goodbye on the connections, and waits for a moment until what they handed over
 * is done. It must not be called again before it is done; then the service can be started again.
 */
void
neko_service_stop_async (NekoService        *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  unsigned *running = g_new (unsigned, 1);

  g_return_if_fail (NEKO_IS_SERVICE (self));

  *running = 2;
  g_task_set_source_tag (task, neko_service_stop_async);
  g_task_set_task_data (task, running, g_free);
  neko_server_stop_async (self->pop3, cancellable, server_stopped_cb, g_object_ref (task));
  neko_server_stop_async (self->smtp, cancellable, server_stopped_cb, g_object_ref (task));
}


/**
 * neko_service_stop_finish:
 *
 * Returns: %TRUE
 */
gboolean
neko_service_stop_finish (NekoService  *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


/**
 * neko_service_get_mailboxes:
 *
 * Returns: a list of #NekoMailbox, one for each account
 */
GListModel *
neko_service_get_mailboxes (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return G_LIST_MODEL (self->mailboxes);
}


NekoServer *
neko_service_get_pop3 (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->pop3;
}


NekoServer *
neko_service_get_smtp (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->smtp;
}


/**
 * neko_service_make_password:
 * @name: for which mail program
 *
 * Makes a bridge password, which works at once. It is shown this once and kept nowhere.
 *
 * Returns: (transfer full): the password, or %NULL with @error set
 */
NekoSecret *
neko_service_make_password (NekoService *self,
                            NekoMailbox *mailbox,
                            const char  *name,
                            GError     **error)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);
  g_return_val_if_fail (NEKO_IS_MAILBOX (mailbox), NULL);

  return neko_account_store_add_password (self->accounts, neko_mailbox_get_account (mailbox), name,
                                          error);
}


static void
neko_service_dispose (GObject *object)
{
  NekoService *self = NEKO_SERVICE (object);

  g_clear_object (&self->pop3);
  g_clear_object (&self->smtp);
  g_clear_object (&self->mailboxes);
  g_clear_object (&self->accounts);
  g_clear_object (&self->tokens);
  g_clear_object (&self->spool);

  G_OBJECT_CLASS (neko_service_parent_class)->dispose (object);
}


static void
neko_service_class_init (NekoServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_service_dispose;
}


static void
neko_service_init (NekoService *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "neko-mail", NULL);

  self->mailboxes = g_list_store_new (NEKO_TYPE_MAILBOX);
  self->spool = neko_spool_new (folder, SPOOL_SIZE);
}


/**
 * neko_service_new:
 * @accounts: the accounts to serve
 * @tokens: where their tokens are
 * @pop3_port: 0 for any that is free
 * @smtp_port: 0 for any that is free
 *
 * Returns: (transfer full): a service that is not started
 */
NekoService *
neko_service_new (NekoAccountStore *accounts,
                  NekoTokenStore   *tokens,
                  guint16           pop3_port,
                  guint16           smtp_port)
{
  NekoService *self = g_object_new (NEKO_TYPE_SERVICE, NULL);

  self->accounts = g_object_ref (accounts);
  self->tokens = g_object_ref (tokens);
  self->pop3 = neko_server_new_pop3 (pop3_port, NEKO_AUTHENTICATOR (self));
  self->smtp = neko_server_new_smtp (smtp_port, NEKO_AUTHENTICATOR (self));

  g_signal_connect_object (neko_account_store_get_accounts (accounts), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (self);

  return self;
}
