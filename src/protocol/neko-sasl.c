/* neko-sasl.c - the server side of SASL PLAIN and LOGIN
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sasl.h"

#include <string.h>

typedef NekoSaslStatus (*Step) (NekoSasl *self,
                                guint8   *response,
                                size_t    length);

struct _NekoSasl {
  Step        step;      /* (nullable): what takes the next response */
  const char *challenge; /* base64 */
  char       *user;
  NekoSecret *password;
};


NekoSasl *
neko_sasl_new (void)
{
  return g_new0 (NekoSasl, 1);
}


static void
clear (NekoSasl *self)
{
  self->step = NULL;
  self->challenge = "";
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, neko_secret_free);
}


void
neko_sasl_free (NekoSasl *self)
{
  if (self == NULL)
    return;

  clear (self);
  g_free (self);
}


static NekoSaslStatus
ask (NekoSasl   *self,
     const char *challenge,
     Step        step)
{
  self->challenge = challenge;
  self->step = step;

  return NEKO_SASL_CHALLENGE;
}


/* RFC 4616: message = [authzid] NUL authcid NUL passwd. Nobody may act for somebody else here, so an
 * authzid has to be the authcid. The buffer ends with a NUL of its own. */
static NekoSaslStatus
take_plain (NekoSasl *self,
            guint8   *response,
            size_t    length)
{
  const char *authorization = (const char *) response;
  const char *end = authorization + length;
  const char *user = authorization + strlen (authorization) + 1;
  const char *password;

  if (user >= end)
    return NEKO_SASL_MALFORMED;

  password = user + strlen (user) + 1;

  if (password > end || password + strlen (password) != end || *user == '\0')
    return NEKO_SASL_MALFORMED;

  if (*authorization != '\0' && !g_str_equal (authorization, user))
    return NEKO_SASL_MALFORMED;

  self->user = g_strdup (user);
  self->password = g_strdup (password);

  return NEKO_SASL_READY;
}


static NekoSaslStatus
take_login_password (NekoSasl *self,
                     guint8   *response,
                     size_t    length)
{
  if (strlen ((const char *) response) != length)
    return NEKO_SASL_MALFORMED;

  self->password = g_strdup ((const char *) response);

  return NEKO_SASL_READY;
}


static NekoSaslStatus
take_login_user (NekoSasl *self,
                 guint8   *response,
                 size_t    length)
{
  if (length == 0 || strlen ((const char *) response) != length)
    return NEKO_SASL_MALFORMED;

  self->user = g_strdup ((const char *) response);

  return ask (self, "UGFzc3dvcmQ6", take_login_password); /* "Password:" */
}


static const struct {
  const char *name;
  const char *challenge;
  Step        step;
} mechanisms[] = {
  { "PLAIN", "",             take_plain },
  { "LOGIN", "VXNlcm5hbWU6", take_login_user }, /* "Username:" */
};


/* g_base64_decode() skips what it does not know; RFC 4648 section 3.3 says to refuse it. */
static gboolean
is_base64 (const char *text)
{
  size_t length = strlen (text);
  size_t digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  size_t padding = strspn (text + digits, "=");

  return length % 4 == 0 && padding <= 2 && digits + padding == length;
}


static NekoSaslStatus
take_response (NekoSasl   *self,
               const char *text)
{
  Step step = g_steal_pointer (&self->step);
  NekoSaslStatus status;
  guint8 *response;
  gsize length = 0;

  if (!is_base64 (text))
    return NEKO_SASL_MALFORMED;

  /* g_base64_decode() gives no terminator. */
  response = g_base64_decode (text, &length);
  response = g_realloc (response, length + 1);
  response[length] = '\0';

  status = step (self, response, length);
  neko_secret_wipe (response, length);
  g_free (response);

  return status;
}


/**
 * neko_sasl_start:
 * @argument: what stands behind AUTH: a mechanism and perhaps an initial response, where "=" is an
 *   empty one (RFC 4954 section 4, RFC 5034 section 4)
 *
 * Begins an exchange, and forgets the one before.
 */
NekoSaslStatus
neko_sasl_start (NekoSasl   *self,
                 const char *argument)
{
  size_t length = strcspn (argument, " ");
  const char *initial = argument[length] == ' ' ? argument + length + 1 : NULL;

  clear (self);

  for (size_t i = 0; i < G_N_ELEMENTS (mechanisms); i++) {
    if (strlen (mechanisms[i].name) != length ||
        g_ascii_strncasecmp (mechanisms[i].name, argument, length) != 0)
      continue;

    ask (self, mechanisms[i].challenge, mechanisms[i].step);

    if (initial == NULL)
      return NEKO_SASL_CHALLENGE;

    return take_response (self, g_str_equal (initial, "=") ? "" : initial);
  }

  return NEKO_SASL_UNKNOWN;
}


/**
 * neko_sasl_respond:
 * @line: what the client sent after a challenge
 */
NekoSaslStatus
neko_sasl_respond (NekoSasl   *self,
                   const char *line)
{
  g_return_val_if_fail (self->step != NULL, NEKO_SASL_MALFORMED);

  if (g_str_equal (line, "*")) {
    clear (self);
    return NEKO_SASL_CANCELLED;
  }

  return take_response (self, line);
}


/**
 * neko_sasl_get_challenge:
 *
 * Returns: the challenge to send, in base64; may be empty
 */
const char *
neko_sasl_get_challenge (NekoSasl *self)
{
  return self->challenge;
}


char *
neko_sasl_steal_user (NekoSasl *self)
{
  return g_steal_pointer (&self->user);
}


NekoSecret *
neko_sasl_steal_password (NekoSasl *self)
{
  return g_steal_pointer (&self->password);
}
