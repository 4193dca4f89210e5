/* neko-new-mail.c - whether there is mail that nobody has seen yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-new-mail.h"

/* Mail that nobody fetches for years must not fill the memory. What comes after so many is not waited for. */
#define LIMIT 1000

/**
 * NekoNewMail:
 *
 * Mail is new from when the Worker told of it until a mail program fetched it, or the user looked.
 */
struct _NekoNewMail {
  GObject      parent_instance;

  NekoService *service;
  GHashTable  *addresses; /* of a message's id: the account's address */
};

G_DEFINE_FINAL_TYPE (NekoNewMail, neko_new_mail, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
tell_of_change (NekoNewMail *self,
                gboolean     was_there)
{
  if (neko_new_mail_is_there (self) != was_there)
    g_signal_emit (self, signals[CHANGED], 0);
}


static void
received_cb (NekoMailbox *mailbox,
             const char  *id,
             const char  *from,
             const char  *subject,
             NekoNewMail *self)
{
  gboolean was_there = neko_new_mail_is_there (self);

  if (g_hash_table_size (self->addresses) < LIMIT)
    g_hash_table_insert (self->addresses, g_strdup (id), g_strdup (neko_mailbox_get_address (mailbox)));

  tell_of_change (self, was_there);
}


static void
read_cb (NekoMailbox *mailbox,
         const char  *id,
         guint64      octets,
         NekoNewMail *self)
{
  gboolean was_there = neko_new_mail_is_there (self);

  g_hash_table_remove (self->addresses, id);
  tell_of_change (self, was_there);
}


static gboolean
is_of_nobody (gpointer key,
              gpointer value,
              gpointer user_data)
{
  GListModel *mailboxes = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    if (g_str_equal (neko_mailbox_get_address (mailbox), value))
      return FALSE;
  }

  return TRUE;
}


static void
mailboxes_changed_cb (NekoNewMail *self,
                      guint        position,
                      guint        removed,
                      guint        added,
                      GListModel  *mailboxes)
{
  gboolean was_there = neko_new_mail_is_there (self);

  if (removed > 0)
    g_hash_table_foreach_remove (self->addresses, is_of_nobody, mailboxes);

  for (guint i = position; i < position + added; i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    g_signal_connect_object (mailbox, "received", G_CALLBACK (received_cb), self, 0);
    g_signal_connect_object (mailbox, "read", G_CALLBACK (read_cb), self, 0);
  }

  tell_of_change (self, was_there);
}


gboolean
neko_new_mail_is_there (NekoNewMail *self)
{
  g_return_val_if_fail (NEKO_IS_NEW_MAIL (self), FALSE);

  return g_hash_table_size (self->addresses) > 0;
}


/**
 * neko_new_mail_forget:
 *
 * The user has looked: what came so far is not new any more.
 */
void
neko_new_mail_forget (NekoNewMail *self)
{
  gboolean was_there;

  g_return_if_fail (NEKO_IS_NEW_MAIL (self));

  was_there = neko_new_mail_is_there (self);
  g_hash_table_remove_all (self->addresses);
  tell_of_change (self, was_there);
}


static void
neko_new_mail_finalize (GObject *object)
{
  NekoNewMail *self = NEKO_NEW_MAIL (object);

  g_object_unref (self->service);
  g_hash_table_unref (self->addresses);

  G_OBJECT_CLASS (neko_new_mail_parent_class)->finalize (object);
}


static void
neko_new_mail_class_init (NekoNewMailClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_new_mail_finalize;

  /**
   * NekoNewMail::changed:
   *
   * There is new mail, or none any more.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_new_mail_init (NekoNewMail *self)
{
  self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}


/**
 * neko_new_mail_new:
 *
 * Returns: (transfer full): what follows the mailboxes of @service
 */
NekoNewMail *
neko_new_mail_new (NekoService *service)
{
  NekoNewMail *self = g_object_new (NEKO_TYPE_NEW_MAIL, NULL);
  GListModel *mailboxes = neko_service_get_mailboxes (service);

  self->service = g_object_ref (service);
  g_signal_connect_object (mailboxes, "items-changed", G_CALLBACK (mailboxes_changed_cb), self,
                           G_CONNECT_SWAPPED);
  mailboxes_changed_cb (self, 0, 0, g_list_model_get_n_items (mailboxes), mailboxes);

  return self;
}
