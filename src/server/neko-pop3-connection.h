/* neko-pop3-connection.h - a POP3 session on a socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-connection.h"

G_BEGIN_DECLS

#define NEKO_TYPE_POP3_CONNECTION (neko_pop3_connection_get_type ())

G_DECLARE_FINAL_TYPE (NekoPop3Connection, neko_pop3_connection, NEKO, POP3_CONNECTION, NekoConnection)

G_END_DECLS
