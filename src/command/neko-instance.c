/* neko-instance.c - the Neko Mail that runs, seen from a command
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-instance.h"

#include "neko-service-control.h"

/* It answers out of memory, so one that takes longer is stuck. */
#define ANSWER_TIME 5000 /* milliseconds */


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


/**
 * neko_instance_get_status:
 *
 * Returns: (transfer full): an a{sv} as of neko_service_status_new(), or %NULL with @error set
 */
GVariant *
neko_instance_get_status (NekoControl *instance,
                          GError     **error)
{
  GVariant *status = NULL;

  if (!neko_control_call_get_status_sync (instance, &status, NULL, error)) {
    g_prefix_error (error, "Neko Mail runs, but does not answer: ");
    return NULL;
  }

  return status;
}
