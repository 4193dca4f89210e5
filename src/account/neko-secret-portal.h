/* neko-secret-portal.h - asks the desktop for the secret of this program, from inside a sandbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_SECRET_PORTAL_NAME "org.freedesktop.portal.Desktop"

/* Not every desktop tells that the user said no from having no keyring. */
#define NEKO_SECRET_PORTAL_REFUSAL "The keyring stays locked, or the desktop has none"

void    neko_secret_portal_retrieve_async (GAsyncReadyCallback callback,
                                           gpointer            user_data);
GBytes *neko_secret_portal_retrieve_finish (GAsyncResult *result,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
