/* clock.h - seconds for measuring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

double bench_now (void);
void   bench_sleep (double seconds);
