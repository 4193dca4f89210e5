/* neko-pop3-commands.c - the table of POP3 commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"

#include <string.h>


void
neko_pop3_session_enter_state (NekoPop3Session *self,
                               NekoPop3State    state)
{
  g_debug ("pop3: %#x -> %#x", self->state, state);
  self->state = state;
}


NekoPop3Action
neko_pop3_session_reply (NekoPop3Session *self,
                         const char      *line)
{
  g_string_append_printf (self->output, "%s\r\n", line);

  return NEKO_POP3_CONTINUE;
}


NekoPop3Action
neko_pop3_session_close (NekoPop3Session *self,
                         const char      *line)
{
  neko_pop3_session_enter_state (self, CLOSED);
  neko_pop3_session_reply (self, line);

  return NEKO_POP3_CLOSE;
}


/* Ten refusals in a row end the session. */
NekoPop3Action
neko_pop3_session_refuse (NekoPop3Session *self,
                          const char      *line)
{
  if (neko_command_reader_count_bad (self->reader))
    return neko_pop3_session_close (self, "-ERR too many bad commands");

  return neko_pop3_session_reply (self, line);
}


/* RFC 1939 section 6: deletion happens here and nowhere else. */
static NekoPop3Action
handle_quit (NekoPop3Session *self,
             const char      *argument)
{
  if (self->marked == 0)
    return neko_pop3_session_close (self, "+OK bye");

  neko_pop3_session_enter_state (self, UPDATE);

  return NEKO_POP3_UPDATE;
}


typedef enum {
  NO_ARGUMENT,
  ONE_ARGUMENT,
  ANY_ARGUMENT,
} Argument;

static const struct {
  const char     *verb;
  unsigned        states;
  Argument        argument;
  NekoPop3Handler handle;
} commands[] = {
  { "USER", AUTHORIZATION,               ONE_ARGUMENT, neko_pop3_handle_user },
  { "PASS", AUTHORIZATION,               ONE_ARGUMENT, neko_pop3_handle_pass },
  { "AUTH", AUTHORIZATION,               ANY_ARGUMENT, neko_pop3_handle_auth },
  { "STLS", AUTHORIZATION,               NO_ARGUMENT,  neko_pop3_handle_stls },
  { "UTF8", AUTHORIZATION,               NO_ARGUMENT,  neko_pop3_handle_utf8 },
  { "CAPA", AUTHORIZATION | TRANSACTION, NO_ARGUMENT,  neko_pop3_handle_capa },
  { "STAT", TRANSACTION,                 NO_ARGUMENT,  neko_pop3_handle_stat },
  { "LIST", TRANSACTION,                 ANY_ARGUMENT, neko_pop3_handle_list },
  { "UIDL", TRANSACTION,                 ANY_ARGUMENT, neko_pop3_handle_uidl },
  { "RETR", TRANSACTION,                 ONE_ARGUMENT, neko_pop3_handle_retr },
  { "TOP",  TRANSACTION,                 ONE_ARGUMENT, neko_pop3_handle_top },
  { "DELE", TRANSACTION,                 ONE_ARGUMENT, neko_pop3_handle_dele },
  { "RSET", TRANSACTION,                 NO_ARGUMENT,  neko_pop3_handle_rset },
  { "NOOP", TRANSACTION,                 NO_ARGUMENT,  neko_pop3_handle_noop },
  { "QUIT", AUTHORIZATION | TRANSACTION, NO_ARGUMENT,  handle_quit },
};


static gboolean
fits (Argument    wanted,
      const char *argument)
{
  return wanted == ANY_ARGUMENT || (wanted == ONE_ARGUMENT) == (argument != NULL);
}


NekoPop3Action
neko_pop3_session_handle_command (NekoPop3Session *self,
                                  const char      *line)
{
  size_t verb_length = strcspn (line, " ");
  const char *argument = line[verb_length] == ' ' ? line + verb_length + 1 : NULL;

  /* Some clients send a space behind a verb that has no argument. */
  if (argument != NULL && *argument == '\0')
    argument = NULL;

  self->conversation.verb = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strlen (commands[i].verb) != verb_length ||
        g_ascii_strncasecmp (commands[i].verb, line, verb_length) != 0)
      continue;

    self->conversation.verb = commands[i].verb;

    if ((commands[i].states & self->state) == 0)
      return neko_pop3_session_refuse (self, self->state == TRANSACTION ? "-ERR logged in already"
                                                                    : "-ERR log in first");

    if (!fits (commands[i].argument, argument))
      return neko_pop3_session_refuse (self, argument == NULL ? "-ERR argument missing"
                                                              : "-ERR no argument wanted");

    neko_command_reader_forgive (self->reader);

    return commands[i].handle (self, argument);
  }

  return neko_pop3_session_refuse (self, "-ERR unknown command");
}
