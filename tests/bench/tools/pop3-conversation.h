/* pop3-conversation.h - one connection to a POP3 server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "reader.h"

typedef struct {
  int         port;
  const char *user;
  const char *password;
} BenchLogin;

BenchReader *bench_pop3_connect (const BenchLogin *login) G_GNUC_WARN_UNUSED_RESULT;
void         bench_pop3_log_in (BenchReader      *reader,
                                const BenchLogin *login);
char        *bench_pop3_ask (BenchReader *reader,
                             const char  *command);
size_t      *bench_pop3_list (BenchReader *reader,
                              size_t      *count) G_GNUC_WARN_UNUSED_RESULT;
void         bench_pop3_quit (BenchReader *reader);
void         bench_pop3_expect_ok (const char *line,
                                   const char *command);
