/* neko-smtp-path.h - the argument of MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define NEKO_SMTP_PATH_LIMIT 254 /* octets of an address, RFC 5321 section 4.5.3.1.3 less its brackets */

/**
 * NekoSmtpPathStatus:
 * @NEKO_SMTP_PATH_FINE: an address, or the empty reverse-path
 * @NEKO_SMTP_PATH_MALFORMED: not the syntax of RFC 5321 section 4.1.2
 * @NEKO_SMTP_PATH_UTF8: an address with other characters than ASCII, in UTF-8 (RFC 6531)
 * @NEKO_SMTP_PATH_NOT_UTF8: an address with octets that are no UTF-8
 */
typedef enum {
  NEKO_SMTP_PATH_FINE,
  NEKO_SMTP_PATH_MALFORMED,
  NEKO_SMTP_PATH_UTF8,
  NEKO_SMTP_PATH_NOT_UTF8,
} NekoSmtpPathStatus;

NekoSmtpPathStatus neko_smtp_path_parse (const char  *text,
                                         const char  *keyword,
                                         char       **address,
                                         const char **parameters);

G_END_DECLS
