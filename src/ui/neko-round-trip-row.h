/* neko-round-trip-row.h - sends a message to oneself, and tells how long it took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-account-item.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ROUND_TRIP_ROW (neko_round_trip_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoRoundTripRow, neko_round_trip_row, NEKO, ROUND_TRIP_ROW, AdwActionRow)

void neko_round_trip_row_set_account (NekoRoundTripRow *self,
                                      NekoAccountItem  *item);

G_END_DECLS
