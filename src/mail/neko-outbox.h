/* neko-outbox.h - where mail is sent from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-mail-error.h"
#include "neko-submission.h"

G_BEGIN_DECLS

#define NEKO_TYPE_OUTBOX (neko_outbox_get_type ())

G_DECLARE_INTERFACE (NekoOutbox, neko_outbox, NEKO, OUTBOX, GObject)

struct _NekoOutboxInterface {
  GTypeInterface parent_interface;

  guint64        (*get_max_size)  (NekoOutbox *self);
  gboolean       (*may_send_as)   (NekoOutbox *self,
                                   const char *address);
  void           (*submit_async)  (NekoOutbox           *self,
                                   const NekoSubmission *submission,
                                   GInputStream         *message,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
  GPtrArray *(*submit_finish) (NekoOutbox   *self,
                               GAsyncResult *result,
                               GError      **error);
};

guint64    neko_outbox_get_max_size (NekoOutbox *self);
gboolean   neko_outbox_may_send_as (NekoOutbox *self,
                                    const char *address);
void       neko_outbox_submit_async (NekoOutbox           *self,
                                     const NekoSubmission *submission,
                                     GInputStream         *message,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
GPtrArray *neko_outbox_submit_finish (NekoOutbox   *self,
                                      GAsyncResult *result,
                                      GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
