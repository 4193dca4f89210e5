/* neko-keyring-request.c - one thing asked of the keyring, which may take longer than anybody waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-request.h"

/* The keyring has a cancellable of its own: a call of libsecret 0.20.5 that is cancelled while it waits for a
 * locked collection never calls back, so whoever waits here is told by us. */
struct _NekoKeyringRequest {
  gpointer       data;
  GDestroyNotify free_data;
  GCancellable  *cancellable;
  GTask         *task;      /* (nullable): nobody waits */
  GSource       *cancelled; /* (nullable) */
  unsigned       watchdog;
  gboolean       ends_when_late;
};


static void
request_clear (gpointer item)
{
  NekoKeyringRequest *self = item;

  self->free_data (self->data);
  g_object_unref (self->cancellable);
}


NekoKeyringRequest *
neko_keyring_request_ref (NekoKeyringRequest *self)
{
  return g_atomic_rc_box_acquire (self);
}


void
neko_keyring_request_unref (NekoKeyringRequest *self)
{
  g_atomic_rc_box_release_full (self, request_clear);
}


gpointer
neko_keyring_request_get_data (NekoKeyringRequest *self)
{
  return self->data;
}


/**
 * neko_keyring_request_get_cancellable:
 *
 * Returns: for all calls to the keyring; cancelled when nobody wants their outcome
 */
GCancellable *
neko_keyring_request_get_cancellable (NekoKeyringRequest *self)
{
  return self->cancellable;
}


gboolean
neko_keyring_request_is_awaited (NekoKeyringRequest *self)
{
  return self->task != NULL;
}


/**
 * neko_keyring_request_wait_longer:
 *
 * From now on it waits for a person, and so for any time.
 */
void
neko_keyring_request_wait_longer (NekoKeyringRequest *self)
{
  g_clear_handle_id (&self->watchdog, g_source_remove);
}


/**
 * neko_keyring_request_steal_task:
 *
 * Returns: (transfer full) (nullable): who waits, and is to be told now; %NULL where nobody does any more
 */
GTask *
neko_keyring_request_steal_task (NekoKeyringRequest *self)
{
  g_clear_handle_id (&self->watchdog, g_source_remove);

  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);

  g_clear_pointer (&self->cancelled, g_source_unref);

  return g_steal_pointer (&self->task);
}


/**
 * neko_keyring_request_fail:
 * @error: (transfer full): told to who waits, if anybody does
 */
void
neko_keyring_request_fail (NekoKeyringRequest *self,
                           GError             *error)
{
  g_autoptr (GTask) task = neko_keyring_request_steal_task (self);

  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
}


static gboolean
watchdog_cb (gpointer user_data)
{
  NekoKeyringRequest *self = user_data;

  self->watchdog = 0;

  if (self->ends_when_late)
    g_cancellable_cancel (self->cancellable);

  neko_keyring_request_fail (self, g_error_new_literal (NEKO_ACCOUNT_ERROR,
                                                        NEKO_ACCOUNT_ERROR_KEYRING_SLOW,
                                                        "The keyring does not answer"));

  return G_SOURCE_REMOVE;
}


static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  NekoKeyringRequest *self = user_data;

  g_cancellable_cancel (self->cancellable);
  neko_keyring_request_fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                        "Nobody waits for the keyring any more"));

  return G_SOURCE_REMOVE;
}


/**
 * neko_keyring_request_wait:
 * @task: (transfer full): told of the outcome, or that it is late, or cancelled
 * @seconds: after which it is late
 * @ends_when_late: whether its outcome is of no use then
 *
 * There must be nobody yet who waits.
 */
void
neko_keyring_request_wait (NekoKeyringRequest *self,
                           GTask              *task,
                           unsigned            seconds,
                           gboolean            ends_when_late)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_return_if_fail (self->task == NULL);

  self->task = task;
  self->ends_when_late = ends_when_late;
  self->watchdog = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, seconds, watchdog_cb,
                                               neko_keyring_request_ref (self),
                                               (GDestroyNotify) neko_keyring_request_unref);

  if (cancellable == NULL)
    return;

  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), neko_keyring_request_ref (self),
                         (GDestroyNotify) neko_keyring_request_unref);
  g_source_attach (self->cancelled, NULL);
}


NekoKeyringRequest *
neko_keyring_request_new (gpointer       data,
                          GDestroyNotify free_data)
{
  NekoKeyringRequest *self = g_atomic_rc_box_new0 (NekoKeyringRequest);

  self->data = data;
  self->free_data = free_data;
  self->cancellable = g_cancellable_new ();

  return self;
}
