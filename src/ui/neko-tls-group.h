/* neko-tls-group.h - TLS, its ports and its certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_TLS_GROUP (neko_tls_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoTlsGroup, neko_tls_group, NEKO, TLS_GROUP, AdwPreferencesGroup)

void neko_tls_group_set_model (NekoTlsGroup *self,
                               NekoModel    *model);

G_END_DECLS
