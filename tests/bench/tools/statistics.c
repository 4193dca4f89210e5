/* statistics.c - what is told of many figures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "statistics.h"

#include <stdlib.h>


static int
compare (const void *a,
         const void *b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}


/* Sorts the figures. */
double
bench_median (double *figures,
              size_t  count)
{
  if (count == 0)
    return 0;

  qsort (figures, count, sizeof *figures, compare);

  return (figures[(count - 1) / 2] + figures[count / 2]) / 2;
}
