/* neko-account-item.c - an account as the window shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-item.h"

#include "neko-remote-me.h"

/**
 * NekoAccountItem:
 *
 * Three know something of an account: its file, the program in the background, which tells how it is doing,
 * and the Worker, which is asked while there is a window.
 */
struct _NekoAccountItem {
  GObject           parent_instance;

  NekoAccount      *account;
  GVariantDict     *status;  /* of the program in the background; empty while it does not run */
  NekoTokenStore   *tokens;  /* (nullable): before it is known where they are */
  NekoRemoteClient *client;  /* (nullable): there is no token */
  NekoProfile      *profile; /* (nullable): the Worker has not told */
  GCancellable     *cancellable;
  gboolean          is_asking;
  gboolean          is_outdated; /* what is asked now */
};

G_DEFINE_FINAL_TYPE (NekoAccountItem, neko_account_item, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
emit_changed (NekoAccountItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}


static const char *
get_text (NekoAccountItem *self,
          const char      *name)
{
  const char *text = NULL;

  g_variant_dict_lookup (self->status, name, "&s", &text);

  return text;
}


static void
end_asking (NekoAccountItem *self)
{
  self->is_asking = FALSE;
  emit_changed (self);

  if (self->is_outdated)
    neko_account_item_refresh (self);
}


static void
profile_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoAccountItem) self = user_data;
  g_autoptr (GError) error = NULL;
  NekoProfile *profile = neko_remote_me_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* What was known before is better than nothing; that it may not be so now, the state says. */
  if (profile != NULL) {
    g_clear_pointer (&self->profile, neko_profile_free);
    self->profile = profile;
  }

  end_asking (self);
}


static void
token_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (NekoAccountItem) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = NULL;

  token = neko_token_store_lookup_finish (NEKO_TOKEN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (token == NULL) {
    g_clear_object (&self->client);
    end_asking (self);
    return;
  }

  /* The address was checked when the account was added. */
  if (self->client == NULL)
    self->client = neko_remote_client_new (neko_account_get_url (self->account), NULL);

  neko_remote_client_set_token (self->client, token);
  neko_remote_me_async (self->client, self->cancellable, profile_cb, g_object_ref (self));
}


/**
 * neko_account_item_refresh:
 *
 * Looks for the token and asks the Worker again; "changed" tells when something came of it.
 */
void
neko_account_item_refresh (NekoAccountItem *self)
{
  g_return_if_fail (NEKO_IS_ACCOUNT_ITEM (self));

  self->is_outdated = self->is_asking;

  if (self->is_asking || self->tokens == NULL)
    return;

  self->is_asking = TRUE;
  neko_token_store_lookup_async (self->tokens, neko_account_get_address (self->account),
                                 neko_account_get_url (self->account), self->cancellable, token_cb,
                                 g_object_ref (self));
}


/**
 * neko_account_item_connect:
 * @tokens: where the account's token is
 */
void
neko_account_item_connect (NekoAccountItem *self,
                           NekoTokenStore  *tokens)
{
  g_return_if_fail (NEKO_IS_ACCOUNT_ITEM (self));

  g_set_object (&self->tokens, tokens);
  neko_account_item_refresh (self);
}


/**
 * neko_account_item_set_status:
 * @status: (nullable): the account's a{sv} in what GetStatus answers
 */
void
neko_account_item_set_status (NekoAccountItem *self,
                              GVariant        *status)
{
  g_autofree char *before = g_strdup (neko_account_item_get_state (self));

  g_return_if_fail (NEKO_IS_ACCOUNT_ITEM (self));

  g_variant_dict_unref (self->status);
  self->status = g_variant_dict_new (status);

  /* Another state may mean another token, or a Worker that is there again. */
  if (g_strcmp0 (before, neko_account_item_get_state (self)) != 0)
    neko_account_item_refresh (self);

  emit_changed (self);
}


NekoAccount *
neko_account_item_get_account (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return self->account;
}


const char *
neko_account_item_get_address (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return neko_account_get_address (self->account);
}


/**
 * neko_account_item_get_state:
 *
 * Returns: (nullable): by the names of `status --json`; %NULL where nothing is known
 */
const char *
neko_account_item_get_state (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return get_text (self, "state");
}


/**
 * neko_account_item_get_keyring:
 *
 * Returns: (nullable): what is wrong with the keyring, by the names of `status --json`
 */
const char *
neko_account_item_get_keyring (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return get_text (self, "keyring");
}


/**
 * neko_account_item_get_since:
 *
 * Returns: since when it has been in its state, in seconds since 1970, 0 where nothing is known
 */
gint64
neko_account_item_get_since (NekoAccountItem *self)
{
  guint64 since = 0;

  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), 0);

  g_variant_dict_lookup (self->status, "since", "t", &since);

  return since;
}


/**
 * neko_account_item_get_problem:
 *
 * Returns: (nullable): what failed last, in English, which may be over
 */
const char *
neko_account_item_get_problem (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return get_text (self, "lastError");
}


/**
 * neko_account_item_get_password_use:
 * @name: of a bridge password
 *
 * Returns: when it was used last, in seconds since 1970; 0 for never, as far as is known
 */
gint64
neko_account_item_get_password_use (NekoAccountItem *self,
                                    const char      *name)
{
  g_autoptr (GVariant) uses = NULL;
  gint64 use = 0;

  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), 0);

  uses = g_variant_dict_lookup_value (self->status, "passwordUse", G_VARIANT_TYPE ("a{sx}"));

  if (uses != NULL)
    g_variant_lookup (uses, name, "x", &use);

  return use;
}


/**
 * neko_account_item_get_client:
 *
 * Returns: (nullable): what to ask the Worker through, with the account's token; %NULL where there is none
 */
NekoRemoteClient *
neko_account_item_get_client (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return self->client;
}


/**
 * neko_account_item_get_profile:
 *
 * Returns: (nullable): what the Worker told of the account last
 */
const NekoProfile *
neko_account_item_get_profile (NekoAccountItem *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ITEM (self), NULL);

  return self->profile;
}


static void
neko_account_item_dispose (GObject *object)
{
  NekoAccountItem *self = NEKO_ACCOUNT_ITEM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->tokens);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (neko_account_item_parent_class)->dispose (object);
}


static void
neko_account_item_finalize (GObject *object)
{
  NekoAccountItem *self = NEKO_ACCOUNT_ITEM (object);

  g_object_unref (self->account);
  g_object_unref (self->cancellable);
  g_variant_dict_unref (self->status);
  g_clear_pointer (&self->profile, neko_profile_free);

  G_OBJECT_CLASS (neko_account_item_parent_class)->finalize (object);
}


static void
neko_account_item_class_init (NekoAccountItemClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_account_item_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_account_item_finalize;

  /**
   * NekoAccountItem::changed:
   *
   * Something else is known of it now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_account_item_init (NekoAccountItem *self)
{
  self->cancellable = g_cancellable_new ();
  self->status = g_variant_dict_new (NULL);
}


/**
 * neko_account_item_new:
 *
 * Returns: (transfer full): an item of which nothing is known but its file
 */
NekoAccountItem *
neko_account_item_new (NekoAccount *account)
{
  NekoAccountItem *self = g_object_new (NEKO_TYPE_ACCOUNT_ITEM, NULL);

  self->account = g_object_ref (account);
  g_signal_connect_object (account, "passwords-changed", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);

  return self;
}
