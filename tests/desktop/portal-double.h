/* portal-double.h - the desktop's portal for those who want to be started at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

/**
 * PortalAnswer:
 * @PORTAL_GRANTS: says yes to whatever it is asked
 * @PORTAL_DENIES: by the settings
 * @PORTAL_CANCELS: as where the user says no
 * @PORTAL_FAILS: for a reason of its own
 * @PORTAL_IS_EARLY: says yes before it replied
 * @PORTAL_WAITS: as where the user does not answer
 * @PORTAL_REFUSES: the call, with an error
 */
typedef enum {
  PORTAL_GRANTS,
  PORTAL_DENIES,
  PORTAL_CANCELS,
  PORTAL_FAILS,
  PORTAL_IS_EARLY,
  PORTAL_WAITS,
  PORTAL_REFUSES,
} PortalAnswer;

typedef struct {
  GDBusConnection *connection;
  PortalAnswer     answer;
  char            *asked;  /* (nullable): what it was asked last */
  guint            object;
  guint            request;
  guint            name;
  gboolean         is_owner;
  gboolean         is_closed; /* the last request */
} PortalDouble;

void portal_double_start (PortalDouble    *self,
                          GDBusConnection *connection,
                          PortalAnswer     answer);
void portal_double_stop (PortalDouble *self);
