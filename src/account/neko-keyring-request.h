/* neko-keyring-request.h - one thing asked of the keyring, which may take longer than anybody waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-account-error.h"

G_BEGIN_DECLS

/* Reference counted: whoever waits for the keyring has one. */
typedef struct _NekoKeyringRequest NekoKeyringRequest;

NekoKeyringRequest *neko_keyring_request_new (gpointer       data,
                                              GDestroyNotify free_data) G_GNUC_WARN_UNUSED_RESULT;
NekoKeyringRequest *neko_keyring_request_ref (NekoKeyringRequest *self) G_GNUC_WARN_UNUSED_RESULT;
void                neko_keyring_request_unref (NekoKeyringRequest *self);
gpointer            neko_keyring_request_get_data (NekoKeyringRequest *self);
GCancellable       *neko_keyring_request_get_cancellable (NekoKeyringRequest *self);
gboolean            neko_keyring_request_is_awaited (NekoKeyringRequest *self);
void                neko_keyring_request_wait (NekoKeyringRequest *self,
                                               GTask              *task,
                                               unsigned            seconds,
                                               gboolean            ends_when_late);
void                neko_keyring_request_wait_longer (NekoKeyringRequest *self);
GTask              *neko_keyring_request_steal_task (NekoKeyringRequest *self) G_GNUC_WARN_UNUSED_RESULT;
void                neko_keyring_request_fail (NekoKeyringRequest *self,
                                               GError             *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoKeyringRequest, neko_keyring_request_unref)

G_END_DECLS
