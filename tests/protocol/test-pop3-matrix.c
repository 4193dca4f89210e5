/* test-pop3-matrix.c - every POP3 command in every state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-pop3-session.h"

typedef struct {
  const char  *name;
  NekoSecurity security;
  const char  *before;   /* what was said to come there */
} State;

enum {
  CLEAR,
  NAMED,
  OFFERED,
  REQUIRED,
  IN_TLS,
  EXCHANGE,
  TRANSACTION,
  MARKED,
  N_STATES,
};

static const State states[N_STATES] = {
  [CLEAR]       = { "clear",       NEKO_SECURITY_CLEAR,    ""                             },
  [NAMED]       = { "named",       NEKO_SECURITY_CLEAR,    "USER a\r\n"                   },
  [OFFERED]     = { "offered",     NEKO_SECURITY_OFFERED,  ""                             },
  [REQUIRED]    = { "required",    NEKO_SECURITY_REQUIRED, ""                             },
  [IN_TLS]      = { "in-tls",      NEKO_SECURITY_REQUIRED, "STLS\r\n"                     },
  [EXCHANGE]    = { "exchange",    NEKO_SECURITY_CLEAR,    "AUTH PLAIN\r\n"               },
  [TRANSACTION] = { "transaction", NEKO_SECURITY_CLEAR,    "USER a\r\nPASS b\r\n"         },
  [MARKED]      = { "marked",      NEKO_SECURITY_CLEAR,    "USER a\r\nPASS b\r\nDELE 1\r\n" },
};

/* What comes of a command: the first line of the reply without CRLF, or the action in parentheses. */
#define OK "+OK"
#define FIRST "-ERR log in first"
#define ALREADY "-ERR logged in already"
#define MISSING "-ERR argument missing"
#define SURPLUS "-ERR no argument wanted"
#define UNKNOWN "-ERR unknown command"
#define MALFORMED "-ERR malformed authentication response"
#define IN_CLEAR "-ERR [SYS/PERM] begin TLS first: set the connection security to STARTTLS"
#define DELETED "-ERR message is deleted"
#define LOG_IN "(log in)"

typedef struct {
  const char *line;
  const char *results[N_STATES];
} Row;

/* Most commands do the same in all states before the log-in but the exchange. */
#define BEFORE(result) result, result, result, result, result, MALFORMED

static const Row rows[] = {
  { "",                { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "WHAT",            { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "LAST",            { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "LANG",            { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "APOP a b",        { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { " NOOP",           { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "NOOPE",           { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "USER",            { BEFORE (MISSING), ALREADY, ALREADY } },
  { "USER a",          { OK, OK, OK, IN_CLEAR, OK, MALFORMED, ALREADY, ALREADY } },
  { "PASS",            { BEFORE (MISSING), ALREADY, ALREADY } },
  { "PASS b",          { "-ERR USER first", LOG_IN, "-ERR USER first", IN_CLEAR, "-ERR USER first",
                         MALFORMED, ALREADY, ALREADY } },
  { "AUTH",            { BEFORE (OK), ALREADY, ALREADY } },
  { "AUTH PLAIN",      { "+ ", "+ ", "+ ", IN_CLEAR, "+ ", MALFORMED, ALREADY, ALREADY } },
  { "AUTH PLAIN AGEAYg==", { LOG_IN, LOG_IN, LOG_IN, IN_CLEAR, LOG_IN, MALFORMED, ALREADY, ALREADY } },
  { "AGEAYg==",        { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "*",               { BEFORE (UNKNOWN), UNKNOWN, UNKNOWN } },
  { "STLS",            { "-ERR there is no TLS here", "-ERR there is no TLS here", "(start TLS)",
                         "(start TLS)", "-ERR TLS is active already", MALFORMED, ALREADY, ALREADY } },
  { "STLS now",        { BEFORE (SURPLUS), ALREADY, ALREADY } },
  { "UTF8",            { BEFORE (OK), ALREADY, ALREADY } },
  { "UTF8 x",          { BEFORE (SURPLUS), ALREADY, ALREADY } },
  { "CAPA",            { BEFORE (OK), OK, OK } },
  { "CAPA x",          { BEFORE (SURPLUS), SURPLUS, SURPLUS } },
  { "STAT",            { BEFORE (FIRST), "+OK 2 30", "+OK 1 20" } },
  { "STAT 1",          { BEFORE (FIRST), SURPLUS, SURPLUS } },
  { "LIST",            { BEFORE (FIRST), "+OK 2 messages", "+OK 1 messages" } },
  { "LIST 1",          { BEFORE (FIRST), "+OK 1 10", DELETED } },
  { "UIDL",            { BEFORE (FIRST), "+OK 2 messages", "+OK 1 messages" } },
  { "UIDL 1",          { BEFORE (FIRST), "+OK 1 id", DELETED } },
  { "RETR",            { BEFORE (FIRST), MISSING, MISSING } },
  { "RETR 1",          { BEFORE (FIRST), "(retrieve)", DELETED } },
  { "TOP",             { BEFORE (FIRST), MISSING, MISSING } },
  { "TOP 1 0",         { BEFORE (FIRST), "(retrieve)", DELETED } },
  { "DELE",            { BEFORE (FIRST), MISSING, MISSING } },
  { "DELE 1",          { BEFORE (FIRST), "+OK marked for deletion at QUIT", DELETED } },
  { "RSET",            { BEFORE (FIRST), "+OK nothing is marked", "+OK nothing is marked" } },
  { "RSET x",          { BEFORE (FIRST), SURPLUS, SURPLUS } },
  { "NOOP",            { BEFORE (FIRST), OK, OK } },
  { "NOOP x",          { BEFORE (FIRST), SURPLUS, SURPLUS } },
  { "QUIT",            { BEFORE ("(close) +OK bye"), "(close) +OK bye", "(update)" } },
  { "QUIT x",          { BEFORE (SURPLUS), SURPLUS, SURPLUS } },
};


static guint64
get_octets (gconstpointer data,
            size_t        position)
{
  return (position + 1) * 10;
}


static const char *
get_unique_id (gconstpointer data,
               size_t        position)
{
  return "id";
}


/* Says a text and answers what comes of it, as an owner does whom everything succeeds. */
static void
come_to (NekoPop3Session *session,
         const char      *text)
{
  static const NekoPop3Listing listing = { 2, 30, get_octets, get_unique_id, NULL };
  const uint8_t *data = (const uint8_t *) text;
  size_t length = strlen (text);

  while (length > 0) {
    switch (neko_pop3_session_feed (session, &data, &length)) {
    case NEKO_POP3_LOG_IN:
      neko_pop3_session_logged_in (session, &listing);
      break;

    case NEKO_POP3_START_TLS:
      neko_pop3_session_set_security (session, NEKO_SECURITY_TLS);
      break;

    case NEKO_POP3_CONTINUE:
      break;

    case NEKO_POP3_RETRIEVE:
    case NEKO_POP3_UPDATE:
    case NEKO_POP3_CLOSE:
    default:
      g_assert_not_reached ();
    }
  }

  g_string_truncate (neko_pop3_session_get_output (session), 0);
}


static NekoPop3Session *
make_session (const State *state)
{
  NekoPop3Session *session = neko_pop3_session_new ();

  neko_pop3_session_set_security (session, state->security);
  come_to (session, state->before);

  return session;
}


static char *
describe (NekoPop3Action action,
          const char    *output)
{
  g_autofree char *line = g_strndup (output, strcspn (output, "\r"));

  switch (action) {
  case NEKO_POP3_LOG_IN:
    g_assert_cmpstr (output, ==, "");
    return g_strdup (LOG_IN);

  case NEKO_POP3_RETRIEVE:
    g_assert_cmpstr (output, ==, "");
    return g_strdup ("(retrieve)");

  case NEKO_POP3_UPDATE:
    g_assert_cmpstr (output, ==, "");
    return g_strdup ("(update)");

  case NEKO_POP3_START_TLS:
    g_assert_cmpstr (output, ==, "+OK begin TLS\r\n");
    return g_strdup ("(start TLS)");

  case NEKO_POP3_CLOSE:
    return g_strdup_printf ("(close) %s", line);

  case NEKO_POP3_CONTINUE:
  default:
    return g_steal_pointer (&line);
  }
}


static const char *
get_result (const Row *row,
            size_t     state)
{
  if (state == EXCHANGE && g_str_equal (row->line, "*"))
    return "-ERR authentication cancelled";

  if (state == EXCHANGE && g_str_equal (row->line, "AGEAYg=="))
    return LOG_IN;

  return row->results[state];
}


static void
test_state (gconstpointer user_data)
{
  const State *state = user_data;

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (NekoPop3Session) session = make_session (state);
    GString *output = neko_pop3_session_get_output (session);
    g_autofree char *line = g_strconcat (rows[i].line, "\r\n", NULL);
    const uint8_t *data = (const uint8_t *) line;
    size_t length = strlen (line);
    NekoPop3Action action = neko_pop3_session_feed (session, &data, &length);
    g_autofree char *result = describe (action, output->str);

    g_test_message ("%s", rows[i].line);
    g_assert_cmpstr (result, ==, get_result (&rows[i], state - states));
    g_assert_cmpuint (length, ==, 0);
    g_assert_true (output->len == 0 || g_str_has_suffix (output->str, "\r\n"));
  }
}


/* What is pipelined behind a command that needs the owner stays in the input. */
static void
test_pipelined (gconstpointer user_data)
{
  const State *state = user_data;

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (NekoPop3Session) session = make_session (state);
    g_autofree char *text = g_strconcat (rows[i].line, "\r\nNOOP\r\n", NULL);
    const uint8_t *data = (const uint8_t *) text;
    size_t length = strlen (text);
    NekoPop3Action action = neko_pop3_session_feed (session, &data, &length);

    g_assert_cmpuint (length, ==, action == NEKO_POP3_CONTINUE ? 0 : strlen ("NOOP\r\n"));
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < N_STATES; i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/pop3-matrix/%s", states[i].name);
    g_autofree char *pipelined = g_strdup_printf ("/protocol/pop3-matrix/pipelined/%s",
                                                  states[i].name);

    g_test_add_data_func (path, &states[i], test_state);
    g_test_add_data_func (pipelined, &states[i], test_pipelined);
  }

  return g_test_run ();
}
