/* neko-remote-users.c - the users of a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-users.h"

#include "neko-json.h"
#include "neko-remote-question.h"
#include "neko-remote-users-json.h"

G_DEFINE_FINAL_TYPE (NekoRemoteUser, neko_remote_user, G_TYPE_OBJECT)


static void
neko_remote_user_finalize (GObject *object)
{
  NekoRemoteUser *self = NEKO_REMOTE_USER (object);

  g_free (self->address);
  g_strfreev (self->aliases);
  g_strfreev (self->catch_all);
  g_free (self->forward);

  G_OBJECT_CLASS (neko_remote_user_parent_class)->finalize (object);
}


static void
neko_remote_user_class_init (NekoRemoteUserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_remote_user_finalize;
}


static void
neko_remote_user_init (NekoRemoteUser *self)
{
}


static void
add_number (JsonBuilder *body,
            const char  *name,
            guint64      number)
{
  json_builder_set_member_name (body, name);
  json_builder_add_int_value (body, (gint64) number);
}


static void
add_texts (JsonBuilder       *body,
           const char        *name,
           const char *const *texts)
{
  json_builder_set_member_name (body, name);
  json_builder_begin_array (body);

  for (size_t i = 0; texts[i] != NULL; i++)
    json_builder_add_string_value (body, texts[i]);

  json_builder_end_array (body);
}


/**
 * neko_remote_users_list_async:
 *
 * Asks for all users.
 */
void
neko_remote_users_list_async (NekoRemoteClient   *client,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_users_list_async,
    .method = "GET",
    .path = "v1/users",
    .parse = neko_remote_users_parse,
    .free = g_object_unref,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_users_list_finish:
 *
 * Returns: (transfer full): a #GListStore of #NekoRemoteUser, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
GListModel *
neko_remote_users_list_finish (GAsyncResult *result,
                               GError      **error)
{
  return neko_remote_question_finish (result, error);
}


/**
 * neko_remote_users_create_async:
 * @quota: octets, 0 for what the Worker gives who does not ask
 *
 * Makes a user.
 */
void
neko_remote_users_create_async (NekoRemoteClient   *client,
                                const char         *address,
                                const char         *password,
                                gboolean            is_admin,
                                guint64             quota,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_users_create_async,
    .method = "POST",
    .path = "v1/users",
    .body = body,
    .parse = neko_remote_users_parse_one,
    .free = g_object_unref,
  };

  json_builder_begin_object (body);
  neko_json_add_text (body, "address", address);
  neko_json_add_text (body, "password", password);
  neko_json_add_text (body, "role", is_admin ? "admin" : "user");

  if (quota > 0)
    add_number (body, "quota", quota);

  json_builder_end_object (body);
  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_users_create_finish:
 *
 * Returns: (transfer full): the new user, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
NekoRemoteUser *
neko_remote_users_create_finish (GAsyncResult *result,
                                 GError      **error)
{
  return neko_remote_question_finish (result, error);
}


static void
add_change (JsonBuilder                *body,
            const NekoRemoteUserChange *change)
{
  if (change->parts & NEKO_REMOTE_USER_ROLE)
    neko_json_add_text (body, "role", change->is_admin ? "admin" : "user");

  if (change->parts & NEKO_REMOTE_USER_DISABLED) {
    json_builder_set_member_name (body, "disabled");
    json_builder_add_boolean_value (body, change->is_disabled);
  }

  if (change->parts & NEKO_REMOTE_USER_QUOTA)
    add_number (body, "quota", change->quota);

  if (change->parts & NEKO_REMOTE_USER_DAILY_LIMIT)
    add_number (body, "dailyLimit", change->daily_limit);

  if (change->parts & NEKO_REMOTE_USER_PASSWORD)
    neko_json_add_text (body, "password", change->password);

  if (change->parts & NEKO_REMOTE_USER_ALIASES)
    add_texts (body, "aliases", change->aliases);

  if (change->parts & NEKO_REMOTE_USER_CATCH_ALL)
    add_texts (body, "catchAll", change->catch_all);
}


/**
 * neko_remote_users_change_async:
 * @address: of the user, no alias
 * @change: read before this returns
 *
 * Changes all of it or nothing.
 */
void
neko_remote_users_change_async (NekoRemoteClient           *client,
                                const char                 *address,
                                const NekoRemoteUserChange *change,
                                GCancellable               *cancellable,
                                GAsyncReadyCallback         callback,
                                gpointer                    user_data)
{
  g_autofree char *path = neko_remote_question_dup_path ("v1/users/", address);
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_users_change_async,
    .method = "PATCH",
    .path = path,
    .body = body,
    .parse = neko_remote_users_parse_one,
    .free = g_object_unref,
  };

  json_builder_begin_object (body);
  add_change (body, change);
  json_builder_end_object (body);
  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_users_change_finish:
 *
 * Returns: (transfer full): the user as it is now, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
NekoRemoteUser *
neko_remote_users_change_finish (GAsyncResult *result,
                                 GError      **error)
{
  return neko_remote_question_finish (result, error);
}


/**
 * neko_remote_users_delete_async:
 * @address: of the user, no alias
 *
 * Deletes a user with all mail.
 */
void
neko_remote_users_delete_async (NekoRemoteClient   *client,
                                const char         *address,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autofree char *path = neko_remote_question_dup_path ("v1/users/", address);
  const NekoRemoteQuestion question = {
    .tag = neko_remote_users_delete_async,
    .method = "DELETE",
    .path = path,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_users_delete_finish:
 *
 * Returns: whether it was done; if not, @error is set in %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_users_delete_finish (GAsyncResult *result,
                                 GError      **error)
{
  return neko_remote_question_finish_done (result, error);
}
