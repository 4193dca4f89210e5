/* neko-pop3-authorization.c - the commands that lead to a log-in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"


/* RFC 1939 section 7 */
NekoPop3Action
neko_pop3_handle_user (NekoPop3Session *self,
                       const char      *argument)
{
  g_free (self->user);
  self->user = g_strdup (argument);

  return neko_pop3_session_reply (self, "+OK");
}


NekoPop3Action
neko_pop3_handle_pass (NekoPop3Session *self,
                       const char      *argument)
{
  if (self->user == NULL)
    return neko_pop3_session_reply (self, "-ERR USER first");

  self->password = g_strdup (argument);
  neko_pop3_session_enter_state (self, LOGGING_IN);

  return NEKO_POP3_LOG_IN;
}


static NekoPop3Action
proceed_exchange (NekoPop3Session *self,
                  NekoSaslStatus   status)
{
  neko_pop3_session_enter_state (self, AUTHORIZATION);

  switch (status) {
  case NEKO_SASL_CHALLENGE:
    neko_pop3_session_enter_state (self, EXCHANGE);
    g_string_append_printf (self->output, "+ %s\r\n", neko_sasl_get_challenge (self->sasl));
    return NEKO_POP3_CONTINUE;

  case NEKO_SASL_READY:
    g_free (self->user);
    self->user = neko_sasl_steal_user (self->sasl);
    self->password = neko_sasl_steal_password (self->sasl);
    neko_pop3_session_enter_state (self, LOGGING_IN);
    return NEKO_POP3_LOG_IN;

  case NEKO_SASL_CANCELLED:
    return neko_pop3_session_reply (self, "-ERR authentication cancelled");

  case NEKO_SASL_UNKNOWN:
    return neko_pop3_session_reply (self, "-ERR unknown mechanism, there are PLAIN and LOGIN");

  case NEKO_SASL_MALFORMED:
  default:
    return neko_pop3_session_refuse (self, "-ERR malformed authentication response");
  }
}


/* RFC 5034 section 4 */
NekoPop3Action
neko_pop3_handle_auth (NekoPop3Session *self,
                       const char      *argument)
{
  return proceed_exchange (self, neko_sasl_start (self->sasl, argument));
}


/* RFC 2449 section 5; only what works is listed. */
NekoPop3Action
neko_pop3_handle_capa (NekoPop3Session *self,
                       const char      *argument)
{
  return neko_pop3_session_reply (self,
                                  "+OK\r\n"
                                  "TOP\r\n"
                                  "UIDL\r\n"
                                  "USER\r\n"
                                  "RESP-CODES\r\n"
                                  "AUTH-RESP-CODE\r\n"
                                  "PIPELINING\r\n"
                                  "SASL PLAIN LOGIN\r\n"
                                  "EXPIRE NEVER\r\n"
                                  "LOGIN-DELAY 0\r\n"
                                  "IMPLEMENTATION neko-mail-" NEKO_VERSION "\r\n"
                                  ".");
}


/* What the client sent after a challenge. */
NekoPop3Action
neko_pop3_session_respond (NekoPop3Session *self,
                           const char      *line)
{
  return proceed_exchange (self, neko_sasl_respond (self->sasl, line));
}
