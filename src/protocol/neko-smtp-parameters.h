/* neko-smtp-parameters.h - what stands behind the path in MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define NEKO_SMTP_ENVELOPE_ID_LIMIT 100 /* characters of an ENVID, RFC 3461 section 4.4 */
#define NEKO_SMTP_ORIGINAL_LIMIT 500    /* characters of an ORCPT, RFC 3461 section 4.2 */

/**
 * NekoSmtpParameters:
 * @max_size: the largest message that may be sent; set by the caller
 * @too_large: the reply to a larger one; set by the caller
 * @is_utf8: whether SMTPUTF8 was given, RFC 6531 section 3.4; for RCPT set by the caller
 * @ret: (nullable): the value of RET in capitals
 * @envelope_id: (nullable): the value of ENVID, in xtext as it came
 * @notify: (nullable): the value of NOTIFY in capitals
 * @original: (nullable): the value of ORCPT, in xtext as it came
 *
 * xtext stays as it is: whoever writes a report decodes it.
 */
typedef struct {
  guint64     max_size;
  const char *too_large;
  gboolean    is_utf8;
  char       *ret;
  char       *envelope_id;
  char       *notify;
  char       *original;
} NekoSmtpParameters;

const char *neko_smtp_parameters_parse_mail (NekoSmtpParameters *self,
                                             const char         *text);
const char *neko_smtp_parameters_parse_recipient (NekoSmtpParameters *self,
                                                  const char         *text);
void        neko_smtp_parameters_clear (NekoSmtpParameters *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NekoSmtpParameters, neko_smtp_parameters_clear)

G_END_DECLS
