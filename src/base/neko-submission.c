/* neko-submission.c - one message on its way out: envelope, digest and what became of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-submission.h"


static void
recipient_free (NekoRecipient *recipient)
{
  g_free (recipient->address);
  g_free (recipient->notify);
  g_free (recipient->original);
  g_free (recipient);
}


/**
 * neko_submission_new:
 * @sender: the address of MAIL FROM
 *
 * Returns: (transfer full): a submission without recipients and without a message
 */
NekoSubmission *
neko_submission_new (const char *sender)
{
  NekoSubmission *self = g_new0 (NekoSubmission, 1);

  self->sender = g_strdup (sender);
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) recipient_free);

  return self;
}


void
neko_submission_free (NekoSubmission *self)
{
  if (self == NULL)
    return;

  g_free (self->sender);
  g_ptr_array_unref (self->recipients);
  g_free (self->ret);
  g_free (self->envelope_id);
  g_free (self->sha256);
  g_free (self);
}


/**
 * neko_submission_has_recipient:
 *
 * Returns: whether @address is a recipient already; addresses are compared without case, as the Worker
 *   compares them
 */
gboolean
neko_submission_has_recipient (const NekoSubmission *self,
                               const char           *address)
{
  for (guint i = 0; i < self->recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (self->recipients, i);

    if (g_ascii_strcasecmp (recipient->address, address) == 0)
      return TRUE;
  }

  return FALSE;
}


/**
 * neko_submission_add_recipient:
 * @notify: (nullable): the value of NOTIFY
 * @original: (nullable): the value of ORCPT
 *
 * Adds a recipient unless it is there already.
 *
 * Returns: whether it was new
 */
gboolean
neko_submission_add_recipient (NekoSubmission *self,
                               const char     *address,
                               const char     *notify,
                               const char     *original)
{
  NekoRecipient *recipient;

  if (neko_submission_has_recipient (self, address))
    return FALSE;

  recipient = g_new0 (NekoRecipient, 1);
  recipient->address = g_strdup (address);
  recipient->notify = g_strdup (notify);
  recipient->original = g_strdup (original);
  g_ptr_array_add (self->recipients, recipient);

  return TRUE;
}


/* Fields are told apart by a NUL, which none of them can hold. */
static void
digest_field (GChecksum  *checksum,
              const char *value)
{
  if (value != NULL)
    g_checksum_update (checksum, (const guchar *) value, -1);

  g_checksum_update (checksum, (const guchar *) "", 1);
}


/**
 * neko_submission_dup_key:
 * @account: the account that sends
 *
 * The idempotency key: the same for the same envelope and the same bytes from the same account, so a
 * client that repeats a submission because our answer was lost does not send it twice.
 *
 * Returns: (transfer full): 64 lower-case hexadecimal digits
 */
char *
neko_submission_dup_key (const NekoSubmission *self,
                         const char           *account)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_return_val_if_fail (self->sha256 != NULL, NULL);

  digest_field (checksum, account);
  digest_field (checksum, self->sender);
  digest_field (checksum, self->ret);
  digest_field (checksum, self->envelope_id);
  digest_field (checksum, self->sha256);

  for (guint i = 0; i < self->recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (self->recipients, i);

    digest_field (checksum, recipient->address);
    digest_field (checksum, recipient->notify);
    digest_field (checksum, recipient->original);
  }

  return g_strdup (g_checksum_get_string (checksum));
}


NekoDelivery *
neko_delivery_new (const char *address,
                   gboolean    is_refused,
                   const char *code,
                   const char *reason)
{
  NekoDelivery *self = g_new0 (NekoDelivery, 1);

  self->address = g_strdup (address);
  self->is_refused = is_refused;
  self->code = g_strdup (code);
  self->reason = g_strdup (reason);

  return self;
}


void
neko_delivery_free (NekoDelivery *self)
{
  if (self == NULL)
    return;

  g_free (self->address);
  g_free (self->code);
  g_free (self->reason);
  g_free (self);
}
