/* neko-self-signed.h - makes a certificate that its own key signs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-secret.h"

G_BEGIN_DECLS

#define NEKO_SELF_SIGNED_SUBJECT "CN=Neko Mail on this computer"
#define NEKO_SELF_SIGNED_DAYS 3650

NekoSecret *neko_self_signed_make (const char        *key,
                                   const char *const *names,
                                   gint64             now,
                                   GError           **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    neko_self_signed_has_key (const char *pem);

G_END_DECLS
