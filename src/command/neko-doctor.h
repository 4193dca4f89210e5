/* neko-doctor.h - what the parts of the doctor have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service-options.h"

G_BEGIN_DECLS

typedef struct {
  NekoServiceOptions  *options;
  NekoServiceSettings *settings;
  NekoTokenStore      *tokens;
  GHashTable          *workers;  /* URL → whether it answered */
  GHashTable          *tested;   /* set of URLs whose self-test was asked for */
  unsigned             problems;
} NekoDoctor;

void neko_doctor_say_well (const char *format,
                           ...) G_GNUC_PRINTF (1, 2);
void neko_doctor_say_problem (NekoDoctor *self,
                              const char *problem,
                              const char *remedy);
void neko_doctor_check_accounts (NekoDoctor *self);

G_END_DECLS
