/* neko-mail-programs.h - how to set up the mail programs that people use most
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define NEKO_MAIL_PROGRAM_STEPS 5

/**
 * NekoMailProgram:
 * @name: a name, which is the same in each language
 * @steps: what to do, to be translated; %NULL after the last
 */
typedef struct {
  const char *name;
  const char *steps[NEKO_MAIL_PROGRAM_STEPS + 1];
} NekoMailProgram;

const NekoMailProgram *neko_mail_programs_get (size_t *count);
char                  *neko_mail_programs_dup_mutt (const char *address,
                                                    unsigned    pop3_port,
                                                    unsigned    smtp_port) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
