/* neko-pop3-authorization.c - the commands that lead to a log-in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"


/* Not [AUTH]: a mail program that is told so takes the password for wrong and forgets a right one. It is
 * its configuration that has to change, RFC 3206 section 3. */
#define REFUSED_IN_CLEAR "-ERR [SYS/PERM] begin TLS first: set the connection security to STARTTLS"


/* No password may cross the wire in clear, nor may be invited to. */
static gboolean
may_log_in (NekoPop3Session *self)
{
  return self->security != NEKO_SECURITY_REQUIRED;
}


static gboolean
may_begin_tls (NekoPop3Session *self)
{
  return self->security == NEKO_SECURITY_OFFERED || self->security == NEKO_SECURITY_REQUIRED;
}


/* RFC 1939 section 7 */
NekoPop3Action
neko_pop3_handle_user (NekoPop3Session *self,
                       const char      *argument)
{
  if (!may_log_in (self))
    return neko_pop3_session_reply (self, REFUSED_IN_CLEAR);

  g_free (self->user);
  self->user = g_strdup (argument);

  return neko_pop3_session_reply (self, "+OK");
}


NekoPop3Action
neko_pop3_handle_pass (NekoPop3Session *self,
                       const char      *argument)
{
  if (!may_log_in (self))
    return neko_pop3_session_reply (self, REFUSED_IN_CLEAR);

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
  if (!may_log_in (self))
    return neko_pop3_session_reply (self, REFUSED_IN_CLEAR);

  return proceed_exchange (self, neko_sasl_start (self->sasl, argument));
}


/* RFC 2595 section 4 */
NekoPop3Action
neko_pop3_handle_stls (NekoPop3Session *self,
                       const char      *argument)
{
  if (!may_begin_tls (self))
    return neko_pop3_session_reply (self, self->security == NEKO_SECURITY_TLS
                                          ? "-ERR TLS is active already"
                                          : "-ERR there is no TLS here");

  neko_pop3_session_reply (self, "+OK begin TLS");
  neko_pop3_session_enter_state (self, STARTING_TLS);

  return NEKO_POP3_START_TLS;
}


/* RFC 2449 section 5; only what works is listed. */
NekoPop3Action
neko_pop3_handle_capa (NekoPop3Session *self,
                       const char      *argument)
{
  neko_pop3_session_reply (self,
                           "+OK\r\n"
                           "TOP\r\n"
                           "UIDL\r\n"
                           "RESP-CODES\r\n"
                           "AUTH-RESP-CODE\r\n"
                           "PIPELINING\r\n"
                           "EXPIRE NEVER\r\n"
                           "LOGIN-DELAY 0");

  if (may_log_in (self))
    neko_pop3_session_reply (self, "USER\r\nSASL PLAIN LOGIN");

  if (may_begin_tls (self) && self->state == AUTHORIZATION)
    neko_pop3_session_reply (self, "STLS");

  return neko_pop3_session_reply (self, "IMPLEMENTATION neko-mail-" NEKO_VERSION "\r\n.");
}


/* What the client sent after a challenge. */
NekoPop3Action
neko_pop3_session_respond (NekoPop3Session *self,
                           const char      *line)
{
  return proceed_exchange (self, neko_sasl_respond (self->sasl, line));
}
