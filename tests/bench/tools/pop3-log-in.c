/* pop3-log-in.c - pop3-client log-in: sessions in which there is nothing new
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pop3-client.h"

#include <stdio.h>

#include "clock.h"
#include "statistics.h"


/* A session is timed from before the connection to the answer to QUIT. */
void
bench_client_log_in (const BenchClientOptions *options)
{
  g_autofree double *times = g_new (double, options->rounds);
  double begin = bench_now ();
  double seconds;

  for (int i = 0; i < options->rounds; i++) {
    double start = bench_now ();
    BenchReader *reader = bench_pop3_connect (&options->login);

    bench_pop3_log_in (reader, &options->login);
    bench_pop3_ask (reader, "STAT");
    bench_pop3_quit (reader);
    times[i] = bench_now () - start;
  }

  seconds = bench_now () - begin;
  printf ("{\"seconds\": %.6f, \"sessions\": %d, \"latency\": %.6f}\n",
          seconds, options->rounds, bench_median (times, options->rounds));
}
