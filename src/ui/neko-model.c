/* neko-model.c - what the window shows: the accounts, and how the program in the background is doing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-model.h"

#include "neko-file-token-store.h"
#include "neko-keyring-token-store.h"
#include "neko-service-control.h"

struct _NekoModel {
  GObject           parent_instance;

  char             *program;  /* the name on the bus of the program in the background */
  NekoControl      *control;  /* (nullable): before there is a connection to it */
  GVariantDict     *status;   /* empty while the program does not run */
  GListStore       *accounts; /* NekoAccountItem, as in store */
  NekoAccountStore *store;
  char             *token_file; /* (nullable): the keyring has the tokens, or it is not known */
  NekoTokenStore   *tokens;   /* (nullable): before the program told where they are */
  GSettings        *settings;
  GCancellable     *cancellable;
  gboolean          is_known;    /* whether it runs */
  gboolean          is_asking;
  gboolean          is_outdated; /* what is asked now */
};

G_DEFINE_FINAL_TYPE (NekoModel, neko_model, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


/* Returns: (nullable): what the program tells of an account; of one that is new it may know nothing yet. */
static GVariant *
find_status (NekoModel  *self,
             const char *address)
{
  g_autoptr (GVariant) list = neko_model_dup_status (self, "accounts", G_VARIANT_TYPE ("aa{sv}"));
  gsize count = list != NULL ? g_variant_n_children (list) : 0;

  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) status = g_variant_get_child_value (list, i);
    const char *its_address = NULL;

    if (g_variant_lookup (status, "address", "&s", &its_address) &&
        g_str_equal (its_address, address))
      return g_steal_pointer (&status);
  }

  return NULL;
}


static void
show_status (NekoModel       *self,
             NekoAccountItem *item)
{
  g_autoptr (GVariant) status = find_status (self, neko_account_item_get_address (item));

  neko_account_item_set_status (item, status);
}


static NekoAccountItem *
get_item (NekoModel *self,
          guint      position)
{
  /* The list holds it on. */
  g_autoptr (NekoAccountItem) item = g_list_model_get_item (G_LIST_MODEL (self->accounts), position);

  return item;
}


static void
add_item (NekoModel   *self,
          NekoAccount *account)
{
  g_autoptr (NekoAccountItem) item = neko_account_item_new (account);

  show_status (self, item);

  if (self->tokens != NULL)
    neko_account_item_connect (item, self->tokens);

  g_list_store_append (self->accounts, item);
}


/* An account that was removed and added again is another one. */
static void
accounts_changed_cb (NekoModel *self)
{
  GListModel *accounts = neko_account_store_get_accounts (self->store);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i > 0; i--) {
    NekoAccount *account = neko_account_item_get_account (get_item (self, i - 1));

    if (neko_account_store_find (self->store, neko_account_get_address (account)) != account)
      g_list_store_remove (self->accounts, i - 1);
  }

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    if (neko_model_find_account (self, neko_account_get_address (account)) == NULL)
      add_item (self, account);
  }
}


/* Where the tokens are is for the program in the background to say: it was told by its command line. */
static void
open_tokens (NekoModel *self)
{
  if (self->tokens != NULL)
    return;

  if (g_variant_dict_lookup (self->status, "tokenFile", "s", &self->token_file))
    self->tokens = NEKO_TOKEN_STORE (neko_file_token_store_new (self->token_file));
  else
    self->tokens = NEKO_TOKEN_STORE (neko_keyring_token_store_new ());

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    neko_account_item_connect (get_item (self, i), self->tokens);
}


/* Takes @status, which is %NULL where the program does not run. */
static void
take_status (NekoModel *self,
             GVariant  *status)
{
  g_variant_dict_unref (self->status);
  self->status = g_variant_dict_new (status);
  self->is_known = TRUE;

  if (status != NULL)
    open_tokens (self);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    show_status (self, get_item (self, i));

  g_signal_emit (self, signals[CHANGED], 0);
}


static void ask (NekoModel *self);


static void
status_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoModel) self = user_data;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GError) error = NULL;

  neko_control_call_get_status_finish (NEKO_CONTROL (source), &status, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_asking = FALSE;

  /* Where it ended meanwhile, the owner of its name tells. */
  if (status != NULL)
    take_status (self, status);

  if (self->is_outdated)
    ask (self);
}


static void
ask (NekoModel *self)
{
  self->is_outdated = self->is_asking;

  if (self->is_asking)
    return;

  self->is_asking = TRUE;
  neko_control_call_get_status (self->control, self->cancellable, status_cb, g_object_ref (self));
}


static void
owner_changed_cb (NekoModel *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->control));

  if (owner != NULL)
    ask (self);
  else
    take_status (self, NULL);
}


static void
control_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoModel) self = user_data;
  g_autoptr (GError) error = NULL;

  self->control = neko_control_proxy_new_finish (result, &error);

  if (self->control == NULL) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      take_status (self, NULL);

    return;
  }

  g_signal_connect_object (self->control, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->control, "notify::g-name-owner", G_CALLBACK (owner_changed_cb),
                           self, G_CONNECT_SWAPPED);
  owner_changed_cb (self);
}


/**
 * neko_model_get_control:
 *
 * Returns: (nullable): the program in the background; %NULL where it does not run
 */
NekoControl *
neko_model_get_control (NekoModel *self)
{
  g_autofree char *owner = NULL;

  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  if (self->control != NULL)
    owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->control));

  return owner != NULL ? self->control : NULL;
}


/**
 * neko_model_is_known:
 *
 * Returns: whether it is known if the program in the background runs, and how it is doing
 */
gboolean
neko_model_is_known (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), FALSE);

  return self->is_known;
}


/**
 * neko_model_dup_status:
 * @name: a member of `status --json`
 *
 * Returns: (transfer full) (nullable): what the program in the background told last
 */
GVariant *
neko_model_dup_status (NekoModel          *self,
                       const char         *name,
                       const GVariantType *type)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return g_variant_dict_lookup_value (self->status, name, type);
}


/**
 * neko_model_is_set:
 * @name: a member of `status --json` that is true or false
 *
 * Returns: whether it is true; %FALSE while nothing is known
 */
gboolean
neko_model_is_set (NekoModel  *self,
                   const char *name)
{
  gboolean is_set = FALSE;

  g_return_val_if_fail (NEKO_IS_MODEL (self), FALSE);

  return g_variant_dict_lookup (self->status, name, "b", &is_set) && is_set;
}


/**
 * neko_model_is_overridden:
 * @key: of a setting
 *
 * Returns: whether the program in the background was told something else by its command line
 */
gboolean
neko_model_is_overridden (NekoModel  *self,
                          const char *key)
{
  g_autofree const char **keys = NULL;

  g_return_val_if_fail (NEKO_IS_MODEL (self), FALSE);

  return g_variant_dict_lookup (self->status, "overrides", "^a&s", &keys) && g_strv_contains (keys, key);
}


/**
 * neko_model_get_accounts:
 *
 * Returns: a list of #NekoAccountItem
 */
GListModel *
neko_model_get_accounts (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return G_LIST_MODEL (self->accounts);
}


/**
 * neko_model_find_account:
 *
 * Returns: (nullable): the account of that address, as it is spelt in the accounts file
 */
NekoAccountItem *
neko_model_find_account (NekoModel  *self,
                         const char *address)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++) {
    NekoAccountItem *item = get_item (self, i);

    if (g_str_equal (neko_account_item_get_address (item), address))
      return item;
  }

  return NULL;
}


NekoAccountStore *
neko_model_get_store (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return self->store;
}


/**
 * neko_model_get_tokens:
 *
 * Returns: (nullable): where the tokens are; %NULL before the program in the background told
 */
NekoTokenStore *
neko_model_get_tokens (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return self->tokens;
}


GSettings *
neko_model_get_settings (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return self->settings;
}


/**
 * neko_model_get_token_file:
 *
 * Returns: (nullable): the file that has the tokens, where it is not the keyring
 */
const char *
neko_model_get_token_file (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return self->token_file;
}


/**
 * neko_model_get_program:
 *
 * Returns: the name on the bus of the program in the background
 */
const char *
neko_model_get_program (NekoModel *self)
{
  g_return_val_if_fail (NEKO_IS_MODEL (self), NULL);

  return self->program;
}


static void
neko_model_dispose (GObject *object)
{
  NekoModel *self = NEKO_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->control);
  g_clear_object (&self->accounts);
  g_clear_object (&self->store);
  g_clear_object (&self->tokens);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (neko_model_parent_class)->dispose (object);
}


static void
neko_model_finalize (GObject *object)
{
  NekoModel *self = NEKO_MODEL (object);

  g_object_unref (self->cancellable);
  g_variant_dict_unref (self->status);
  g_free (self->program);
  g_free (self->token_file);

  G_OBJECT_CLASS (neko_model_parent_class)->finalize (object);
}


static void
neko_model_class_init (NekoModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_model_finalize;

  /**
   * NekoModel::changed:
   *
   * The program in the background began, ended, or tells something else now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_model_init (NekoModel *self)
{
  self->accounts = g_list_store_new (NEKO_TYPE_ACCOUNT_ITEM);
  self->cancellable = g_cancellable_new ();
  self->status = g_variant_dict_new (NULL);
  self->settings = g_settings_new (NEKO_APPLICATION_ID);
}


/**
 * neko_model_new:
 * @bus: the session bus
 * @name: the name there of the program in the background
 *
 * Returns: (transfer full): a model, or %NULL with @error set where the accounts cannot be read
 */
NekoModel *
neko_model_new (GDBusConnection *bus,
                const char      *name,
                GError         **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "neko-mail", NULL);
  NekoAccountStore *store = neko_account_store_open (folder, error);
  NekoModel *self;

  if (store == NULL)
    return NULL;

  self = g_object_new (NEKO_TYPE_MODEL, NULL);
  self->program = g_strdup (name);
  self->store = store;
  neko_account_store_watch (store);
  g_signal_connect_object (neko_account_store_get_accounts (store), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (self);
  neko_control_proxy_new (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START |
                          G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, name, NEKO_CONTROL_PATH,
                          self->cancellable, control_cb, g_object_ref (self));

  return self;
}
