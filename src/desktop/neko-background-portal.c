/* neko-background-portal.c - asks the desktop to start us at login, from inside a sandbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-background-portal.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define REQUEST "org.freedesktop.portal.Request"

/* libportal does the same, but outside a sandbox it tells of a success that is none, and it would be one more
 * library in the background for one call. */

typedef enum {
  RESPONSE_SUCCESS,
  RESPONSE_CANCELLED, /* by the user */
  RESPONSE_OTHER,
} Response;

/* The answer is a signal, which may come before the reply to the call. */
typedef struct {
  GDBusConnection *connection;
  gboolean         is_wanted;
  gboolean         is_waiting;  /* for the signal; then the task is owned by that */
  char            *handle;
  GVariant        *answer;      /* (nullable): the signal's parameters */
  guint            subscription;
  guint            name_watch;
  GSource         *cancel;      /* (nullable) */
} Request;

G_DEFINE_QUARK (neko-autostart-error, neko_autostart_error)


static void
stop_waiting (Request *request)
{
  if (request->subscription != 0)
    g_dbus_connection_signal_unsubscribe (request->connection, request->subscription);

  if (request->cancel != NULL)
    g_source_destroy (request->cancel);

  request->subscription = 0;
  request->is_waiting = FALSE;
  g_clear_pointer (&request->cancel, g_source_unref);
  g_clear_handle_id (&request->name_watch, g_bus_unwatch_name);
}


static void
request_free (gpointer data)
{
  Request *request = data;

  stop_waiting (request);
  g_clear_pointer (&request->answer, g_variant_unref);
  g_object_unref (request->connection);
  g_free (request->handle);
  g_free (request);
}


/* A desktop may say yes to the question and no to what was asked. */
static void
return_answer (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  g_autoptr (GVariant) results = NULL;
  gboolean is_on = FALSE;
  guint response;

  g_variant_get (request->answer, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "autostart", "b", &is_on);

  if (response == RESPONSE_SUCCESS && is_on == request->is_wanted)
    g_task_return_boolean (task, TRUE);
  else if (response == RESPONSE_SUCCESS || response == RESPONSE_CANCELLED)
    g_task_return_new_error (task, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_DENIED,
                             "The desktop does not allow it");
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "The desktop could not do it, and does not say why");
}


static void
response_cb (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *signal,
             GVariant        *parameters,
             gpointer         user_data)
{
  GTask *task = user_data;
  Request *request = g_task_get_task_data (task);

  if (request->answer != NULL || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;

  request->answer = g_variant_ref (parameters);

  if (request->is_waiting) {
    stop_waiting (request);
    return_answer (task);
    g_object_unref (task);
  }
}


static void
portal_vanished_cb (GDBusConnection *connection,
                    const char      *name,
                    gpointer         user_data)
{
  g_autoptr (GTask) task = user_data;

  stop_waiting (g_task_get_task_data (task));
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "The desktop's portal ended before it answered");
}


/* A dialog that nobody waits for has to go. */
static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);

  g_dbus_connection_call (request->connection, PORTAL, request->handle, REQUEST, "Close", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  stop_waiting (request);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}


/* People take their time, so there is no time-out. */
static void
wait_for_answer (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  request->is_waiting = TRUE;
  request->name_watch = g_bus_watch_name_on_connection (request->connection, PORTAL,
                                                        G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                        portal_vanished_cb, task, NULL);

  if (cancellable != NULL) {
    request->cancel = g_cancellable_source_new (cancellable);
    g_task_attach_source (task, request->cancel, G_SOURCE_FUNC (cancelled_cb));
  }
}


static gboolean
means_no_portal (const GError *error)
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
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (means_no_portal (error)) {
    g_task_return_new_error (task, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_NO_PORTAL,
                             "The desktop has no portal for it: %s", error->message);
    return;
  }

  if (reply == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  if (request->answer != NULL)
    return_answer (task);
  else
    wait_for_answer (g_steal_pointer (&task));
}


static char *
make_token (void)
{
  return g_strdup_printf ("neko%u", g_random_int ());
}


/* All portals but those of before 2018 take it from us, so that nothing can be missed. */
static char *
predict_handle (GDBusConnection *connection,
                const char      *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (connection) + 1);

  return g_strdup_printf (PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), token);
}


static GVariant *
make_parameters (const char        *parent_window,
                 const char        *token,
                 const char        *reason,
                 gboolean           is_wanted,
                 const char *const *command)
{
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (reason));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (is_wanted));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));

  return g_variant_new ("(sa{sv})", parent_window, &options);
}


/**
 * neko_background_portal_request_async:
 * @connection: to the session bus
 * @parent_window: as portals name windows, for example "wayland:…", or ""
 * @reason: what the user is told, translated
 * @command: what to start, without anything of the sandbox
 * @cancellable: (nullable): takes the question back
 * @callback: (scope async): called when the desktop has answered, which may be when the user has
 *
 * Asks for the start at login, or for its end.
 */
void
neko_background_portal_request_async (GDBusConnection    *connection,
                                      const char         *parent_window,
                                      const char         *reason,
                                      gboolean            is_wanted,
                                      const char *const  *command,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *token = make_token ();
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, neko_background_portal_request_async);
  g_task_set_task_data (task, request, request_free);
  request->connection = g_object_ref (connection);
  request->is_wanted = is_wanted;
  request->handle = predict_handle (connection, token);
  request->subscription = g_dbus_connection_signal_subscribe (connection, PORTAL, REQUEST, "Response",
                                                              request->handle, NULL,
                                                              G_DBUS_SIGNAL_FLAGS_NONE,
                                                              response_cb, task, NULL);

  g_dbus_connection_call (connection, PORTAL, PORTAL_PATH, "org.freedesktop.portal.Background",
                          "RequestBackground",
                          make_parameters (parent_window, token, reason, is_wanted, command),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, cancellable, called_cb,
                          g_steal_pointer (&task));
}


/**
 * neko_background_portal_request_finish:
 *
 * Returns: %TRUE where it is as it was asked for, else %FALSE with @error set
 */
gboolean
neko_background_portal_request_finish (GAsyncResult *result,
                                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
