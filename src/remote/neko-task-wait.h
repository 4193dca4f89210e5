/* neko-task-wait.h - a task that waits for what others wait for, too, until it is cancelled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void neko_task_wait_begin (GTask                 *task,
                           GCancellableSourceFunc cancelled);
void neko_task_wait_end (GTask *task);

G_END_DECLS
