/* private-bus.h - a bus without anybody else, and calls on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

/* Runs the main loop until it is so. */
#define wait_until(condition) \
  G_STMT_START { \
    while (!(condition)) \
    g_main_context_iteration (NULL, TRUE); \
  } G_STMT_END

GDBusConnection *private_bus_connect (GTestDBus *bus);
void             private_bus_disconnect (GDBusConnection *connection);
void             private_bus_hear (GDBusConnection *connection,
                                   const char      *interface,
                                   const char      *path,
                                   GString         *heard);
GVariant        *private_bus_call (GDBusConnection *connection,
                                   const char      *name,
                                   const char      *path,
                                   const char      *interface,
                                   const char      *method,
                                   GVariant        *parameters,
                                   GError         **error);
