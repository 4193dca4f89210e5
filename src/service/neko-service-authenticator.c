/* neko-service-authenticator.c - whom a service lets log in, and to which mailbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-private.h"


/* An account's address comes first, then aliases, which may be those of an account on another Worker. */
static NekoMailbox *
find_mailbox (NekoService               *self,
              const char                *user,
              const char                *password,
              const NekoBridgePassword **match)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes));
  NekoAccount *account = neko_account_store_find (self->accounts, user);

  for (guint i = 0; i < count; i++) {
    NekoMailbox *mailbox = neko_service_get_mailbox (self, i);
    NekoAccount *its_account = neko_mailbox_get_account (mailbox);

    if (account == NULL ? !neko_mailbox_has_address (mailbox, user) : its_account != account)
      continue;

    *match = neko_account_match_password (its_account, password);

    if (*match != NULL)
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
    NekoMailbox *mailbox = neko_service_get_mailbox (self, i);

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
                     char             **credential,
                     GError           **error)
{
  NekoService *self = NEKO_SERVICE (authenticator);
  const NekoBridgePassword *match = NULL;
  NekoMailbox *mailbox;

  /* The password may have been made, or revoked, a moment ago by the window or by a command. */
  neko_account_store_refresh (self->accounts);
  mailbox = find_mailbox (self, user, password, &match);

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

  neko_statistics_use_password (self->statistics, neko_mailbox_get_account (mailbox),
                                neko_bridge_password_get_name (match));
  neko_mailbox_note_log_in (mailbox);

  /* A keyring that was locked may be open by now, and a token revoked where no event tells of it. */
  if (!neko_mailbox_is_sure (mailbox))
    neko_mailbox_connect (mailbox);

  *maildrop = g_object_ref (neko_mailbox_get_maildrop (mailbox));
  *outbox = g_object_ref (neko_mailbox_get_outbox (mailbox));
  *credential = neko_bridge_password_to_string (match);

  return TRUE;
}


void
neko_service_authenticator_init (NekoAuthenticatorInterface *iface)
{
  iface->log_in = neko_service_log_in;
}
