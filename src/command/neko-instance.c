/* neko-instance.c - the Neko Mail that runs, seen from a command
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-instance.h"

#include "neko-service-control.h"

/* It answers out of memory, so one that takes longer is stuck. */
#define ANSWER_TIME 5000 /* milliseconds */

/* How long one that has just been started may take until it answers, and when it is asked again. */
#define START_TIME 2000 /* milliseconds */
#define START_STEP 50


static NekoControl *
look_up (GDBusConnection *bus,
         const char      *name)
{
  g_autoptr (NekoControl) control = NULL;
  g_autofree char *owner = NULL;

  control = neko_control_proxy_new_sync (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START |
                                         G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                         name, NEKO_CONTROL_PATH, NULL, NULL);

  if (control != NULL)
    owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (control));

  if (owner == NULL)
    return NULL;

  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (control), ANSWER_TIME);

  return g_steal_pointer (&control);
}


/**
 * neko_instance_find:
 *
 * Where both programs run, the one that is meant is the one that has the command's name.
 *
 * Returns: (transfer full): a program that runs, or %NULL with @error set in %NEKO_COMMAND_ERROR
 */
NekoControl *
neko_instance_find (GError **error)
{
  gboolean is_daemon = g_strcmp0 (g_get_prgname (), "neko-maild") == 0;
  const char *names[] = {
    is_daemon ? NEKO_DAEMON_BUS_NAME : NEKO_APPLICATION_ID,
    is_daemon ? NEKO_APPLICATION_ID : NEKO_DAEMON_BUS_NAME,
  };
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus == NULL) {
    g_set_error_literal (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_NOT_RUNNING,
                         "There is no session bus here, over which a Neko Mail that runs could be "
                         "asked; its messages are where its standard error goes");
    return NULL;
  }

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    NekoControl *control = look_up (bus, names[i]);

    if (control != NULL)
      return control;
  }

  g_set_error_literal (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_NOT_RUNNING,
                       "Neko Mail does not run; start neko-mail, or neko-maild where there is no "
                       "desktop");

  return NULL;
}


/* neko-mail has its name a moment before it answers; and another version may not know what is asked. */
static gboolean
may_be_starting (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}


/**
 * neko_instance_call:
 * @method: of the interface of #NekoControl
 * @arguments: (nullable) (transfer floating): a tuple
 *
 * Waits where the program has just been started.
 *
 * Returns: (transfer full): a tuple of what was answered, or %NULL with @error set
 */
GVariant *
neko_instance_call (NekoControl *instance,
                    const char  *method,
                    GVariant    *arguments,
                    GError     **error)
{
  g_autoptr (GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr (GError) failure = NULL;

  for (unsigned waited = 0; waited < START_TIME; waited += START_STEP) {
    GVariant *answer;

    g_clear_error (&failure);
    answer = g_dbus_proxy_call_sync (G_DBUS_PROXY (instance), method, owned, G_DBUS_CALL_FLAGS_NONE, -1,
                                     NULL, &failure);

    if (answer != NULL)
      return answer;

    if (!may_be_starting (failure))
      break;

    g_usleep (START_STEP * 1000);
  }

  if (may_be_starting (failure)) {
    g_set_error_literal (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_OTHER_VERSION,
                         "The Neko Mail that runs is of another version; start it anew");
    return NULL;
  }

  g_dbus_error_strip_remote_error (failure);
  g_propagate_prefixed_error (error, g_steal_pointer (&failure),
                              "Neko Mail runs, but does not answer: ");

  return NULL;
}


/**
 * neko_instance_get_status:
 *
 * Returns: (transfer full): an a{sv} as of neko_service_status_new(), or %NULL with @error set
 */
GVariant *
neko_instance_get_status (NekoControl *instance,
                          GError     **error)
{
  g_autoptr (GVariant) answer = neko_instance_call (instance, "GetStatus", NULL, error);
  GVariant *status = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(@a{sv})", &status);

  return status;
}
