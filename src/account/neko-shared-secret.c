/* neko-shared-secret.c - the secret that the desktop keeps for this program, for all who need it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-shared-secret.h"

#include "neko-account-error.h"
#include "neko-secret-portal.h"

/**
 * NekoSharedSecret:
 *
 * Each question may become one to the user, to unlock the keyring. So there is one at a time, whose answer is for all
 * who wait; a secret that was given is kept, and after a no there is no other question before the user does
 * something that needs it, or the desktop starts its portals again.
 */
struct _NekoSharedSecret {
  GObject    parent_instance;

  GBytes    *secret;     /* (nullable): not given so far */
  GPtrArray *waiting;    /* GTask, of the question that is on its way; empty without one */
  gboolean   is_refused;
  unsigned   name_watch; /* after a no */
};

G_DEFINE_FINAL_TYPE (NekoSharedSecret, neko_shared_secret, G_TYPE_OBJECT)


static void
portal_vanished_cb (GDBusConnection *bus,
                    const char      *name,
                    gpointer         user_data)
{
  NekoSharedSecret *self = user_data;

  self->is_refused = FALSE;
}


static void
note_refusal (NekoSharedSecret *self)
{
  self->is_refused = TRUE;

  if (self->name_watch == 0)
    self->name_watch = g_bus_watch_name (G_BUS_TYPE_SESSION, NEKO_SECRET_PORTAL_NAME,
                                         G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, portal_vanished_cb, self, NULL);
}


static void
retrieved_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoSharedSecret) self = user_data;
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);
  g_autoptr (GError) error = NULL;

  /* Whoever is told may ask for more. */
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->secret = neko_secret_portal_retrieve_finish (result, &error);
  self->is_refused = FALSE;

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED))
    note_refusal (self);

  for (guint i = 0; i < waiting->len; i++) {
    if (self->secret != NULL)
      g_task_return_pointer (g_ptr_array_index (waiting, i), g_bytes_ref (self->secret),
                             (GDestroyNotify) g_bytes_unref);
    else
      g_task_return_error (g_ptr_array_index (waiting, i), g_error_copy (error));
  }
}


/**
 * neko_shared_secret_get_async:
 * @may_ask_again: whether the user wants something now for which it is needed
 * @callback: (scope async): called when it is there, which may be when the user has answered
 */
void
neko_shared_secret_get_async (NekoSharedSecret   *self,
                              gboolean            may_ask_again,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (NEKO_IS_SHARED_SECRET (self));

  g_task_set_source_tag (task, neko_shared_secret_get_async);

  if (self->secret != NULL) {
    g_task_return_pointer (task, g_bytes_ref (self->secret), (GDestroyNotify) g_bytes_unref);
    return;
  }

  if (self->waiting->len == 0 && self->is_refused && !may_ask_again) {
    g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED,
                             NEKO_SECRET_PORTAL_REFUSAL);
    return;
  }

  g_ptr_array_add (self->waiting, g_object_ref (task));

  if (self->waiting->len == 1)
    neko_secret_portal_retrieve_async (retrieved_cb, g_object_ref (self));
}


/**
 * neko_shared_secret_get_finish:
 *
 * Returns: (transfer full): as of neko_secret_portal_retrieve_finish()
 */
GBytes *
neko_shared_secret_get_finish (NekoSharedSecret *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
neko_shared_secret_dispose (GObject *object)
{
  NekoSharedSecret *self = NEKO_SHARED_SECRET (object);

  g_clear_handle_id (&self->name_watch, g_bus_unwatch_name);

  G_OBJECT_CLASS (neko_shared_secret_parent_class)->dispose (object);
}


static void
neko_shared_secret_finalize (GObject *object)
{
  NekoSharedSecret *self = NEKO_SHARED_SECRET (object);

  g_ptr_array_unref (self->waiting);
  g_clear_pointer (&self->secret, g_bytes_unref);

  G_OBJECT_CLASS (neko_shared_secret_parent_class)->finalize (object);
}


static void
neko_shared_secret_class_init (NekoSharedSecretClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_shared_secret_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_shared_secret_finalize;
}


static void
neko_shared_secret_init (NekoSharedSecret *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}


NekoSharedSecret *
neko_shared_secret_new (void)
{
  return g_object_new (NEKO_TYPE_SHARED_SECRET, NULL);
}
