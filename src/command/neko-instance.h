/* neko-instance.h - the Neko Mail that runs, seen from a command
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command.h"
#include "neko-control-bus.h"

G_BEGIN_DECLS

NekoControl *neko_instance_find (GError **error) G_GNUC_WARN_UNUSED_RESULT;
GVariant    *neko_instance_call (NekoControl *instance,
                                 const char  *method,
                                 GVariant    *arguments,
                                 GError     **error) G_GNUC_WARN_UNUSED_RESULT;
GVariant    *neko_instance_get_status (NekoControl *instance,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
