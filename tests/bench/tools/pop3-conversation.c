/* pop3-conversation.c - one connection to a POP3 server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pop3-conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockets.h"


void
bench_pop3_expect_ok (const char *line,
                      const char *command)
{
  if (!g_str_has_prefix (line, "+OK"))
    bench_fail ("%s: %s", command, line);
}


/**
 * bench_pop3_ask:
 * @command: without its CRLF
 *
 * Returns: the first line of the answer, which is +OK
 */
char *
bench_pop3_ask (BenchReader *reader,
                const char  *command)
{
  char line[512];
  char *answer;

  bench_send (reader->socket, line, snprintf (line, sizeof line, "%s\r\n", command));
  answer = bench_reader_line (reader);
  bench_pop3_expect_ok (answer, command);

  return answer;
}


BenchReader *
bench_pop3_connect (const BenchLogin *login)
{
  BenchReader *reader = bench_reader_new (bench_connect (login->port));

  bench_pop3_expect_ok (bench_reader_line (reader), "greeting");

  return reader;
}


void
bench_pop3_log_in (BenchReader      *reader,
                   const BenchLogin *login)
{
  char command[256];

  snprintf (command, sizeof command, "USER %s", login->user);
  bench_pop3_ask (reader, command);
  snprintf (command, sizeof command, "PASS %s", login->password);
  bench_pop3_ask (reader, command);
}


/**
 * bench_pop3_list:
 * @count: (out): how many messages there are
 *
 * Returns: (transfer full): their sizes
 */
size_t *
bench_pop3_list (BenchReader *reader,
                 size_t      *count)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (size_t));
  char *line;

  bench_pop3_ask (reader, "LIST");

  while (strcmp (line = bench_reader_line (reader), ".") != 0) {
    size_t number;
    size_t size;

    if (sscanf (line, "%zu %zu", &number, &size) != 2 || number != sizes->len + 1)
      bench_fail ("LIST: %s", line);

    g_array_append_val (sizes, size);
  }

  *count = sizes->len;

  return g_array_steal (sizes, NULL);
}


/* Closes the connection, too. */
void
bench_pop3_quit (BenchReader *reader)
{
  bench_pop3_ask (reader, "QUIT");
  bench_reader_free (reader);
}
