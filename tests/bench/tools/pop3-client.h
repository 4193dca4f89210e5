/* pop3-client.h - what the parts of pop3-client share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pop3-conversation.h"

/**
 * BenchClientOptions:
 * @login: where to connect, and as whom
 * @sessions: how many at once
 * @window: how many messages are asked for ahead; 1 is one by one
 * @rounds: how often
 * @verify: (nullable): the corpus that the mailbox has to be
 * @clock_from_log_in: whether logging in is measured, too
 */
typedef struct {
  BenchLogin login;
  int        sessions;
  int        window;
  int        rounds;
  char      *verify;
  gboolean   clock_from_log_in;
} BenchClientOptions;

void bench_client_list (const BenchClientOptions *options);
void bench_client_log_in (const BenchClientOptions *options);
void bench_client_retrieve (const BenchClientOptions *options);
