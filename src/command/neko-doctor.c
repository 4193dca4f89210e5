/* neko-doctor.c - what the doctor says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "neko-printable.h"

#define LINE_LIMIT 2000 /* octets */


/**
 * neko_doctor_say_well:
 * @format: what was looked at and is well
 */
void
neko_doctor_say_well (const char *format,
                      ...)
{
  g_autofree char *text = NULL;
  g_autofree char *printable = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  printable = neko_printable_dup (text, LINE_LIMIT);
  printf ("ok       %s\n", printable);
}


/**
 * neko_doctor_say_problem:
 * @remedy: (nullable): what to do, where @problem does not say it already
 */
void
neko_doctor_say_problem (NekoDoctor *self,
                         const char *problem,
                         const char *remedy)
{
  g_autofree char *printable = neko_printable_dup (problem, LINE_LIMIT);
  g_autofree char *what_to_do = remedy != NULL ? neko_printable_dup (remedy, LINE_LIMIT) : NULL;

  self->problems++;
  printf ("PROBLEM  %s\n", printable);

  if (what_to_do != NULL)
    printf ("         → %s\n", what_to_do);
}
