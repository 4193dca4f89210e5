/* portal-double.h - the Secret portal of a desktop, on a bus of a test
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  PORTAL_GIVES,
  PORTAL_GIVES_ANOTHER, /* secret */
  PORTAL_IS_EARLY,      /* it answers before it says where */
  PORTAL_GIVES_LITTLE,
  PORTAL_CANCELS,
  PORTAL_FAILS,
  PORTAL_WAITS,
} PortalAnswer;

typedef struct _PortalDouble PortalDouble;

PortalDouble *portal_double_new (const char *address);
void          portal_double_start (PortalDouble *self,
                                   PortalAnswer  answer);
void          portal_double_answer (PortalDouble *self,
                                    PortalAnswer  answer);
unsigned      portal_double_get_questions (PortalDouble *self);
void          portal_double_stop (PortalDouble *self);
void          portal_double_free (PortalDouble *self);

G_END_DECLS
