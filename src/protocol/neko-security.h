/* neko-security.h - what protects a session from whoever listens on its way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoSecurity:
 * @NEKO_SECURITY_CLEAR: clear text, and there is no certificate to begin TLS with
 * @NEKO_SECURITY_OFFERED: clear text; the client may begin TLS, and may log in without
 * @NEKO_SECURITY_REQUIRED: clear text; the client has to begin TLS before it may log in
 * @NEKO_SECURITY_TLS: the session runs inside TLS
 */
typedef enum {
  NEKO_SECURITY_CLEAR,
  NEKO_SECURITY_OFFERED,
  NEKO_SECURITY_REQUIRED,
  NEKO_SECURITY_TLS,
} NekoSecurity;

G_END_DECLS
