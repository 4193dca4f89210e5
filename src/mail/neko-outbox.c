/* neko-outbox.c - where mail is sent from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-outbox.h"

G_DEFINE_INTERFACE (NekoOutbox, neko_outbox, G_TYPE_OBJECT)


static void
neko_outbox_default_init (NekoOutboxInterface *iface)
{
}


/**
 * neko_outbox_get_max_size:
 *
 * Returns: the largest message that can be sent, in octets; what SIZE announces, RFC 1870
 */
guint64
neko_outbox_get_max_size (NekoOutbox *self)
{
  g_return_val_if_fail (NEKO_IS_OUTBOX (self), 0);

  return NEKO_OUTBOX_GET_IFACE (self)->get_max_size (self);
}


/**
 * neko_outbox_may_send_as:
 * @address: an envelope sender
 *
 * An early answer for MAIL FROM. The Worker has the last word: where it could not be asked yet, this
 * is %TRUE.
 *
 * Returns: %FALSE where the address is known not to be the account's
 */
gboolean
neko_outbox_may_send_as (NekoOutbox *self,
                         const char *address)
{
  g_return_val_if_fail (NEKO_IS_OUTBOX (self), FALSE);

  return NEKO_OUTBOX_GET_IFACE (self)->may_send_as (self, address);
}


/**
 * neko_outbox_submit_async:
 * @submission: envelope, size and digest; must stay until the callback
 * @message: the message's octets, exactly as many as the submission says. It must be seekable: where
 *   an answer is lost it is sent again from its beginning, under the same idempotency key
 *
 * Hands a message over.
 */
void
neko_outbox_submit_async (NekoOutbox           *self,
                          const NekoSubmission *submission,
                          GInputStream         *message,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data)
{
  g_return_if_fail (NEKO_IS_OUTBOX (self));
  g_return_if_fail (G_IS_SEEKABLE (message));

  NEKO_OUTBOX_GET_IFACE (self)->submit_async (self, submission, message, cancellable, callback,
                                              user_data);
}


/**
 * neko_outbox_submit_finish:
 *
 * Returns: (transfer full) (element-type NekoDelivery): one for each recipient, once the Worker holds
 *   the message durably and has taken over its delivery; or %NULL with @error set in %NEKO_MAIL_ERROR
 */
GPtrArray *
neko_outbox_submit_finish (NekoOutbox   *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return NEKO_OUTBOX_GET_IFACE (self)->submit_finish (self, result, error);
}
