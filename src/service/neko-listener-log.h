/* neko-listener-log.h - what becomes of the ports, for the log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-server.h"

G_BEGIN_DECLS

void neko_listener_log_follow (NekoServer *server);

G_END_DECLS
