/* neko-directory.h - the users of a Worker, as one of its admins sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "neko-account-item.h"
#include "neko-remote-users.h"

G_BEGIN_DECLS

#define NEKO_TYPE_DIRECTORY (neko_directory_get_type ())

G_DECLARE_FINAL_TYPE (NekoDirectory, neko_directory, NEKO, DIRECTORY, GObject)

NekoDirectory     *neko_directory_new (NekoAccountItem *item) G_GNUC_WARN_UNUSED_RESULT;
void               neko_directory_close (NekoDirectory *self);
void               neko_directory_refresh (NekoDirectory *self);
NekoAccountItem   *neko_directory_get_item (NekoDirectory *self);
NekoRemoteClient  *neko_directory_get_client (NekoDirectory *self);
const char        *neko_directory_get_url (NekoDirectory *self);
const char *const *neko_directory_get_domains (NekoDirectory *self);
GListModel        *neko_directory_get_users (NekoDirectory *self);
gboolean           neko_directory_is_loaded (NekoDirectory *self);
const char        *neko_directory_get_problem (NekoDirectory *self);
NekoRemoteUser    *neko_directory_find_user (NekoDirectory *self,
                                             const char    *address);
gboolean           neko_directory_is_self (NekoDirectory  *self,
                                           NekoRemoteUser *user);
void               neko_directory_take_user (NekoDirectory  *self,
                                             NekoRemoteUser *user);
void               neko_directory_drop_user (NekoDirectory *self,
                                             const char    *address);
void               neko_directory_change_user (NekoDirectory              *self,
                                               GtkWidget                  *origin,
                                               const char                 *address,
                                               const NekoRemoteUserChange *change);
char              *neko_directory_explain (NekoDirectory *self,
                                           const GError  *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
