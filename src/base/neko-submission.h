/* neko-submission.h - one message on its way out: envelope, digest and what became of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoRecipient:
 * @address: the address of RCPT TO, without angle brackets
 * @notify: (nullable): the value of NOTIFY, RFC 3461 section 4.1
 * @original: (nullable): the value of ORCPT, RFC 3461 section 4.2, as it came
 */
typedef struct {
  char *address;
  char *notify;
  char *original;
} NekoRecipient;

/**
 * NekoSubmission:
 * @sender: the address of MAIL FROM, without angle brackets
 * @recipients: (element-type NekoRecipient): those of RCPT TO, each once
 * @ret: (nullable): the value of RET, RFC 3461 section 4.3
 * @envelope_id: (nullable): the value of ENVID, RFC 3461 section 4.4, as it came
 * @size: octets of the message
 * @sha256: SHA-256 of the message, 64 lower-case hexadecimal digits
 */
typedef struct {
  char      *sender;
  GPtrArray *recipients;
  char      *ret;
  char      *envelope_id;
  guint64    size;
  char      *sha256;
} NekoSubmission;

NekoSubmission *neko_submission_new (const char *sender) G_GNUC_WARN_UNUSED_RESULT;
void            neko_submission_free (NekoSubmission *self);
gboolean        neko_submission_has_recipient (const NekoSubmission *self,
                                               const char           *address);
gboolean        neko_submission_add_recipient (NekoSubmission *self,
                                               const char     *address,
                                               const char     *notify,
                                               const char     *original);
char           *neko_submission_dup_key (const NekoSubmission *self,
                                         const char           *account) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSubmission, neko_submission_free)

/**
 * NekoDelivery:
 * @address: the recipient
 * @is_refused: whether the message will never reach this recipient
 * @code: SMTP reply code and enhanced status code, as in "550 5.1.1"; empty where not refused
 * @reason: why, a line for people
 */
typedef struct {
  char    *address;
  gboolean is_refused;
  char    *code;
  char    *reason;
} NekoDelivery;

NekoDelivery *neko_delivery_new (const char *address,
                                 gboolean    is_refused,
                                 const char *code,
                                 const char *reason) G_GNUC_WARN_UNUSED_RESULT;
void          neko_delivery_free (NekoDelivery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoDelivery, neko_delivery_free)

G_END_DECLS
