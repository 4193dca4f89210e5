/* neko-prompt.c - a secret from standard input
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-prompt.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* What may end the program while the terminal shows nothing. */
static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

static struct termios terminal_before;


static void
restore_terminal (int number)
{
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &terminal_before);
  raise (number); /* the handler is gone, by SA_RESETHAND */
}


static gboolean
hide_input (const char *question)
{
  struct sigaction action = { .sa_handler = restore_terminal, .sa_flags = SA_RESETHAND };
  struct termios silent;

  if (tcgetattr (STDIN_FILENO, &terminal_before) < 0)
    return FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, NULL);

  silent = terminal_before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  fputs (question, stderr);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);

  return TRUE;
}


static void
show_input (void)
{
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &terminal_before);
  fputc ('\n', stderr);

  for (size_t i = 0; i < G_N_ELEMENTS (signals); i++)
    signal (signals[i], SIG_DFL);
}


/* Reads past stdio, which would keep a copy. */
static gssize
read_line (char  *line,
           size_t size)
{
  size_t length = 0;
  char next;
  ssize_t got;

  while ((got = read (STDIN_FILENO, &next, 1)) != 0 && next != '\n') {
    if (got < 0 && errno == EINTR)
      continue;

    if (got < 0 || length == size)
      return -1;

    line[length++] = next;
  }

  return length > 0 && line[length - 1] == '\r' ? (gssize) length - 1 : (gssize) length;
}


/**
 * neko_prompt_read_secret:
 * @question: for somebody who sits at a terminal
 *
 * Reads a line; where standard input is a terminal, without showing it. A secret in the command line
 * would be seen by everybody on this computer.
 *
 * Returns: (transfer full): a secret of at most %NEKO_PROMPT_LIMIT octets, or %NULL with @error set
 */
NekoSecret *
neko_prompt_read_secret (const char *question,
                         GError    **error)
{
  g_autoptr (NekoSecret) secret = g_malloc0 (NEKO_PROMPT_LIMIT + 2);
  gboolean is_hidden = hide_input (question);
  gssize length = read_line (secret, NEKO_PROMPT_LIMIT + 1);

  if (is_hidden)
    show_input ();

  if (length > 0 && length <= NEKO_PROMPT_LIMIT) {
    secret[length] = '\0';
    return g_steal_pointer (&secret);
  }

  if (length == 0)
    g_set_error_literal (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_SECRET,
                         "There is no password on standard input");
  else
    g_set_error (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_SECRET,
                 "The password on standard input cannot be read, or is longer than %d octets",
                 NEKO_PROMPT_LIMIT);

  return NULL;
}
