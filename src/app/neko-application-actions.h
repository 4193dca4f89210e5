/* neko-application-actions.h - what the tray, notifications and the desktop can ask of the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-application.h"
#include "neko-service.h"

G_BEGIN_DECLS

void neko_application_actions_add (NekoApplication *application,
                                   NekoService     *service);

G_END_DECLS
