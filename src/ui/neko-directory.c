/* neko-directory.c - the users of a Worker, as one of its admins sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-directory.h"

#include "neko-error-text.h"
#include "neko-remote-error.h"
#include "neko-remote-info.h"
#include "neko-window.h"

/**
 * NekoDirectory:
 *
 * What the pages about users share: one list, which is asked for again and takes in what each change answers.
 */
struct _NekoDirectory {
  GObject           parent_instance;

  NekoAccountItem  *item;      /* the admin's account */
  NekoRemoteClient *client;
  GListStore       *users;     /* NekoRemoteUser, by address */
  GStrv             domains;   /* those that the Worker serves */
  char             *problem;   /* (nullable): why it could not be asked */
  GCancellable     *cancellable;
  unsigned          changes;   /* that are on their way */
  gboolean          is_mixed;  /* more than one was, so that the last answer need not be the last change's */
  gboolean          is_loaded;
  gboolean          is_asking;
  gboolean          is_outdated; /* what is asked now */
  gboolean          is_closed;
};

G_DEFINE_FINAL_TYPE (NekoDirectory, neko_directory, G_TYPE_OBJECT)

enum {
  CHANGED,
  CLOSED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
emit_changed (NekoDirectory *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}


static int
compare (gconstpointer first,
         gconstpointer second,
         gpointer      user_data)
{
  return g_strcmp0 (((const NekoRemoteUser *) first)->address, ((const NekoRemoteUser *) second)->address);
}


static NekoRemoteUser *
get_user (GListModel *users,
          guint       position)
{
  /* The list holds it on. */
  g_autoptr (NekoRemoteUser) user = g_list_model_get_item (users, position);

  return user;
}


static gboolean
is_same (const NekoRemoteUser *first,
         const NekoRemoteUser *second)
{
  return g_str_equal (first->address, second->address) &&
         g_strv_equal ((const char *const *) first->aliases, (const char *const *) second->aliases) &&
         g_strv_equal ((const char *const *) first->catch_all, (const char *const *) second->catch_all) &&
         first->is_admin == second->is_admin && first->is_disabled == second->is_disabled &&
         first->messages == second->messages && first->size == second->size &&
         first->quota == second->quota && first->daily_limit == second->daily_limit &&
         first->last_received == second->last_received && first->full_since == second->full_since &&
         g_strcmp0 (first->forward, second->forward) == 0 && first->forward_keeps == second->forward_keeps &&
         first->forward_failed == second->forward_failed;
}


/* Users of whom nothing changed stay as they are, so that a list keeps its place and the focus. */
static void
take_users (NekoDirectory *self,
            GListModel    *users)
{
  GListModel *ours = G_LIST_MODEL (self->users);
  guint position = 0;

  g_list_store_sort (G_LIST_STORE (users), compare, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (users); i++, position++) {
    NekoRemoteUser *user = get_user (users, i);

    while (position < g_list_model_get_n_items (ours) && compare (get_user (ours, position), user, NULL) < 0)
      g_list_store_remove (self->users, position);

    if (position < g_list_model_get_n_items (ours) && is_same (get_user (ours, position), user))
      continue;

    g_list_store_splice (self->users, position,
                         position < g_list_model_get_n_items (ours) &&
                         compare (get_user (ours, position), user, NULL) == 0,
                         (gpointer *) &user, 1);
  }

  g_list_store_splice (self->users, position, g_list_model_get_n_items (ours) - position, NULL, 0);
}


static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoDirectory) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) users = neko_remote_users_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_asking = FALSE;
  g_clear_pointer (&self->problem, g_free);

  if (users == NULL) {
    self->problem = neko_directory_explain (self, error);
  } else if (!self->is_loaded) {
    g_list_store_sort (G_LIST_STORE (users), compare, NULL);
    g_object_unref (self->users);
    self->users = G_LIST_STORE (g_steal_pointer (&users));
    self->is_loaded = TRUE;
  } else if (!self->is_outdated && self->changes == 0) {
    take_users (self, users);
  }

  emit_changed (self);

  if (self->is_outdated)
    neko_directory_refresh (self);
}


static void
info_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoDirectory) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteInfo) info = neko_remote_info_finish (result, &error);

  /* Where the Worker cannot be asked, the list of users says so; domains are an offer only. */
  if (info == NULL || info->domains == NULL ||
      g_strv_equal ((const char *const *) info->domains, (const char *const *) self->domains))
    return;

  g_strfreev (self->domains);
  self->domains = g_steal_pointer (&info->domains);
  emit_changed (self);
}


/**
 * neko_directory_refresh:
 *
 * Asks the Worker again; "changed" tells when it answered.
 */
void
neko_directory_refresh (NekoDirectory *self)
{
  NekoRemoteClient *client;

  g_return_if_fail (NEKO_IS_DIRECTORY (self));

  self->is_outdated = self->is_asking;

  if (self->is_asking || self->is_closed)
    return;

  self->is_asking = TRUE;
  client = neko_account_item_get_client (self->item);

  /* Without a token the old one is refused, which says what has to be done. */
  if (client != NULL)
    g_set_object (&self->client, client);

  neko_remote_users_list_async (self->client, self->cancellable, listed_cb, g_object_ref (self));
  neko_remote_info_async (neko_directory_get_url (self), self->cancellable, info_cb, g_object_ref (self));
}


/**
 * neko_directory_close:
 *
 * The account administers the Worker no more, or is gone: "closed" tells those who show the directory.
 */
void
neko_directory_close (NekoDirectory *self)
{
  g_return_if_fail (NEKO_IS_DIRECTORY (self));

  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[CLOSED], 0);
}


NekoAccountItem *
neko_directory_get_item (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return self->item;
}


NekoRemoteClient *
neko_directory_get_client (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return self->client;
}


const char *
neko_directory_get_url (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return neko_account_get_url (neko_account_item_get_account (self->item));
}


const char *const *
neko_directory_get_domains (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return (const char *const *) self->domains;
}


/**
 * neko_directory_get_users:
 *
 * Returns: a list of #NekoRemoteUser, which is another one once the directory is loaded
 */
GListModel *
neko_directory_get_users (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return G_LIST_MODEL (self->users);
}


gboolean
neko_directory_is_loaded (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), FALSE);

  return self->is_loaded;
}


/**
 * neko_directory_get_problem:
 *
 * Returns: (nullable): why the Worker could not be asked the last time, for people to read
 */
const char *
neko_directory_get_problem (NekoDirectory *self)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return self->problem;
}


static guint
find_position (NekoDirectory *self,
               const char    *address)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->users));

  for (guint i = 0; i < count; i++) {
    if (g_str_equal (get_user (G_LIST_MODEL (self->users), i)->address, address))
      return i;
  }

  return count;
}


/**
 * neko_directory_find_user:
 *
 * Returns: (nullable): the user of that address, which is no alias
 */
NekoRemoteUser *
neko_directory_find_user (NekoDirectory *self,
                          const char    *address)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  return get_user (G_LIST_MODEL (self->users), find_position (self, address));
}


/**
 * neko_directory_is_self:
 *
 * Returns: whether @user is the admin whose account this goes through
 */
gboolean
neko_directory_is_self (NekoDirectory  *self,
                        NekoRemoteUser *user)
{
  const NekoProfile *profile;

  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), FALSE);

  profile = neko_account_item_get_profile (self->item);

  return profile != NULL && g_strcmp0 (profile->address, user->address) == 0;
}


/**
 * neko_directory_take_user:
 * @user: as the Worker told of it: a new one, or what one is now
 */
void
neko_directory_take_user (NekoDirectory  *self,
                          NekoRemoteUser *user)
{
  guint position;

  g_return_if_fail (NEKO_IS_DIRECTORY (self));

  position = find_position (self, user->address);

  if (position < g_list_model_get_n_items (G_LIST_MODEL (self->users)))
    g_list_store_splice (self->users, position, 1, (gpointer *) &user, 1);
  else
    g_list_store_insert_sorted (self->users, user, compare, NULL);

  emit_changed (self);
}


/**
 * neko_directory_drop_user:
 * @address: of a user who was deleted
 */
void
neko_directory_drop_user (NekoDirectory *self,
                          const char    *address)
{
  guint position;

  g_return_if_fail (NEKO_IS_DIRECTORY (self));

  position = find_position (self, address);

  if (position < g_list_model_get_n_items (G_LIST_MODEL (self->users)))
    g_list_store_remove (self->users, position);

  emit_changed (self);
}


/**
 * neko_directory_explain:
 *
 * Returns: (transfer full): what went wrong, for people to read. Where it means that the account is not what it was
 *   taken for, that is looked at again
 */
char *
neko_directory_explain (NekoDirectory *self,
                        const GError  *error)
{
  g_return_val_if_fail (NEKO_IS_DIRECTORY (self), NULL);

  if (g_error_matches (error, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NOT_ADMIN) ||
      g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN))
    neko_account_item_refresh (self->item);

  return neko_error_text (error);
}


typedef struct {
  NekoDirectory *directory;
  GtkWidget     *origin;
} Change;


static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Change *change = user_data;
  g_autoptr (NekoDirectory) self = change->directory;
  g_autoptr (GtkWidget) origin = change->origin;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteUser) user = neko_remote_users_change_finish (result, &error);

  self->changes--;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (user == NULL) {
    g_autofree char *text = neko_directory_explain (self, error);

    neko_window_toast (origin, text);
  } else if (neko_directory_is_self (self, user)) {
    neko_account_item_refresh (self->item);
  }

  if (self->changes > 0)
    return;

  if (user != NULL)
    neko_directory_take_user (self, user);
  else
    emit_changed (self);

  if (self->is_mixed)
    neko_directory_refresh (self);

  self->is_mixed = FALSE;
}


/**
 * neko_directory_change_user:
 * @origin: where a toast tells of a failure
 * @address: of a user, no alias
 *
 * "changed" tells when it is done, and when it failed too, so that what shows the user shows what is true.
 */
void
neko_directory_change_user (NekoDirectory              *self,
                            GtkWidget                  *origin,
                            const char                 *address,
                            const NekoRemoteUserChange *change)
{
  Change *data = g_new0 (Change, 1);

  g_return_if_fail (NEKO_IS_DIRECTORY (self));

  data->directory = g_object_ref (self);
  data->origin = g_object_ref (origin);

  /* A domain's catch-all is taken from whoever had it. */
  self->is_mixed = self->is_mixed || self->changes > 0 || (change->parts & NEKO_REMOTE_USER_CATCH_ALL) != 0;
  self->changes++;
  neko_remote_users_change_async (self->client, address, change, self->cancellable, changed_cb, data);
}


/* What is not known is no reason to close: the account may be offline. */
static void
item_changed_cb (NekoDirectory *self)
{
  const NekoProfile *profile = neko_account_item_get_profile (self->item);

  if (profile != NULL && !profile->is_admin)
    neko_directory_close (self);
}


static void
neko_directory_dispose (GObject *object)
{
  NekoDirectory *self = NEKO_DIRECTORY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->item);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (neko_directory_parent_class)->dispose (object);
}


static void
neko_directory_finalize (GObject *object)
{
  NekoDirectory *self = NEKO_DIRECTORY (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->users);
  g_strfreev (self->domains);
  g_free (self->problem);

  G_OBJECT_CLASS (neko_directory_parent_class)->finalize (object);
}


static void
neko_directory_class_init (NekoDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_directory_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_directory_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_directory_init (NekoDirectory *self)
{
  self->cancellable = g_cancellable_new ();
  self->users = g_list_store_new (NEKO_TYPE_REMOTE_USER);
}


/**
 * neko_directory_new:
 * @item: an admin's account, with a token
 *
 * Returns: (transfer full): a directory of which nothing is known yet
 */
NekoDirectory *
neko_directory_new (NekoAccountItem *item)
{
  NekoDirectory *self = g_object_new (NEKO_TYPE_DIRECTORY, NULL);
  const char *domain = strrchr (neko_account_item_get_address (item), '@');
  const char *domains[] = { domain != NULL ? domain + 1 : NULL, NULL };

  self->item = g_object_ref (item);
  self->client = g_object_ref (neko_account_item_get_client (item));
  self->domains = g_strdupv ((char **) domains);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
