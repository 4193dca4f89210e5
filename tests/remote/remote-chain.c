/* remote-chain.c - what the window asks, asked of the real Worker by tests/e2e
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>
#include <string.h>

#include "neko-remote-audit.h"
#include "neko-remote-devices.h"
#include "neko-remote-error.h"
#include "neko-remote-export.h"
#include "neko-remote-info.h"
#include "neko-remote-invites.h"
#include "neko-remote-me.h"
#include "neko-remote-register.h"
#include "neko-remote-registration.h"
#include "neko-remote-setup.h"
#include "neko-remote-sign-in.h"
#include "neko-remote-users.h"
#include "worker-double.h"

#define ADMIN "admin@neko.test"
#define ALICE "alice@neko.test"
#define BOB "bob@neko.test"
#define PASSWORD "a password of the Worker"
#define OTHER_PASSWORD "another password of it"

/* The callback and its data, for a call that waited_for() waits for. */
#define LATER worker_double_done_cb, &pending

static GAsyncResult *pending;
static GAsyncResult *last;


/* Borrowed until the next one. */
static GAsyncResult *
waited_for (void)
{
  g_clear_object (&last);
  last = worker_double_wait (&pending);

  return last;
}


/* Frees the error; a macro, so that a failure names its line. */
#define assert_refused(error, code) \
  G_STMT_START { \
    g_assert_error (error, NEKO_REMOTE_ERROR, code); \
    g_clear_error (&error); \
  } G_STMT_END


static NekoRemoteClient *
client_with (const char *url,
             const char *token)
{
  NekoRemoteClient *client = neko_remote_client_new (url, NULL);

  neko_remote_client_set_token (client, token);

  return client;
}


static NekoRemoteClient *
sign_in (const char *url,
         const char *address,
         const char *password,
         const char *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = NULL;

  neko_remote_sign_in_async (url, address, password, device, NULL, LATER);
  token = neko_remote_sign_in_finish (waited_for (), &error);
  g_assert_no_error (error);

  return client_with (url, token);
}


static void
check_info (const char *url,
            gboolean    is_set_up)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteInfo) info = NULL;

  neko_remote_info_async (url, NULL, LATER);
  info = neko_remote_info_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (info->is_set_up, ==, is_set_up);
  g_assert_cmpuint (g_strv_length (info->domains), ==, is_set_up ? 1 : 0);
  g_assert_cmpint (info->registration, ==, NEKO_REMOTE_REGISTRATION_CLOSED);
}


static NekoSecret *
try_setup (const char *url,
           const char *key,
           const char *address,
           const char *password,
           GError    **error)
{
  neko_remote_setup_async (url, key, address, password, "window", NULL, LATER);

  return neko_remote_setup_finish (waited_for (), error);
}


static NekoRemoteClient *
set_up (const char *url,
        const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = NULL;

  check_info (url, FALSE);
  g_assert_null (try_setup (url, "wrong", ADMIN, PASSWORD, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_SETUP_KEY);
  g_assert_null (try_setup (url, key, ADMIN, "short", &error));
  assert_refused (error, NEKO_REMOTE_ERROR_PASSWORD);
  g_assert_null (try_setup (url, key, "admin", PASSWORD, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_ADDRESS);
  token = try_setup (url, key, ADMIN, PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_null (try_setup (url, key, ADMIN, PASSWORD, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_SET_UP);
  check_info (url, TRUE);

  return client_with (url, token);
}


static char *
try_register (const char *url,
              const char *address,
              const char *invite,
              GError    **error)
{
  neko_remote_register_async (url, address, PASSWORD, invite, NULL, LATER);

  return neko_remote_register_finish (waited_for (), error);
}


static NekoRemoteInvite *
new_invite (NekoRemoteClient *admin,
            const char       *note)
{
  g_autoptr (GError) error = NULL;
  NekoRemoteInvite *invite;

  neko_remote_invites_create_async (admin, note, 1, NULL, LATER);
  invite = neko_remote_invites_create_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_nonnull (invite->code);
  g_assert_cmpint (invite->expires - invite->created, ==, 24 * 60 * 60);

  return invite;
}


static void
check_invites (NekoRemoteClient       *admin,
               const NekoRemoteInvite *invite)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) invites = NULL;
  const NekoRemoteInvite *listed;

  neko_remote_invites_list_async (admin, NULL, LATER);
  invites = neko_remote_invites_list_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (invites->len, ==, 1);
  listed = g_ptr_array_index (invites, 0);
  g_assert_cmpstr (listed->id, ==, invite->id);
  g_assert_cmpstr (listed->note, ==, "for Alice");
  g_assert_cmpstr (listed->created_by, ==, ADMIN);
  g_assert_null (listed->code);
}


static void
set_registration (NekoRemoteClient      *admin,
                  NekoRemoteRegistration registration)
{
  g_autoptr (GError) error = NULL;
  NekoRemoteRegistration got;

  neko_remote_registration_set_async (admin, registration, NULL, LATER);
  g_assert_true (neko_remote_registration_set_finish (waited_for (), &error));
  neko_remote_registration_get_async (admin, NULL, LATER);
  g_assert_true (neko_remote_registration_get_finish (waited_for (), &got, &error));
  g_assert_cmpint (got, ==, registration);
}


static void
register_alice (const char       *url,
                NekoRemoteClient *admin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteInvite) invite = new_invite (admin, "for Alice");
  g_autoptr (NekoRemoteInvite) other = NULL;
  g_autofree char *address = NULL;

  check_invites (admin, invite);
  g_assert_null (try_register (url, ALICE, invite->code, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_CLOSED);
  set_registration (admin, NEKO_REMOTE_REGISTRATION_INVITE);
  g_assert_null (try_register (url, ALICE, NULL, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_CLOSED);
  g_assert_null (try_register (url, ALICE, "wrong", &error));
  assert_refused (error, NEKO_REMOTE_ERROR_INVITE);
  g_assert_null (try_register (url, "alice@else.test", invite->code, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_DOMAIN);
  g_assert_null (try_register (url, "alice+a@neko.test", invite->code, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_TAGGED);
  g_assert_null (try_register (url, "postmaster@neko.test", invite->code, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_RESERVED);
  address = try_register (url, "Alice@Neko.Test", invite->code, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (address, ==, ALICE);
  g_assert_null (try_register (url, "carol@neko.test", invite->code, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_INVITE);

  other = new_invite (admin, "");
  g_assert_null (try_register (url, ALICE, other->code, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_TAKEN);
  neko_remote_invites_delete_async (admin, other->id, NULL, LATER);
  g_assert_true (neko_remote_invites_delete_finish (waited_for (), &error));
  neko_remote_invites_delete_async (admin, other->id, NULL, LATER);
  g_assert_false (neko_remote_invites_delete_finish (waited_for (), &error));
  assert_refused (error, NEKO_REMOTE_ERROR_NO_SUCH);
}


static void
check_me (NekoRemoteClient *client,
          const char       *address,
          gboolean          is_admin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoProfile) me = NULL;

  neko_remote_me_async (client, NULL, LATER);
  me = neko_remote_me_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->address, ==, address);
  g_assert_cmpint (me->is_admin, ==, is_admin);
  g_assert_cmpuint (me->quota, >, 0);
  g_assert_cmpuint (me->max_recipients, >, 0);
  g_assert_cmpuint (me->daily_limit, >, 0);
}


/* Returns (transfer full): the id of the device that this is not. */
static char *
other_device (NekoRemoteClient *client,
              guint             count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  const char *other = NULL;
  guint current = 0;

  neko_remote_devices_list_async (client, NULL, LATER);
  devices = neko_remote_devices_list_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, count);

  for (guint i = 0; i < devices->len; i++) {
    const NekoRemoteDevice *device = g_ptr_array_index (devices, i);

    g_assert_cmpint (device->created, >, 1700000000);
    g_assert_cmpint (device->last_used, >=, device->created);
    current += device->is_current ? 1 : 0;

    if (!device->is_current)
      other = device->id;
  }

  g_assert_cmpuint (current, ==, 1);

  return g_strdup (other);
}


static void
revoke_device (NekoRemoteClient *client,
               const char       *id)
{
  g_autoptr (GError) error = NULL;

  neko_remote_devices_revoke_async (client, id, NULL, LATER);
  g_assert_true (neko_remote_devices_revoke_finish (waited_for (), &error));
  neko_remote_devices_revoke_async (client, id, NULL, LATER);
  g_assert_false (neko_remote_devices_revoke_finish (waited_for (), &error));
  assert_refused (error, NEKO_REMOTE_ERROR_NO_SUCH);
}


static gboolean
change_password (NekoRemoteClient *client,
                 const char       *old_password,
                 const char       *new_password,
                 GError          **error)
{
  neko_remote_me_change_password_async (client, old_password, new_password, NULL, LATER);

  return neko_remote_me_change_password_finish (waited_for (), error);
}


static void
use_account (const char *url)
{
  g_autoptr (NekoRemoteClient) client = sign_in (url, ALICE, PASSWORD, "window");
  g_autoptr (NekoRemoteClient) second = sign_in (url, ALICE, PASSWORD, "second");
  g_autoptr (NekoRemoteClient) third = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *none = NULL;

  check_me (client, ALICE, FALSE);
  id = other_device (client, 2);
  revoke_device (client, id);
  neko_remote_me_async (second, NULL, LATER);
  g_assert_null (neko_remote_me_finish (waited_for (), &error));
  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN);
  g_clear_error (&error);

  third = sign_in (url, ALICE, PASSWORD, "third");
  g_assert_false (change_password (client, "wrong", OTHER_PASSWORD, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_OLD_PASSWORD);
  g_assert_false (change_password (client, PASSWORD, "short", &error));
  assert_refused (error, NEKO_REMOTE_ERROR_PASSWORD);
  g_assert_true (change_password (client, PASSWORD, OTHER_PASSWORD, &error));
  none = other_device (client, 1);
  g_assert_null (none);

  neko_remote_users_list_async (client, NULL, LATER);
  g_assert_null (neko_remote_users_list_finish (waited_for (), &error));
  assert_refused (error, NEKO_REMOTE_ERROR_NOT_ADMIN);
}


static NekoRemoteUser *
try_create (NekoRemoteClient *admin,
            const char       *address,
            const char       *password,
            GError          **error)
{
  neko_remote_users_create_async (admin, address, password, FALSE, 5000000, NULL, LATER);

  return neko_remote_users_create_finish (waited_for (), error);
}


static NekoRemoteUser *
try_change (NekoRemoteClient    *admin,
            const char          *address,
            NekoRemoteUserChange change,
            GError             **error)
{
  neko_remote_users_change_async (admin, address, &change, NULL, LATER);

  return neko_remote_users_change_finish (waited_for (), error);
}


static void
create_bob (NekoRemoteClient *admin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteUser) bob = NULL;

  g_assert_null (try_create (admin, BOB, "short", &error));
  assert_refused (error, NEKO_REMOTE_ERROR_PASSWORD);
  g_assert_null (try_create (admin, ALICE, PASSWORD, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_TAKEN);
  g_assert_null (try_create (admin, "bob@else.test", PASSWORD, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_DOMAIN);
  bob = try_create (admin, BOB, PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bob->address, ==, BOB);
  g_assert_cmpuint (bob->quota, ==, 5000000);
  g_assert_false (bob->is_admin);
  g_assert_cmpint (bob->created, >, 1700000000);
}


static void
change_bob (NekoRemoteClient *admin)
{
  static const char *const aliases[] = { "b@neko.test", "sales@neko.test", NULL };
  static const char *const taken[] = { ALICE, NULL };
  static const char *const malformed[] = { "b@neko.test", "b", NULL };
  static const char *const domains[] = { "neko.test", NULL };
  static const char *const foreign[] = { "else.test", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteUser) bob = NULL;

  g_assert_null (try_change (admin, BOB, (NekoRemoteUserChange) {
    .parts = NEKO_REMOTE_USER_ALIASES, .aliases = taken,
  }, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_TAKEN);
  g_assert_null (try_change (admin, BOB, (NekoRemoteUserChange) {
    .parts = NEKO_REMOTE_USER_ALIASES, .aliases = malformed,
  }, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_ADDRESS);
  g_assert_null (try_change (admin, BOB, (NekoRemoteUserChange) {
    .parts = NEKO_REMOTE_USER_CATCH_ALL, .catch_all = foreign,
  }, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_DOMAIN);
  g_assert_null (try_change (admin, "carol@neko.test", (NekoRemoteUserChange) {
    .parts = NEKO_REMOTE_USER_ROLE,
  }, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_NO_SUCH);
  g_assert_null (try_change (admin, ADMIN, (NekoRemoteUserChange) {
    .parts = NEKO_REMOTE_USER_ROLE,
  }, &error));
  assert_refused (error, NEKO_REMOTE_ERROR_LAST_ADMIN);

  bob = try_change (admin, BOB, (NekoRemoteUserChange) {
    .parts = NEKO_REMOTE_USER_ROLE | NEKO_REMOTE_USER_DISABLED | NEKO_REMOTE_USER_QUOTA |
             NEKO_REMOTE_USER_DAILY_LIMIT | NEKO_REMOTE_USER_PASSWORD | NEKO_REMOTE_USER_ALIASES |
             NEKO_REMOTE_USER_CATCH_ALL,
    .is_admin = TRUE,
    .is_disabled = TRUE,
    .quota = NEKO_REMOTE_QUOTA_MAX,
    .daily_limit = NEKO_REMOTE_DAILY_LIMIT_MAX,
    .password = OTHER_PASSWORD,
    .aliases = aliases,
    .catch_all = domains,
  }, &error);
  g_assert_no_error (error);
  g_assert_true (bob->is_admin);
  g_assert_true (bob->is_disabled);
  g_assert_cmpuint (bob->quota, ==, NEKO_REMOTE_QUOTA_MAX);
  g_assert_cmpuint (bob->daily_limit, ==, NEKO_REMOTE_DAILY_LIMIT_MAX);
  g_assert_cmpstrv (bob->aliases, aliases);
  g_assert_cmpstrv (bob->catch_all, domains);
}


static void
delete_bob (NekoRemoteClient *admin)
{
  g_autoptr (GError) error = NULL;

  neko_remote_users_delete_async (admin, ADMIN, NULL, LATER);
  g_assert_false (neko_remote_users_delete_finish (waited_for (), &error));
  assert_refused (error, NEKO_REMOTE_ERROR_LAST_ADMIN);
  neko_remote_users_delete_async (admin, BOB, NULL, LATER);
  g_assert_true (neko_remote_users_delete_finish (waited_for (), &error));
  neko_remote_users_delete_async (admin, BOB, NULL, LATER);
  g_assert_false (neko_remote_users_delete_finish (waited_for (), &error));
  assert_refused (error, NEKO_REMOTE_ERROR_NO_SUCH);
}


static void
check_users (NekoRemoteClient *admin,
             guint             count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) users = NULL;

  neko_remote_users_list_async (admin, NULL, LATER);
  users = neko_remote_users_list_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (users), ==, count);
}


static void
check_audit (NekoRemoteClient *admin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) more = NULL;
  const NekoRemoteAuditEntry *first;
  const NekoRemoteAuditEntry *oldest;

  neko_remote_audit_list_async (admin, 0, NULL, LATER);
  entries = neko_remote_audit_list_finish (waited_for (), &error);
  g_assert_no_error (error);
  first = g_ptr_array_index (entries, 0);
  g_assert_cmpstr (first->actor, ==, ADMIN);
  g_assert_cmpstr (first->action, ==, "user_deleted");
  g_assert_cmpstr (first->subject, ==, BOB);
  g_assert_true (g_strv_contains ((const char *const *) first->details, "messages"));
  oldest = g_ptr_array_index (entries, entries->len - 1);
  g_assert_cmpstr (oldest->action, ==, "set_up");

  neko_remote_audit_list_async (admin, oldest->number, NULL, LATER);
  more = neko_remote_audit_list_finish (waited_for (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (more->len, ==, 0);
}


static int
administer (const char *url,
            const char *key)
{
  g_autoptr (NekoRemoteClient) admin = set_up (url, key);

  check_me (admin, ADMIN, TRUE);
  register_alice (url, admin);
  use_account (url);
  create_bob (admin);
  check_users (admin, 3);
  change_bob (admin);
  delete_bob (admin);
  check_users (admin, 2);
  check_audit (admin);
  set_registration (admin, NEKO_REMOTE_REGISTRATION_OPEN);

  return 0;
}


/* Lets the test do something when a part is written: it says so, and goes on after an empty line. */
static void
progress_cb (guint64  octets,
             gpointer user_data)
{
  gboolean *has_waited = user_data;

  if (*has_waited)
    return;

  *has_waited = TRUE;
  puts ("some");
  fflush (stdout);
  g_assert_cmpint (getchar (), ==, '\n');
}


static int
export (const char *url,
        const char *token,
        const char *path)
{
  g_autoptr (NekoRemoteClient) client = client_with (url, token);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  gboolean has_waited = FALSE;

  neko_remote_export_async (client, NEKO_REMOTE_MAILBOX_INBOX, file, progress_cb, &has_waited, NULL,
                            LATER);

  if (neko_remote_export_finish (waited_for (), &error))
    puts ("whole");
  else
    puts (g_error_matches (error, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_CUT) ? "cut" : error->message);

  return 0;
}


int
main (int   argc,
      char *argv[])
{
  int status = 2;

  if (argc == 4 && g_str_equal (argv[1], "administer"))
    status = administer (argv[2], argv[3]);
  else if (argc == 5 && g_str_equal (argv[1], "export"))
    status = export (argv[2], argv[3], argv[4]);

  g_clear_object (&last);

  return status;
}
