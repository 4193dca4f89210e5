/* test-secret-portal.c - the desktop's portal gives its secret, early or late, or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-secret-portal.h"

#include "neko-account-error.h"
#include "portal-double.h"

/* GLib keeps its connection for as long as the program runs. */
static GTestDBus *bus;

typedef struct {
  PortalDouble *portal;
  GAsyncResult *result;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->portal = portal_double_new (g_test_dbus_get_bus_address (bus));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_clear_object (&fixture->result);
  portal_double_free (fixture->portal);
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

  portal_double_start (fixture->portal, GPOINTER_TO_INT (user_data));
  neko_secret_portal_retrieve_async (done_cb, fixture);
  secret = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (secret), ==, 64);
  g_assert_cmpint (((const char *) g_bytes_get_data (secret, NULL))[63], ==, 's');
}


static void
test_not_given (Fixture      *fixture,
                gconstpointer user_data)
{
  PortalAnswer answer = GPOINTER_TO_INT (user_data);
  int code = answer == PORTAL_GIVES_LITTLE ? NEKO_ACCOUNT_ERROR_FAILED : NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED;
  g_autoptr (GError) error = NULL;

  portal_double_start (fixture->portal, answer);
  neko_secret_portal_retrieve_async (done_cb, fixture);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, code);
}


static void
test_absent (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  neko_secret_portal_retrieve_async (done_cb, fixture);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
}


static void
test_vanished (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  portal_double_start (fixture->portal, PORTAL_WAITS);
  neko_secret_portal_retrieve_async (done_cb, fixture);

  while (portal_double_get_questions (fixture->portal) == 0)
    g_main_context_iteration (NULL, TRUE);

  portal_double_stop (fixture->portal);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char  *name;
    PortalAnswer answer;
    void         (*test) (Fixture *,
                          gconstpointer);
  } cases[] = {
    { "given",    PORTAL_GIVES,        test_given     },
    { "early",    PORTAL_IS_EARLY,     test_given     },
    { "little",   PORTAL_GIVES_LITTLE, test_not_given },
    { "no",       PORTAL_CANCELS,      test_not_given },
    { "failed",   PORTAL_FAILS,        test_not_given },
    { "absent",   PORTAL_GIVES,        test_absent    },
    { "vanished", PORTAL_WAITS,        test_vanished  },
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
