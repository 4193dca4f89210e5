/* start-timer.c - how long a server takes from its exec to its greeting
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "reader.h"
#include "sockets.h"
#include "statistics.h"

#define GIVE_UP_SECONDS 30


static pid_t
start (char **command)
{
  pid_t child = vfork ();

  if (child < 0)
    bench_fail ("vfork: %s", g_strerror (errno));

  if (child == 0) {
    execv (command[0], command);
    _exit (127);
  }

  return child;
}


static double
time_once (int    port,
           char **command)
{
  double begin = bench_now ();
  pid_t child = start (command);
  double seconds;
  int socket;

  while ((socket = bench_try_connect (port)) < 0) {
    if (waitpid (child, NULL, WNOHANG) != 0 || bench_now () - begin > GIVE_UP_SECONDS)
      bench_fail ("%s does not listen on port %d", command[0], port);

    bench_sleep (0.0002);
  }

  {
    g_autoptr (BenchReader) reader = bench_reader_new (socket);

    bench_reader_line (reader);
    seconds = bench_now () - begin;
  }

  kill (child, SIGTERM);
  waitpid (child, NULL, 0);

  return seconds;
}


int
main (int   argc,
      char *argv[])
{
  g_autofree double *times = NULL;
  int rounds;

  g_set_prgname ("start-timer");

  if (argc < 4)
    bench_fail ("start-timer PORT ROUNDS PROGRAM [ARGUMENT…]");

  rounds = atoi (argv[2]);
  times = g_new (double, rounds);

  for (int i = 0; i < rounds; i++)
    times[i] = time_once (atoi (argv[1]), argv + 3);

  printf ("{\"seconds\": %.6f}\n", bench_median (times, rounds));

  return EXIT_SUCCESS;
}
