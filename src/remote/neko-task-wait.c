/* neko-task-wait.c - a task that waits for what others wait for, too, until it is cancelled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-task-wait.h"

#define KEY "neko-task-wait"


static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}


/**
 * neko_task_wait_begin:
 * @cancelled: called with the task when it is cancelled, never before this returns; it has to end the
 *   wait and the task
 *
 * What is waited for goes on for the others, and so cannot be cancelled for this task.
 */
void
neko_task_wait_begin (GTask                 *task,
                      GCancellableSourceFunc cancelled)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  GSource *source;

  if (cancellable == NULL)
    return;

  source = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, source, G_SOURCE_FUNC (cancelled));
  g_object_set_data_full (G_OBJECT (task), KEY, source, destroy_source);
}


/**
 * neko_task_wait_end:
 *
 * Has to come before the task returns, however the wait ended.
 */
void
neko_task_wait_end (GTask *task)
{
  g_object_set_data (G_OBJECT (task), KEY, NULL);
}
