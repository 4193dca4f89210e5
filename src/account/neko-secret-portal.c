/* neko-secret-portal.c - asks the desktop for the secret of this program, from inside a sandbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-secret-portal.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <unistd.h>

#include "neko-account-error.h"
#include "neko-secret.h"

#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define REQUEST "org.freedesktop.portal.Request"

/* Desktops give 64 octets. */
#define SECRET_MINIMUM 16
#define SECRET_LIMIT 4096

#define RESPONSE_SUCCESS 0

/* libsecret 0.20 listens for the answer when it knows where that comes from, and waits for ever if it came before:
 * GNOME's keyring is that quick. So all answers are listened to from the start. */
typedef struct {
  GDBusConnection *bus;          /* (nullable): before it is known */
  GInputStream    *stream;       /* (nullable): of the secret */
  char            *handle;       /* (nullable): before the portal said where it answers */
  GHashTable      *answers;      /* path → response, until then */
  unsigned         subscription;
  unsigned         name_watch;
  gboolean         is_waiting;   /* for the answer; then the task is owned by that */
  char             secret[SECRET_LIMIT];
} Request;


static void
stop_waiting (Request *request)
{
  if (request->subscription != 0)
    g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);

  request->subscription = 0;
  request->is_waiting = FALSE;
  g_clear_handle_id (&request->name_watch, g_bus_unwatch_name);
}


static void
request_free (gpointer data)
{
  Request *request = data;

  stop_waiting (request);
  g_clear_object (&request->bus);
  g_clear_object (&request->stream);
  g_free (request->handle);
  g_hash_table_unref (request->answers);
  neko_secret_wipe (request->secret, sizeof request->secret);
  g_free (request);
}


static void
bytes_free (gpointer data)
{
  char *secret = data;

  neko_secret_wipe (secret, SECRET_LIMIT);
  g_free (secret);
}


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length;
  char *secret;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error)) {
    g_task_return_error (task, error);
    return;
  }

  if (length < SECRET_MINIMUM) {
    g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED,
                             "The desktop's portal gave no secret");
    return;
  }

  secret = g_memdup2 (request->secret, SECRET_LIMIT);
  g_task_return_pointer (task, g_bytes_new_with_free_func (secret, length, bytes_free, secret),
                         (GDestroyNotify) g_bytes_unref);
}


/* Takes @task. */
static void
take_answer (GTask   *task,
             unsigned response)
{
  Request *request = g_task_get_task_data (task);

  stop_waiting (request);

  if (response == RESPONSE_SUCCESS) {
    g_input_stream_read_all_async (request->stream, request->secret, SECRET_LIMIT, G_PRIORITY_DEFAULT,
                                   NULL, read_cb, task);
    return;
  }

  g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED,
                           NEKO_SECRET_PORTAL_REFUSAL);
  g_object_unref (task);
}


static void
response_cb (GDBusConnection *bus,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *signal,
             GVariant        *parameters,
             gpointer         user_data)
{
  GTask *task = user_data;
  Request *request = g_task_get_task_data (task);
  unsigned response;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;

  g_variant_get_child (parameters, 0, "u", &response);

  if (!request->is_waiting)
    g_hash_table_insert (request->answers, g_strdup (path), GUINT_TO_POINTER (response));
  else if (g_str_equal (path, request->handle))
    take_answer (task, response);
}


static void
portal_vanished_cb (GDBusConnection *bus,
                    const char      *name,
                    gpointer         user_data)
{
  g_autoptr (GTask) task = user_data;

  stop_waiting (g_task_get_task_data (task));
  g_task_return_new_error (task, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED,
                           "The desktop's portal ended before it answered");
}


/* Takes @task. */
static void
wait_for_answer (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  request->is_waiting = TRUE;
  request->name_watch = g_bus_watch_name_on_connection (request->bus, NEKO_SECRET_PORTAL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                        NULL, portal_vanished_cb, task, NULL);
}


static gboolean
means_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}


static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply = NULL;
  gpointer response;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result, &error);

  if (means_absent (error)) {
    g_clear_error (&error);
    error = g_error_new_literal (NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,
                                 "The desktop has no portal for secrets: start a keyring, or use --token-file");
  }

  if (reply == NULL) {
    g_task_return_error (task, error);
    return;
  }

  g_variant_get (reply, "(o)", &request->handle);

  if (g_hash_table_lookup_extended (request->answers, request->handle, NULL, &response))
    take_answer (g_steal_pointer (&task), GPOINTER_TO_UINT (response));
  else
    wait_for_answer (g_steal_pointer (&task));
}


/* Returns: (transfer full): the end of a pipe that the portal writes to, or %NULL with @error set */
static GUnixFDList *
open_pipe (Request *request,
           GError **error)
{
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return NULL;

  request->stream = g_unix_input_stream_new (ends[0], TRUE);

  return g_unix_fd_list_new_from_array (&ends[1], 1);
}


static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autofree char *token = g_strdup_printf ("neko%u", g_random_int ());
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GError *error = NULL;

  request->bus = g_bus_get_finish (result, &error);

  if (request->bus != NULL)
    descriptors = open_pipe (request, &error);

  if (descriptors == NULL) {
    g_variant_builder_clear (&options);
    g_task_return_error (task, error);
    return;
  }

  request->subscription = g_dbus_connection_signal_subscribe (request->bus, NEKO_SECRET_PORTAL_NAME, REQUEST, "Response", NULL,
                                                              NULL, G_DBUS_SIGNAL_FLAGS_NONE, response_cb, task,
                                                              NULL);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_dbus_connection_call_with_unix_fd_list (request->bus, NEKO_SECRET_PORTAL_NAME, PORTAL_PATH, "org.freedesktop.portal.Secret",
                                            "RetrieveSecret", g_variant_new ("(ha{sv})", 0, &options),
                                            G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, descriptors,
                                            NULL, called_cb, g_object_ref (task));
}


/**
 * neko_secret_portal_retrieve_async:
 * @callback: (scope async): called when the desktop has answered, which may be when the user has
 *
 * The question is not taken back where nobody waits any more: the user's answer is of use the next time.
 */
void
neko_secret_portal_retrieve_async (GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, neko_secret_portal_retrieve_async);
  request->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_task_set_task_data (task, request, request_free);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, connected_cb, task);
}


/**
 * neko_secret_portal_retrieve_finish:
 *
 * Returns: (transfer full): the same for this program each time, or %NULL with @error set: to
 *   %NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED where the user did not unlock the keyring, or
 *   %NEKO_ACCOUNT_ERROR_KEYRING_ABSENT
 */
GBytes *
neko_secret_portal_retrieve_finish (GAsyncResult *result,
                                    GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
