/* double-events.h - GET /v1/events: a WebSocket that says when the mailbox changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "double-http.h"

typedef struct _DoubleEvents DoubleEvents;

DoubleEvents *double_events_new (void) G_GNUC_WARN_UNUSED_RESULT;
void          double_events_serve (DoubleEvents  *self,
                                   DoubleRequest *request,
                                   uint64_t       sequence);
void          double_events_tell (DoubleEvents *self,
                                  uint64_t      sequence);
