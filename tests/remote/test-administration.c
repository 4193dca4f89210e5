/* test-administration.c - what the window asks a Worker for a user and for an admin
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-remote-audit.h"
#include "neko-remote-devices.h"
#include "neko-remote-diagnostics.h"
#include "neko-remote-error.h"
#include "neko-remote-invites.h"
#include "neko-remote-me.h"
#include "neko-remote-registration.h"
#include "neko-remote-users.h"
#include "worker-double.h"

#define TOKEN "nm1.token"
#define PROBLEM(code, more) "{\"error\":{\"code\":\"" code "\",\"message\":\"No\"" more "}}"
#define NOT_ADMIN PROBLEM ("forbidden", ",\"reason\":\"not_admin\"")
#define USER "{\"address\":\"bob@neko.test\",\"aliases\":[\"b@neko.test\",\"c@neko.test\"]," \
  "\"catchAll\":[\"shop.test\"],\"role\":\"admin\",\"disabled\":true," \
  "\"quota\":1073741824,\"dailyLimit\":500,\"messages\":2,\"size\":5120," \
  "\"created\":1700000000000,\"lastReceived\":1700000001999,\"fullSince\":null," \
  "\"forward\":{\"address\":\"b@else.test\",\"keep\":true},\"forwardFailed\":1700000002000}"
#define USER_SUMMARY "bob@neko.test b@neko.test,c@neko.test shop.test admin disabled 1073741824 500 2 5120 " \
  "1700000000 1700000001 0 b@else.test keep 1700000002"
#define INVITE "\"id\":\"i1\",\"note\":\"for\\nBob\",\"created\":1000,\"createdBy\":\"a@neko.test\"," \
  "\"expires\":604801000"

typedef struct {
  const char *name;
  const char *asked;
  unsigned    status;
  const char *answer;    /* (nullable): it is 204 and nothing */
  const char *summary;   /* of what is returned */
  void (*start)(NekoRemoteClient   *client,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data);
  char *(*finish)(GAsyncResult *result,
                  GError      **error);
} Operation;


static char *
done (gboolean is_done)
{
  return is_done ? g_strdup ("done") : NULL;
}


static const char *
text_or (const char *text,
         const char *otherwise)
{
  return text != NULL ? text : otherwise;
}


static char *
finish_me (GAsyncResult *result,
           GError      **error)
{
  g_autoptr (NekoProfile) me = neko_remote_me_finish (result, error);

  if (me == NULL)
    return NULL;

  return g_strdup_printf ("%s %s %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                          " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                          " %" G_GUINT64_FORMAT " %s %s %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT,
                          me->address, me->is_admin ? "admin" : "user",
                          me->is_disabled ? "disabled" : "enabled", me->messages, me->size, me->quota,
                          me->max_message_size, me->max_recipients, me->daily_limit,
                          me->recipients_today, text_or (me->forward, "-"),
                          me->forward_keeps ? "keep" : "move", me->forward_failed,
                          me->retention_days);
}


static void
start_password (NekoRemoteClient   *client,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data)
{
  neko_remote_me_change_password_async (client, "old", "new and long", cancellable, callback,
                                        user_data);
}


static char *
finish_password (GAsyncResult *result,
                 GError      **error)
{
  return done (neko_remote_me_change_password_finish (result, error));
}


static char *
finish_devices (GAsyncResult *result,
                GError      **error)
{
  g_autoptr (GPtrArray) devices = neko_remote_devices_list_finish (result, error);
  GString *summary = devices != NULL ? g_string_new (NULL) : NULL;

  for (guint i = 0; devices != NULL && i < devices->len; i++) {
    const NekoRemoteDevice *device = g_ptr_array_index (devices, i);

    g_string_append_printf (summary, "%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s;", device->id,
                            device->name, device->created, device->last_used,
                            device->is_current ? "current" : "other");
  }

  return summary != NULL ? g_string_free (summary, FALSE) : NULL;
}


static void
start_revoke (NekoRemoteClient   *client,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  neko_remote_devices_revoke_async (client, "a/b?", cancellable, callback, user_data);
}


static char *
finish_revoke (GAsyncResult *result,
               GError      **error)
{
  return done (neko_remote_devices_revoke_finish (result, error));
}


static char *
summary_of_user (NekoRemoteUser *user)
{
  g_autofree char *aliases = g_strjoinv (",", user->aliases);
  g_autofree char *catch_all = g_strjoinv (",", user->catch_all);

  return g_strdup_printf ("%s %s %s %s %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                          " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %s %s %" G_GINT64_FORMAT, user->address, aliases,
                          catch_all, user->is_admin ? "admin" : "user",
                          user->is_disabled ? "disabled" : "enabled", user->quota, user->daily_limit,
                          user->messages, user->size, user->created, user->last_received,
                          user->full_since, text_or (user->forward, "-"),
                          user->forward_keeps ? "keep" : "move", user->forward_failed);
}


static char *
finish_users (GAsyncResult *result,
              GError      **error)
{
  g_autoptr (GListModel) users = neko_remote_users_list_finish (result, error);
  g_autoptr (NekoRemoteUser) first = NULL;

  if (users == NULL)
    return NULL;

  g_assert_cmpuint (g_list_model_get_n_items (users), ==, 2);
  g_assert_true (g_list_model_get_item_type (users) == NEKO_TYPE_REMOTE_USER);
  first = g_list_model_get_item (users, 0);

  return summary_of_user (first);
}


static void
start_create (NekoRemoteClient   *client,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  neko_remote_users_create_async (client, "bob@neko.test", "long enough", TRUE, 5000, cancellable,
                                  callback, user_data);
}


static void
start_create_plain (NekoRemoteClient   *client,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  neko_remote_users_create_async (client, "bob@neko.test", "long enough", FALSE, 0, cancellable,
                                  callback, user_data);
}


static char *
finish_create (GAsyncResult *result,
               GError      **error)
{
  g_autoptr (NekoRemoteUser) user = neko_remote_users_create_finish (result, error);

  return user != NULL ? summary_of_user (user) : NULL;
}


static void
start_change (NekoRemoteClient   *client,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  static const char *const aliases[] = { "b@neko.test", "c@neko.test", NULL };
  static const char *const catch_all[] = { NULL };
  const NekoRemoteUserChange change = {
    .parts = NEKO_REMOTE_USER_ROLE | NEKO_REMOTE_USER_DISABLED | NEKO_REMOTE_USER_QUOTA |
             NEKO_REMOTE_USER_DAILY_LIMIT | NEKO_REMOTE_USER_PASSWORD | NEKO_REMOTE_USER_ALIASES |
             NEKO_REMOTE_USER_CATCH_ALL,
    .is_admin = TRUE,
    .is_disabled = TRUE,
    .quota = NEKO_REMOTE_QUOTA_MAX,
    .daily_limit = 0,
    .password = "long enough",
    .aliases = aliases,
    .catch_all = catch_all,
  };

  neko_remote_users_change_async (client, "b/ob@neko.test", &change, cancellable, callback, user_data);
}


static void
start_disable (NekoRemoteClient   *client,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  const NekoRemoteUserChange change = { .parts = NEKO_REMOTE_USER_DISABLED };

  neko_remote_users_change_async (client, "bob@neko.test", &change, cancellable, callback, user_data);
}


static char *
finish_change (GAsyncResult *result,
               GError      **error)
{
  g_autoptr (NekoRemoteUser) user = neko_remote_users_change_finish (result, error);

  return user != NULL ? summary_of_user (user) : NULL;
}


static void
start_delete (NekoRemoteClient   *client,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  neko_remote_users_delete_async (client, "bob@neko.test", cancellable, callback, user_data);
}


static char *
finish_delete (GAsyncResult *result,
               GError      **error)
{
  return done (neko_remote_users_delete_finish (result, error));
}


static char *
summary_of_invite (const NekoRemoteInvite *invite)
{
  return g_strdup_printf ("%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", invite->id,
                          invite->note, invite->created_by, invite->created, invite->expires,
                          text_or (invite->code, "-"));
}


static char *
finish_invites (GAsyncResult *result,
                GError      **error)
{
  g_autoptr (GPtrArray) invites = neko_remote_invites_list_finish (result, error);

  if (invites == NULL)
    return NULL;

  g_assert_cmpuint (invites->len, ==, 1);

  return summary_of_invite (g_ptr_array_index (invites, 0));
}


static void
start_invite (NekoRemoteClient   *client,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  neko_remote_invites_create_async (client, "for Bob", NEKO_REMOTE_INVITE_DAYS_MAX, cancellable,
                                    callback, user_data);
}


static char *
finish_invite (GAsyncResult *result,
               GError      **error)
{
  g_autoptr (NekoRemoteInvite) invite = neko_remote_invites_create_finish (result, error);

  return invite != NULL ? summary_of_invite (invite) : NULL;
}


static void
start_uninvite (NekoRemoteClient   *client,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data)
{
  neko_remote_invites_delete_async (client, "i1", cancellable, callback, user_data);
}


static char *
finish_uninvite (GAsyncResult *result,
                 GError      **error)
{
  return done (neko_remote_invites_delete_finish (result, error));
}


static char *
finish_registration (GAsyncResult *result,
                     GError      **error)
{
  NekoRemoteRegistration registration = NEKO_REMOTE_REGISTRATION_CLOSED;

  return neko_remote_registration_get_finish (result, &registration, error)
         ? g_strdup (neko_remote_registration_to_text (registration)) : NULL;
}


static void
start_open (NekoRemoteClient   *client,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  neko_remote_registration_set_async (client, NEKO_REMOTE_REGISTRATION_INVITE, cancellable, callback,
                                      user_data);
}


static char *
finish_open (GAsyncResult *result,
             GError      **error)
{
  return done (neko_remote_registration_set_finish (result, error));
}


static char *
finish_diagnostics (GAsyncResult *result,
                    GError      **error)
{
  g_autoptr (GPtrArray) checks = neko_remote_diagnostics_finish (result, error);
  GString *summary = checks != NULL ? g_string_new (NULL) : NULL;

  for (guint i = 0; checks != NULL && i < checks->len; i++) {
    const NekoRemoteCheck *check = g_ptr_array_index (checks, i);

    g_string_append_printf (summary, "%s %s %s %s %s;", check->check, text_or (check->domain, "-"),
                            check->is_ok ? "ok" : "bad", check->finding, text_or (check->remedy, "-"));
  }

  return summary != NULL ? g_string_free (summary, FALSE) : NULL;
}


static void
start_audit (NekoRemoteClient   *client,
             GCancellable       *cancellable,
             GAsyncReadyCallback callback,
             gpointer            user_data)
{
  neko_remote_audit_list_async (client, 0, cancellable, callback, user_data);
}


static void
start_more_audit (NekoRemoteClient   *client,
                  GCancellable       *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  neko_remote_audit_list_async (client, 12, cancellable, callback, user_data);
}


static char *
finish_audit (GAsyncResult *result,
              GError      **error)
{
  g_autoptr (GPtrArray) entries = neko_remote_audit_list_finish (result, error);
  GString *summary = entries != NULL ? g_string_new (NULL) : NULL;

  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const NekoRemoteAuditEntry *entry = g_ptr_array_index (entries, i);
    g_autofree char *details = g_strjoinv (",", entry->details);

    g_string_append_printf (summary, "%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %s %s %s %s;",
                            entry->number, entry->time, entry->actor, entry->action, entry->subject,
                            details);
  }

  return summary != NULL ? g_string_free (summary, FALSE) : NULL;
}


static const Operation operations[] = {
  { "me", "GET /v1/me", 200,
    "{\"address\":\"a@neko.test\",\"role\":\"admin\",\"disabled\":false,\"messages\":2,\"size\":5120,"
    "\"quota\":1000000,\"limits\":{\"maxMessageSize\":26214400,\"maxRecipients\":50,\"dailyLimit\":500},"
    "\"forward\":{\"address\":\"a@else.test\",\"keep\":true},\"forwardFailed\":5000,"
    "\"retentionDays\":30,\"recipientsToday\":3}",
    "a@neko.test admin enabled 2 5120 1000000 26214400 50 500 3 a@else.test keep 5 30",
    neko_remote_me_async, finish_me },
  { "me/bare", "GET /v1/me", 200,
    "{\"address\":\"a@neko.test\",\"forward\":null,\"retentionDays\":null,\"limits\":7}",
    "a@neko.test user enabled 0 0 0 0 0 0 0 - move 0 0", neko_remote_me_async, finish_me },
  { "me/password", "PUT /v1/me/password {\"oldPassword\":\"old\",\"newPassword\":\"new and long\"}",
    204, NULL, "done", start_password, finish_password },
  { "devices", "GET /v1/tokens", 200,
    "{\"tokens\":[{\"id\":\"1\",\"device\":\"lap\\u0007top\",\"created\":1000,\"lastUsed\":2999,"
    "\"current\":true},{\"id\":\"2\",\"device\":\"phone\",\"created\":3000,\"lastUsed\":4000,"
    "\"current\":false}]}", "1 lap?top 1 2 current;2 phone 3 4 other;", neko_remote_devices_list_async,
    finish_devices },
  { "devices/revoke", "DELETE /v1/tokens/a%2Fb%3F", 204, NULL, "done", start_revoke, finish_revoke },
  { "users", "GET /v1/users", 200,
    "{\"users\":[" USER ",{\"address\":\"eve@neko.test\",\"role\":\"user\"}]}", USER_SUMMARY,
    neko_remote_users_list_async, finish_users },
  { "users/create",
    "POST /v1/users {\"address\":\"bob@neko.test\",\"password\":\"long enough\",\"role\":\"admin\","
    "\"quota\":5000}", 201, USER, USER_SUMMARY, start_create, finish_create },
  { "users/create/plain",
    "POST /v1/users {\"address\":\"bob@neko.test\",\"password\":\"long enough\",\"role\":\"user\"}",
    201, USER, USER_SUMMARY, start_create_plain, finish_create },
  { "users/change",
    "PATCH /v1/users/b%2Fob%40neko.test {\"role\":\"admin\",\"disabled\":true,\"quota\":10737418240,"
    "\"dailyLimit\":0,\"password\":\"long enough\",\"aliases\":[\"b@neko.test\",\"c@neko.test\"],"
    "\"catchAll\":[]}", 200, USER, USER_SUMMARY, start_change, finish_change },
  { "users/enable", "PATCH /v1/users/bob%40neko.test {\"disabled\":false}", 200, USER, USER_SUMMARY,
    start_disable, finish_change },
  { "users/delete", "DELETE /v1/users/bob%40neko.test", 204, NULL, "done", start_delete,
    finish_delete },
  { "invites", "GET /v1/invites", 200, "{\"invites\":[{" INVITE "}]}",
    "i1 for?Bob a@neko.test 1 604801 -", neko_remote_invites_list_async, finish_invites },
  { "invites/create", "POST /v1/invites {\"note\":\"for Bob\",\"lifetime\":7776000000}", 201,
    "{" INVITE ",\"code\":\"secret\"}", "i1 for?Bob a@neko.test 1 604801 secret", start_invite,
    finish_invite },
  { "invites/delete", "DELETE /v1/invites/i1", 204, NULL, "done", start_uninvite, finish_uninvite },
  { "registration", "GET /v1/settings", 200, "{\"registration\":\"open\"}", "open",
    neko_remote_registration_get_async, finish_registration },
  { "registration/set", "PATCH /v1/settings {\"registration\":\"invite\"}", 200,
    "{\"registration\":\"invite\"}", "done", start_open, finish_open },
  { "diagnostics", "GET /v1/diagnostics", 200,
    "{\"checks\":[{\"check\":\"storage\",\"domain\":null,\"ok\":true,\"finding\":\"Well.\","
    "\"remedy\":null},{\"check\":\"mx\",\"domain\":\"neko.test\",\"ok\":false,\"finding\":\"None.\","
    "\"remedy\":\"Add one.\"}]}", "storage - ok Well. -;mx neko.test bad None. Add one.;",
    neko_remote_diagnostics_async, finish_diagnostics },
  { "audit", "GET /v1/audit", 200,
    "{\"entries\":[{\"number\":12,\"time\":5000,\"actor\":\"a@neko.test\",\"action\":\"user_changed\","
    "\"subject\":\"bob@neko.test\",\"details\":{\"quota\":1,\"password\":\"changed\"}},"
    "{\"number\":11,\"time\":4000,\"actor\":\"a@neko.test\",\"action\":\"invite_deleted\","
    "\"subject\":\"i1\",\"details\":7}]}",
    "12 5 a@neko.test user_changed bob@neko.test quota,password;11 4 a@neko.test invite_deleted i1 ;",
    start_audit, finish_audit },
  { "audit/more", "GET /v1/audit?before=12", 200, "{\"entries\":[]}", "", start_more_audit,
    finish_audit },
};

/* Why something fails that is no matter of what is asked. */
static const struct {
  unsigned    status;
  const char *answer;
  gboolean    is_mail; /* the error's domain is NEKO_MAIL_ERROR */
  int         code;
} failures[] = {
  { 400, PROBLEM ("invalid_request", ""), FALSE, NEKO_REMOTE_ERROR_INVALID },
  { 401, PROBLEM ("unauthorized", ""), TRUE, NEKO_MAIL_ERROR_SIGN_IN },
  { 403, PROBLEM ("forbidden", ""), TRUE, NEKO_MAIL_ERROR_DISABLED },
  { 403, NOT_ADMIN, FALSE, NEKO_REMOTE_ERROR_NOT_ADMIN },
  { 403, "<html>", FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { 404, PROBLEM ("not_found", ""), FALSE, NEKO_REMOTE_ERROR_NO_SUCH },
  { 409, PROBLEM ("conflict", ",\"reason\":\"last_admin\""), FALSE, NEKO_REMOTE_ERROR_LAST_ADMIN },
  { 409, PROBLEM ("conflict", ""), TRUE, NEKO_MAIL_ERROR_REFUSED },
  { 429, PROBLEM ("rate_limited", ",\"retryAfter\":900"), TRUE, NEKO_MAIL_ERROR_THROTTLED },
  { 500, "<html>", TRUE, NEKO_MAIL_ERROR_UNAVAILABLE },
  { 503, PROBLEM ("unavailable", ""), TRUE, NEKO_MAIL_ERROR_UNAVAILABLE },
};

/* No answer to any of the questions but those that ask whether it was done. */
static const char *const malformed[] = {
  "", "[]", "{", "{}", "<html>",
  "{\"address\":7,\"tokens\":7,\"users\":{},\"invites\":\"\",\"registration\":1,\"checks\":null,\"entries\":7}",
  "{\"tokens\":[7],\"users\":[7],\"invites\":[7],\"checks\":[7],\"entries\":[7]}",
  "{\"tokens\":[{}],\"users\":[{}],\"invites\":[{}],\"checks\":[{}],\"entries\":[{}]}",
  "{\"tokens\":[{\"id\":\"1\"}],\"users\":[" USER ",{\"address\":\"a@neko.test\"}],"
  "\"invites\":[{\"id\":\"1\"}],\"checks\":[{\"check\":\"mx\"}],\"entries\":[{\"number\":1}]}",
};


static NekoRemoteClient *
client_of (WorkerDouble *worker)
{
  NekoRemoteClient *client = neko_remote_client_new (worker->url, NULL);

  neko_remote_client_set_token (client, TOKEN);

  return client;
}


static char *
run (const Operation *operation,
     WorkerDouble    *worker,
     gboolean         is_cancelled,
     GError         **error)
{
  g_autoptr (NekoRemoteClient) client = client_of (worker);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  operation->start (client, cancellable, worker_double_done_cb, &pending);

  if (is_cancelled)
    g_cancellable_cancel (cancellable);

  result = worker_double_wait (&pending);

  return operation->finish (result, error);
}


static void
test_done (gconstpointer user_data)
{
  const Operation *operation = user_data;
  g_autoptr (WorkerDouble) worker = worker_double_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = NULL;

  worker->status = operation->status;
  worker->answer = operation->answer;
  summary = run (operation, worker, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (summary, ==, operation->summary);
  g_assert_cmpstr (worker->asked, ==, operation->asked);
  g_assert_cmpstr (worker->token, ==, "Bearer " TOKEN);
}


static void
test_fails (gconstpointer user_data)
{
  const Operation *operation = user_data;
  g_autoptr (WorkerDouble) worker = worker_double_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (failures); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *summary = NULL;
    GQuark domain = failures[i].is_mail ? NEKO_MAIL_ERROR : NEKO_REMOTE_ERROR;

    g_test_message ("%u %s", failures[i].status, failures[i].answer);
    worker->status = failures[i].status;
    worker->answer = failures[i].answer;
    summary = run (operation, worker, FALSE, &error);
    g_assert_null (summary);
    g_assert_error (error, domain, failures[i].code);
  }
}


static void
test_malformed (gconstpointer user_data)
{
  const Operation *operation = user_data;
  g_autoptr (WorkerDouble) worker = worker_double_new (NULL);

  worker->status = 200;

  for (size_t i = 0; i < G_N_ELEMENTS (malformed); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *summary = NULL;

    g_test_message ("%s", malformed[i]);
    worker->answer = malformed[i];
    summary = run (operation, worker, FALSE, &error);
    g_assert_null (summary);
    g_assert_error (error, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NOT_WORKER);
  }
}


static void
test_cancelled (gconstpointer user_data)
{
  const Operation *operation = user_data;
  g_autoptr (WorkerDouble) worker = worker_double_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = NULL;

  worker->status = operation->status;
  worker->answer = operation->answer;
  summary = run (operation, worker, TRUE, &error);
  g_assert_null (summary);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}


static void
add (const Operation *operation,
     const char      *what,
     GTestDataFunc    test)
{
  g_autofree char *path = g_strdup_printf ("/remote/administration/%s/%s", operation->name, what);

  g_test_add_data_func (path, operation, test);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (operations); i++) {
    add (&operations[i], "done", test_done);
    add (&operations[i], "fails", test_fails);
    add (&operations[i], "cancelled", test_cancelled);

    if (strcmp (operations[i].summary, "done") != 0)
      add (&operations[i], "malformed", test_malformed);
  }

  return g_test_run ();
}
