/* neko-service-mailboxes.c - the mailboxes of a service, one for each account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-private.h"

#include "neko-log.h"


NekoMailbox *
neko_service_get_mailbox (NekoService *self,
                          guint        position)
{
  /* The list holds it on. */
  g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (G_LIST_MODEL (self->mailboxes), position);

  return mailbox;
}


static void
read_cb (NekoService *self,
         const char  *id,
         guint64      octets)
{
  neko_statistics_add_read (self->statistics, octets);
}


static void
sent_cb (NekoService *self,
         guint64      octets)
{
  neko_statistics_add_sent (self->statistics, octets);
}


static NekoMailbox *
find_mailbox (NekoService *self,
              NekoAccount *account)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++) {
    NekoMailbox *mailbox = neko_service_get_mailbox (self, i);

    if (neko_mailbox_get_account (mailbox) == account)
      return mailbox;
  }

  return NULL;
}


/* But for those that logged in with one of @passwords. */
static void
end_sessions (NekoService *self,
              NekoMailbox *mailbox,
              GPtrArray   *passwords)
{
  g_autoptr (GPtrArray) credentials = g_ptr_array_new_with_free_func (g_free);
  NekoMaildrop *maildrop = neko_mailbox_get_maildrop (mailbox);

  for (guint i = 0; passwords != NULL && i < passwords->len; i++)
    g_ptr_array_add (credentials, neko_bridge_password_to_string (g_ptr_array_index (passwords, i)));

  neko_server_end_sessions (self->pop3, maildrop, credentials);
  neko_server_end_sessions (self->smtp, maildrop, credentials);
}


/* Whoever revokes one does not want the mail program to go on that has it. */
static void
passwords_changed_cb (NekoService *self,
                      NekoAccount *account)
{
  NekoMailbox *mailbox = find_mailbox (self, account);

  neko_statistics_keep_passwords (self->statistics, account);

  if (mailbox != NULL)
    end_sessions (self, mailbox, neko_account_get_passwords (account));
}


static void
follow_mailbox (NekoService *self,
                NekoMailbox *mailbox)
{
  NekoAccount *account = neko_mailbox_get_account (mailbox);

  g_signal_connect_object (mailbox, "changed", G_CALLBACK (neko_service_tell_of_change), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mailbox, "read", G_CALLBACK (read_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mailbox, "sent", G_CALLBACK (sent_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "passwords-changed", G_CALLBACK (passwords_changed_cb), self,
                           G_CONNECT_SWAPPED);
}


static void
add_mailbox (NekoService *self,
             NekoAccount *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoMailbox) mailbox = neko_mailbox_new (account, self->tokens, self->spool, &error);

  if (mailbox == NULL) {
    neko_log_failure (G_LOG_LEVEL_WARNING, "account-unusable", error, "Account %s cannot be used",
                      neko_account_get_address (account));
    return;
  }

  follow_mailbox (self, mailbox);
  g_list_store_append (self->mailboxes, mailbox);

  if (self->is_started)
    neko_mailbox_connect (mailbox);
}


/* Its sessions end: whoever removed the account does not want it to be read here. */
static void
remove_mailbox (NekoService *self,
                guint        position)
{
  g_autoptr (NekoMailbox) mailbox = g_object_ref (neko_service_get_mailbox (self, position));

  g_list_store_remove (self->mailboxes, position);
  neko_statistics_forget_account (self->statistics, neko_mailbox_get_account (mailbox));
  end_sessions (self, mailbox, NULL);
}


/* The user, or another program, added or removed accounts. */
static void
accounts_changed_cb (NekoService *self)
{
  GListModel *accounts = neko_account_store_get_accounts (self->accounts);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i > 0; i--) {
    NekoAccount *account = neko_mailbox_get_account (neko_service_get_mailbox (self, i - 1));

    if (neko_account_store_find (self->accounts, neko_account_get_address (account)) != account)
      remove_mailbox (self, i - 1);
  }

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    if (find_mailbox (self, account) == NULL)
      add_mailbox (self, account);
  }
}


static void
tokens_available_cb (NekoService *self)
{
  for (guint i = 0; self->is_started && i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++)
    neko_mailbox_take_keyring (neko_service_get_mailbox (self, i));
}


/**
 * neko_service_follow_accounts:
 *
 * Gives every account its mailbox, now and later.
 */
void
neko_service_follow_accounts (NekoService *self)
{
  g_signal_connect_object (self->tokens, "available", G_CALLBACK (tokens_available_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (neko_account_store_get_accounts (self->accounts), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (self);
}


static void
resumed_cb (NekoService *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++)
    neko_mailbox_wake (neko_service_get_mailbox (self, i));
}


/* What is followed as long as it lives, from the first start on. */
void
neko_service_begin_to_watch (NekoService *self)
{
  neko_account_store_watch (self->accounts);
  self->sleep = neko_sleep_watch_new ();
  g_signal_connect_object (self->sleep, "resumed", G_CALLBACK (resumed_cb), self, G_CONNECT_SWAPPED);
}


/**
 * neko_service_check:
 *
 * Lets every account ask its Worker now.
 */
void
neko_service_check (NekoService *self)
{
  g_return_if_fail (NEKO_IS_SERVICE (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++)
    neko_mailbox_check (neko_service_get_mailbox (self, i));
}
