/* neko-remote-users.h - the users of a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

#define NEKO_REMOTE_QUOTA_MAX (G_GUINT64_CONSTANT (10) * 1024 * 1024 * 1024) /* octets */
#define NEKO_REMOTE_DAILY_LIMIT_MAX 100000
#define NEKO_REMOTE_ALIASES_MAX 100

#define NEKO_TYPE_REMOTE_USER (neko_remote_user_get_type ())

G_DECLARE_FINAL_TYPE (NekoRemoteUser, neko_remote_user, NEKO, REMOTE_USER, GObject)

/* An object so that a GListModel can hold it. It never changes; a change gives another one. */
struct _NekoRemoteUser {
  GObject  parent_instance;

  char    *address;
  GStrv    aliases;
  GStrv    catch_all;      /* domains whose unknown addresses lead to the user */
  gboolean is_admin;
  gboolean is_disabled;
  guint64  messages;
  guint64  size;           /* of all of them, octets */
  guint64  quota;          /* octets */
  guint64  daily_limit;    /* of recipients; 0 lets the user read and not write */
  gint64   created;        /* seconds since 1970, as all times */
  gint64   last_received;  /* 0 for never */
  gint64   full_since;     /* since when mail is refused, 0 where there is room */
  char    *forward;        /* (nullable): where the user's mail goes on to */
  gboolean forward_keeps;  /* and is kept here too */
  gint64   forward_failed; /* 0 where all went well */
};

/* What is to change of a user. */
typedef enum {
  NEKO_REMOTE_USER_ROLE        = 1 << 0,
  NEKO_REMOTE_USER_DISABLED    = 1 << 1,
  NEKO_REMOTE_USER_QUOTA       = 1 << 2,
  NEKO_REMOTE_USER_DAILY_LIMIT = 1 << 3,
  NEKO_REMOTE_USER_PASSWORD    = 1 << 4,
  NEKO_REMOTE_USER_ALIASES     = 1 << 5,
  NEKO_REMOTE_USER_CATCH_ALL   = 1 << 6,
} NekoRemoteUserParts;

/* To what; of members that @parts does not name nothing is read. */
typedef struct {
  NekoRemoteUserParts parts;
  gboolean            is_admin;
  gboolean            is_disabled;
  guint64             quota;
  guint64             daily_limit;
  const char         *password;
  const char *const  *aliases;   /* all that the user is to have */
  const char *const  *catch_all; /* the same */
} NekoRemoteUserChange;

void            neko_remote_users_list_async (NekoRemoteClient   *client,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
GListModel     *neko_remote_users_list_finish (GAsyncResult *result,
                                               GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void            neko_remote_users_create_async (NekoRemoteClient   *client,
                                                const char         *address,
                                                const char         *password,
                                                gboolean            is_admin,
                                                guint64             quota,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
NekoRemoteUser *neko_remote_users_create_finish (GAsyncResult *result,
                                                 GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void            neko_remote_users_change_async (NekoRemoteClient           *client,
                                                const char                 *address,
                                                const NekoRemoteUserChange *change,
                                                GCancellable               *cancellable,
                                                GAsyncReadyCallback         callback,
                                                gpointer                    user_data);
NekoRemoteUser *neko_remote_users_change_finish (GAsyncResult *result,
                                                 GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void            neko_remote_users_delete_async (NekoRemoteClient   *client,
                                                const char         *address,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
gboolean        neko_remote_users_delete_finish (GAsyncResult *result,
                                                 GError      **error);

G_END_DECLS
