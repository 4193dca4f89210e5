/* neko-server-plan.h - what the settings mean for the two servers together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-certificate.h"
#include "neko-server.h"
#include "neko-service-settings.h"

G_BEGIN_DECLS

typedef struct _NekoServerPlan NekoServerPlan;

NekoServerPlan           *neko_server_plan_new (NekoServiceSettings *settings,
                                                NekoCertificate     *certificate) G_GNUC_WARN_UNUSED_RESULT;
void                      neko_server_plan_free (NekoServerPlan *self);
const NekoServerSettings *neko_server_plan_get_pop3 (const NekoServerPlan *self);
const NekoServerSettings *neko_server_plan_get_smtp (const NekoServerPlan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoServerPlan, neko_server_plan_free)

G_END_DECLS
