/* test-token-stores.c - whatever is asked of a token store ends when it is cancelled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "neko-file-token-store.h"
#include "neko-keyring-token-store.h"

/* When it is cancelled. */
typedef enum {
  BEFORE,
  AT_ONCE,
  STALLED, /* the session bus was reached, and says nothing */
} Stage;

typedef struct {
  const char *name;
  gboolean    is_keyring;
  gboolean    is_storing;
  Stage       stage;
} Case;

typedef struct {
  GSocketService *bus;
  GPtrArray      *connections;
  NekoTokenStore *store;
  GAsyncResult   *result;
  unsigned        calls;
} Fixture;

/* The session bus of this program, which says nothing. */
static char *folder;
static char *bus_path;


static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             Fixture           *fixture)
{
  g_ptr_array_add (fixture->connections, g_object_ref (connection));

  return TRUE;
}


static void
set_up (Fixture    *fixture,
        const Case *test)
{
  g_autofree char *path = g_build_filename (folder, "tokens", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (bus_path);

  fixture->connections = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->bus = g_socket_service_new ();
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->bus), address,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                                NULL, NULL));
  g_signal_connect (fixture->bus, "incoming", G_CALLBACK (incoming_cb), fixture);
  fixture->store = test->is_keyring ? NEKO_TOKEN_STORE (neko_keyring_token_store_new ())
                                    : NEKO_TOKEN_STORE (neko_file_token_store_new (path));
}


static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}


static void
tear_down (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (folder, "tokens", NULL);

  settle ();
  g_assert_finalize_object (fixture->store);
  g_socket_service_stop (fixture->bus);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->bus));
  settle ();
  g_object_unref (fixture->bus);
  g_ptr_array_unref (fixture->connections);
  g_unlink (bus_path);
  g_unlink (path);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->calls++;
  g_set_object (&fixture->result, result);
}


static void
start (Fixture      *fixture,
       const Case   *test,
       GCancellable *cancellable)
{
  if (test->is_storing)
    neko_token_store_store_async (fixture->store, "a@x.org", "https://x.org", "token", cancellable,
                                  done_cb, fixture);
  else
    neko_token_store_lookup_async (fixture->store, "a@x.org", "https://x.org", cancellable, done_cb,
                                   fixture);
}


/* GLib connects to the bus once for the whole program. Where the try of the case before goes on it fails
 * with that case's bus, and with it whoever asked meanwhile, who then asks again. */
static void
wait_for_stall (Fixture      *fixture,
                const Case   *test,
                GCancellable *cancellable)
{
  while (fixture->connections->len == 0) {
    g_main_context_iteration (NULL, TRUE);

    if (fixture->calls > 0 && fixture->connections->len == 0) {
      fixture->calls = 0;
      start (fixture, test, cancellable);
    }
  }
}


static void
assert_cancelled (Fixture    *fixture,
                  const Case *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = NULL;

  if (test->is_storing)
    g_assert_false (neko_token_store_store_finish (fixture->store, fixture->result, &error));
  else
    token = neko_token_store_lookup_finish (fixture->store, fixture->result, &error);

  g_assert_null (token);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}


static void
test_cancelled (gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Fixture fixture = { NULL };

  set_up (&fixture, test);

  if (test->stage == BEFORE)
    g_cancellable_cancel (cancellable);

  start (&fixture, test, cancellable);
  g_assert_cmpuint (fixture.calls, ==, 0);

  if (test->stage == STALLED)
    wait_for_stall (&fixture, test, cancellable);

  g_cancellable_cancel (cancellable);

  /* What does not listen never ends. */
  while (fixture.calls == 0)
    g_main_context_iteration (NULL, TRUE);

  assert_cancelled (&fixture, test);
  settle ();
  g_assert_cmpuint (fixture.calls, ==, 1);
  g_clear_object (&fixture.result);
  tear_down (&fixture);
}


int
main (int   argc,
      char *argv[])
{
  static const Case cases[] = {
    { "file/look-up/before",     FALSE, FALSE, BEFORE  },
    { "file/look-up/at-once",    FALSE, FALSE, AT_ONCE },
    { "file/store/before",       FALSE, TRUE,  BEFORE  },
    { "file/store/at-once",      FALSE, TRUE,  AT_ONCE },
    { "keyring/look-up/before",  TRUE,  FALSE, BEFORE  },
    { "keyring/look-up/at-once", TRUE,  FALSE, AT_ONCE },
    { "keyring/look-up/stalled", TRUE,  FALSE, STALLED },
    { "keyring/store/before",    TRUE,  TRUE,  BEFORE  },
    { "keyring/store/at-once",   TRUE,  TRUE,  AT_ONCE },
    { "keyring/store/stalled",   TRUE,  TRUE,  STALLED },
  };
  g_autofree char *address = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("neko-tokens-XXXXXX", NULL);
  bus_path = g_build_filename (folder, "bus", NULL);
  address = g_strconcat ("unix:path=", bus_path, NULL);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/account/token-stores/cancelled/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_cancelled);
  }

  status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  g_free (bus_path);

  return status;
}
