/* neko-smtp-connection.h - a SMTP session on a socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-connection.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SMTP_CONNECTION (neko_smtp_connection_get_type ())

G_DECLARE_FINAL_TYPE (NekoSmtpConnection, neko_smtp_connection, NEKO, SMTP_CONNECTION, NekoConnection)

G_END_DECLS
