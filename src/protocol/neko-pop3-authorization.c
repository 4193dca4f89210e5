/* neko-pop3-authorization.c - the commands that lead to a log-in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"


/* Not [AUTH]: a mail program that is told so takes the password for wrong and forgets a right one. It is
 * its configuration that has to change, RFC 3206 section 3. */
#define REFUSED_IN_CLEAR "-ERR [SYS/PERM] begin TLS first: set the connection security to STARTTLS"
#define NOT_UTF_8 "-ERR UTF-8 without control characters wanted"


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


/* RFC 6856 section 2.2: names and passwords may be UTF-8, whether UTF8 was said or not. Control
 * characters are in none. */
static gboolean
is_name (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return FALSE;
  }

  return TRUE;
}


/* RFC 1939 section 7 */
NekoPop3Action
neko_pop3_handle_user (NekoPop3Session *self,
                       const char      *argument)
{
  if (!may_log_in (self))
    return neko_pop3_session_reply (self, REFUSED_IN_CLEAR);

  if (!is_name (argument))
    return neko_pop3_session_refuse (self, NOT_UTF_8);

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

  if (!is_name (argument))
    return neko_pop3_session_refuse (self, NOT_UTF_8);

  self->password = g_strdup (argument);
  neko_pop3_session_enter_state (self, LOGGING_IN);

  return NEKO_POP3_LOG_IN;
}


static NekoPop3Action
take_credentials (NekoPop3Session *self)
{
  g_free (self->user);
  neko_secret_free (self->password);
  self->user = neko_sasl_steal_user (self->sasl);
  self->password = neko_sasl_steal_password (self->sasl);

  if (is_name (self->user) && is_name (self->password)) {
    neko_pop3_session_enter_state (self, LOGGING_IN);
    return NEKO_POP3_LOG_IN;
  }

  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, neko_secret_free);

  return neko_pop3_session_refuse (self, NOT_UTF_8);
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
    return take_credentials (self);

  case NEKO_SASL_CANCELLED:
    return neko_pop3_session_reply (self, "-ERR authentication cancelled");

  case NEKO_SASL_UNKNOWN:
    return neko_pop3_session_reply (self, "-ERR unknown mechanism, there are PLAIN and LOGIN");

  case NEKO_SASL_MALFORMED:
  default:
    return neko_pop3_session_refuse (self, "-ERR malformed authentication response");
  }
}


/* RFC 5034 section 4. Without an argument it lists the mechanisms; no RFC says so, but Outlook asks
 * and Dovecot answers. */
NekoPop3Action
neko_pop3_handle_auth (NekoPop3Session *self,
                       const char      *argument)
{
  if (argument == NULL)
    return neko_pop3_session_reply (self, may_log_in (self) ? "+OK\r\nPLAIN\r\nLOGIN\r\n."
                                                            : "+OK\r\n.");

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


/* RFC 6856 section 2.1. Messages are sent as they came, in either mode. */
NekoPop3Action
neko_pop3_handle_utf8 (NekoPop3Session *self,
                       const char      *argument)
{
  return neko_pop3_session_reply (self, "+OK");
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
                           "UTF8 USER\r\n"
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
