/* pop3-list.c - pop3-client list: how long a large mailbox takes to be looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pop3-client.h"

#include <stdio.h>

#include "clock.h"
#include "statistics.h"


static double
time_list (BenchReader *reader,
           const char  *command)
{
  double begin = bench_now ();

  bench_pop3_ask (reader, command);
  bench_reader_body (reader, 0, NULL);

  return bench_now () - begin;
}


/* The median of each, in seconds. */
void
bench_client_list (const BenchClientOptions *options)
{
  g_autofree double *log_ins = g_new (double, options->rounds);
  g_autofree double *lists = g_new (double, options->rounds);
  g_autofree double *uidls = g_new (double, options->rounds);
  size_t count = 0;

  for (int i = 0; i < options->rounds; i++) {
    double begin = bench_now ();
    BenchReader *reader = bench_pop3_connect (&options->login);

    bench_pop3_log_in (reader, &options->login);
    sscanf (bench_pop3_ask (reader, "STAT"), "+OK %zu", &count);
    log_ins[i] = bench_now () - begin;
    lists[i] = time_list (reader, "LIST");
    uidls[i] = time_list (reader, "UIDL");
    bench_pop3_quit (reader);
  }

  printf ("{\"messages\": %zu, \"login\": %.6f, \"list\": %.6f, \"uidl\": %.6f}\n", count,
          bench_median (log_ins, options->rounds), bench_median (lists, options->rounds),
          bench_median (uidls, options->rounds));
}
