/* test-secret-portal.c - the desktop's portal gives its secret, early or late, or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-secret-portal.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixoutputstream.h>
#include <string.h>

#include "neko-account-error.h"

#define NAME "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"
#define HANDLE PATH "/request/1_1/t"

/* GLib keeps its connection for as long as the program runs. */
static GTestDBus *bus;

static const char xml[] =
  "<node>"
  "  <interface name='org.freedesktop.portal.Secret'>"
  "    <method name='RetrieveSecret'>"
  "      <arg type='h' direction='in'/><arg type='a{sv}' direction='in'/><arg type='o' direction='out'/>"
  "    </method>"
  "  </interface>"
  "  <interface name='org.freedesktop.portal.Request'><method name='Close'/></interface>"
  "</node>";

typedef enum {
  GIVES,
  IS_EARLY, /* it answers before it says where */
  GIVES_LITTLE,
  CANCELS,
  FAILS,
  WAITS,
} Answer;

typedef struct {
  GDBusConnection *desktop;
  GDBusNodeInfo   *interfaces;
  unsigned         portal;
  unsigned         request;
  Answer           answer;
  gboolean         is_asked;
  gboolean         is_closed;
  GAsyncResult    *result;
} Fixture;


static void
wait_for (const gboolean *condition)
{
  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
}


static void
close_cb (GDBusConnection       *connection,
          const char            *sender,
          const char            *path,
          const char            *interface,
          const char            *method,
          GVariant              *parameters,
          GDBusMethodInvocation *invocation,
          gpointer               user_data)
{
  Fixture *fixture = user_data;

  fixture->is_closed = TRUE;
  g_dbus_method_invocation_return_value (invocation, NULL);
}


static void
write_secret (Fixture               *fixture,
              GDBusMethodInvocation *invocation)
{
  GUnixFDList *descriptors = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  int descriptor = g_unix_fd_list_get (descriptors, 0, NULL);
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (descriptor, TRUE);
  char secret[64];

  memset (secret, 's', sizeof secret);
  g_assert_true (g_output_stream_write_all (stream, secret, fixture->answer == GIVES_LITTLE ? 8 : sizeof secret,
                                            NULL, NULL, NULL));
}


static void
respond (Fixture    *fixture,
         const char *sender)
{
  unsigned response = fixture->answer == CANCELS ? 1 : fixture->answer == FAILS ? 2 : 0;

  g_assert_true (g_dbus_connection_emit_signal (fixture->desktop, sender, HANDLE, "org.freedesktop.portal.Request",
                                                "Response", g_variant_new ("(ua{sv})", response, NULL), NULL));
}


static void
retrieve_cb (GDBusConnection       *connection,
             const char            *sender,
             const char            *path,
             const char            *interface,
             const char            *method,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation,
             gpointer               user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *receiver = g_strdup (sender);

  fixture->is_asked = TRUE;
  write_secret (fixture, invocation);

  if (fixture->answer == IS_EARLY)
    respond (fixture, receiver);

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", HANDLE));

  if (fixture->answer != IS_EARLY && fixture->answer != WAITS)
    respond (fixture, receiver);
}


static void
start_portal (Fixture *fixture,
              Answer   answer)
{
  static const GDBusInterfaceVTable portal_table = { .method_call = retrieve_cb };
  static const GDBusInterfaceVTable request_table = { .method_call = close_cb };
  g_autoptr (GVariant) reply = NULL;

  fixture->answer = answer;
  fixture->interfaces = g_dbus_node_info_new_for_xml (xml, NULL);
  fixture->portal = g_dbus_connection_register_object (fixture->desktop, PATH, fixture->interfaces->interfaces[0],
                                                       &portal_table, fixture, NULL, NULL);
  fixture->request = g_dbus_connection_register_object (fixture->desktop, HANDLE, fixture->interfaces->interfaces[1],
                                                        &request_table, fixture, NULL, NULL);
  reply = g_dbus_connection_call_sync (fixture->desktop, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", NAME, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->desktop = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                                             G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                             G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                             NULL, NULL, NULL);
  g_assert_nonnull (fixture->desktop);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  if (fixture->portal != 0) {
    g_dbus_connection_unregister_object (fixture->desktop, fixture->portal);
    g_dbus_connection_unregister_object (fixture->desktop, fixture->request);
    g_dbus_node_info_unref (fixture->interfaces);
  }

  g_clear_object (&fixture->result);
  g_dbus_connection_close_sync (fixture->desktop, NULL, NULL);
  g_clear_object (&fixture->desktop);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}


static GBytes *
finish (Fixture *fixture,
        GError **error)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return neko_secret_portal_retrieve_finish (fixture->result, error);
}


static void
test_given (Fixture      *fixture,
            gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) secret = NULL;

  start_portal (fixture, GPOINTER_TO_INT (user_data));
  neko_secret_portal_retrieve_async (NULL, done_cb, fixture);
  secret = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (secret), ==, 64);
  g_assert_cmpint (((const char *) g_bytes_get_data (secret, NULL))[63], ==, 's');
}


static void
test_not_given (Fixture      *fixture,
                gconstpointer user_data)
{
  Answer answer = GPOINTER_TO_INT (user_data);
  int code = answer == GIVES_LITTLE ? NEKO_ACCOUNT_ERROR_FAILED : NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED;
  g_autoptr (GError) error = NULL;

  start_portal (fixture, answer);
  neko_secret_portal_retrieve_async (NULL, done_cb, fixture);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, code);
}


static void
test_absent (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  neko_secret_portal_retrieve_async (NULL, done_cb, fixture);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
}


static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  gboolean *is_answered = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  g_assert_nonnull (reply);
  *is_answered = TRUE;
}


/* Answers come in the order of the questions, so the one that says where the secret's comes from is there too. */
static void
wait_for_reply (void)
{
  g_autoptr (GDBusConnection) session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  gboolean is_answered = FALSE;

  g_dbus_connection_call (session, NAME, PATH, "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, answered_cb, &is_answered);
  wait_for (&is_answered);
}


/* The question on the screen goes. */
static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  start_portal (fixture, WAITS);
  neko_secret_portal_retrieve_async (cancellable, done_cb, fixture);
  wait_for (&fixture->is_asked);

  wait_for_reply ();
  g_cancellable_cancel (cancellable);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_for (&fixture->is_closed);
}


static void
test_vanished (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  start_portal (fixture, WAITS);
  neko_secret_portal_retrieve_async (NULL, done_cb, fixture);
  wait_for (&fixture->is_asked);
  g_dbus_connection_call (fixture->desktop, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ReleaseName",
                          g_variant_new ("(s)", NAME), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *name;
    Answer      answer;
    void        (*test) (Fixture *,
                         gconstpointer);
  } cases[] = {
    { "given",        GIVES,        test_given     },
    { "early",        IS_EARLY,     test_given     },
    { "little",       GIVES_LITTLE, test_not_given },
    { "no",           CANCELS,      test_not_given },
    { "failed",       FAILS,        test_not_given },
    { "absent",       GIVES,        test_absent    },
    { "cancelled",    WAITS,        test_cancelled },
    { "vanished",     WAITS,        test_vanished  },
  };

  int status;

  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/account/secret-portal/", cases[i].name, NULL);

    g_test_add (path, Fixture, GINT_TO_POINTER (cases[i].answer), set_up, cases[i].test, tear_down);
  }

  status = g_test_run ();
  g_test_dbus_down (bus);
  g_object_unref (bus);

  return status;
}
