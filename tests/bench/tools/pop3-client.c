/* pop3-client.c - a POP3 client that costs as little as it can, so that the server is measured
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pop3-client.h"

#include <stdlib.h>

#include "sockets.h"

static const struct {
  const char *name;
  void        (*run) (const BenchClientOptions *options);
} commands[] = {
  { "list",     bench_client_list     },
  { "log-in",   bench_client_log_in   },
  { "retrieve", bench_client_retrieve },
};


int
main (int   argc,
      char *argv[])
{
  BenchClientOptions options = { .sessions = 1, .window = 1, .rounds = 1 };
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &options.login.port, "Where the server is", "PORT" },
    { "user", 0, 0, G_OPTION_ARG_STRING, &options.login.user, "Who logs in", "NAME" },
    { "password", 0, 0, G_OPTION_ARG_STRING, &options.login.password, "With what", "PASSWORD" },
    { "sessions", 0, 0, G_OPTION_ARG_INT, &options.sessions, "How many at once", "N" },
    { "window", 0, 0, G_OPTION_ARG_INT, &options.window, "How many RETR are sent ahead", "N" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &options.rounds, "How often", "N" },
    { "verify", 0, 0, G_OPTION_ARG_STRING, &options.verify, "What it has to be", "COUNT,MIN,MAX" },
    { "clock-from-log-in", 0, 0, G_OPTION_ARG_NONE, &options.clock_from_log_in,
      "Measure logging in, too", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("list|log-in|retrieve");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);

  for (size_t i = 0; argc == 2 && i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (argv[1], commands[i].name)) {
      commands[i].run (&options);
      return EXIT_SUCCESS;
    }
  }

  bench_fail ("list, log-in or retrieve?");
}
