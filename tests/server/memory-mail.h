/* memory-mail.h - mail of one account in memory, for tests of the servers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-authenticator.h"

G_BEGIN_DECLS

#define MEMORY_USER "alice@neko.test"
#define MEMORY_PASSWORD "correct horse"

#define MEMORY_TYPE_MAIL (memory_mail_get_type ())

/* Authenticator, maildrop and outbox in one. */
G_DECLARE_FINAL_TYPE (MemoryMail, memory_mail, MEMORY, MAIL, GObject)

MemoryMail *memory_mail_new (void);
void                  memory_mail_add (MemoryMail *self,
                                       const char *id,
                                       const char *text,
                                       gssize      length);
void                  memory_mail_cut (MemoryMail *self,
                                       const char *id,
                                       size_t      length);
void                  memory_mail_fail_with (MemoryMail   *self,
                                             NekoMailError code);
void                  memory_mail_fail_log_in_with (MemoryMail   *self,
                                                    NekoMailError code);
void                  memory_mail_succeed (MemoryMail *self);
void                  memory_mail_hold (MemoryMail *self);
void                  memory_mail_release (MemoryMail *self);
unsigned              memory_mail_count_held (MemoryMail *self);
size_t                memory_mail_get_length (MemoryMail *self);

/* What was submitted last. */
const NekoSubmission *memory_mail_get_submission (MemoryMail *self);
GBytes               *memory_mail_get_submitted (MemoryMail *self);
unsigned              memory_mail_count_submitted (MemoryMail *self);

G_END_DECLS
