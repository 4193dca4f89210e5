/* neko-sasl.h - the server side of SASL PLAIN and LOGIN
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "neko-secret.h"

G_BEGIN_DECLS

/* Octets of a line of an exchange, RFC 4954 section 4. */
#define NEKO_SASL_LINE_LIMIT 12288

/**
 * NekoSaslStatus:
 * @NEKO_SASL_CHALLENGE: send the challenge and respond with the next line
 * @NEKO_SASL_READY: user name and password are there to be checked
 * @NEKO_SASL_CANCELLED: the client gave up
 * @NEKO_SASL_MALFORMED: the client sent something else than the mechanism asks for
 * @NEKO_SASL_UNKNOWN: there is no such mechanism
 */
typedef enum {
  NEKO_SASL_CHALLENGE,
  NEKO_SASL_READY,
  NEKO_SASL_CANCELLED,
  NEKO_SASL_MALFORMED,
  NEKO_SASL_UNKNOWN,
} NekoSaslStatus;

typedef struct _NekoSasl NekoSasl;

NekoSasl      *neko_sasl_new (void) G_GNUC_WARN_UNUSED_RESULT;
void           neko_sasl_free (NekoSasl *self);
NekoSaslStatus neko_sasl_start (NekoSasl   *self,
                                const char *argument);
NekoSaslStatus neko_sasl_respond (NekoSasl   *self,
                                  const char *line);
const char    *neko_sasl_get_challenge (NekoSasl *self);
char          *neko_sasl_steal_user (NekoSasl *self) G_GNUC_WARN_UNUSED_RESULT;
NekoSecret    *neko_sasl_steal_password (NekoSasl *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoSasl, neko_sasl_free)

G_END_DECLS
