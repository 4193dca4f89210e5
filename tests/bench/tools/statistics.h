/* statistics.h - what is told of many figures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stddef.h>

double bench_median (double *figures,
                     size_t  count);
