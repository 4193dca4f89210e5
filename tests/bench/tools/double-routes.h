/* double-routes.h - what worker-double answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "double-events.h"
#include "double-http.h"
#include "double-mailbox.h"

/* The address of the one account, whose password is anything. */
#define DOUBLE_ADDRESS "bench@neko.test"

/**
 * DoubleService:
 * @requests: how often each route was asked for; with a place for what is no route
 */
typedef struct {
  DoubleMailbox *mailbox;
  DoubleEvents  *events;
  uint64_t       requests[16];
  uint64_t       submissions;
} DoubleService;

gboolean double_routes_answer (DoubleService *service,
                               DoubleRequest *request);
