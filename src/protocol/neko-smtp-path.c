/* neko-smtp-path.c - the argument of MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-path.h"

#include <string.h>


/* The length of a local part, RFC 5321 section 4.1.2: a dot-string or a quoted string; 0 where it is
 * neither.  A dot-string is taken liberally, as Postfix does: real addresses have dots at odd places. */
static size_t
span_local_part (const char *text)
{
  size_t length = 1;

  if (*text != '"')
    return strcspn (text, "@<>()[]\\,;:\" \t");

  while (text[length] != '\0' && text[length] != '"') {
    if (text[length] == '\\' && text[length + 1] != '\0')
      length++;

    length++;
  }

  return text[length] == '"' ? length + 1 : 0;
}


static size_t
span_domain (const char *text)
{
  size_t length;

  if (*text != '[')
    return strcspn (text, "@<>()[]\\,;:\" \t");

  length = strcspn (text, "] \t");

  return text[length] == ']' ? length + 1 : 0;
}


static gboolean
has_control_character (const char *text,
                       size_t      length)
{
  for (size_t i = 0; i < length; i++) {
    if (g_ascii_iscntrl (text[i]))
      return TRUE;
  }

  return FALSE;
}


static size_t
span_address (const char *text)
{
  size_t local_part = span_local_part (text);
  size_t domain;

  if (local_part == 0 || text[local_part] != '@')
    return 0;

  domain = span_domain (text + local_part + 1);

  return domain > 0 ? local_part + 1 + domain : 0;
}


/* RFC 5321 appendix C: a source route is taken and ignored. */
static const char *
skip_source_route (const char *text)
{
  const char *colon = strchr (text, ':');

  return *text == '@' && colon != NULL ? colon + 1 : text;
}


/**
 * neko_smtp_path_parse:
 * @text: (nullable): what stands behind the verb
 * @keyword: "FROM:" or "TO:"
 * @address: (out) (transfer full): the address without its brackets; "" for the empty reverse-path;
 *   not set where it is malformed or no UTF-8
 * @parameters: (out): what stands behind the path, "" for nothing; points into @text, and is not set
 *   where the path is malformed
 *
 * Parses `FROM:<address> parameters`, RFC 5321 section 4.1.2. A space behind the colon is no error,
 * since clients send it.
 */
NekoSmtpPathStatus
neko_smtp_path_parse (const char  *text,
                      const char  *keyword,
                      char       **address,
                      const char **parameters)
{
  size_t length;

  if (text == NULL || g_ascii_strncasecmp (text, keyword, strlen (keyword)) != 0)
    return NEKO_SMTP_PATH_MALFORMED;

  text += strlen (keyword);
  text += strspn (text, " ");

  if (*text++ != '<')
    return NEKO_SMTP_PATH_MALFORMED;

  text = skip_source_route (text);
  length = span_address (text);

  if (text[length] != '>' || (text[length + 1] != ' ' && text[length + 1] != '\0') ||
      length > NEKO_SMTP_PATH_LIMIT || has_control_character (text, length))
    return NEKO_SMTP_PATH_MALFORMED;

  *parameters = text + length + 1 + strspn (text + length + 1, " ");

  if (!g_utf8_validate (text, length, NULL))
    return NEKO_SMTP_PATH_NOT_UTF8;

  *address = g_strndup (text, length);

  return g_str_is_ascii (*address) ? NEKO_SMTP_PATH_FINE : NEKO_SMTP_PATH_UTF8;
}
