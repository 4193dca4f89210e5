/* neko-smtp-parameters.c - what stands behind the path in MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-parameters.h"

#include <string.h>


/* Returns: (nullable): the reply that refuses a parameter of MAIL */
static const char *
check_mail_parameter (const char *parameter,
                      guint64     max_size)
{
  if (g_ascii_strncasecmp (parameter, "SIZE=", strlen ("SIZE=")) == 0) {
    const char *digits = parameter + strlen ("SIZE=");
    guint64 size;

    /* RFC 1870 section 6.1: up to 20 digits; a number that does not fit is too large as well. */
    if (*digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
      return "501 5.5.4 malformed SIZE";

    if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, &size, NULL) ||
        size > max_size)
      return "552 5.3.4 message is too large; attachments grow by a third when they are sent";

    return NULL;
  }

  if (g_ascii_strcasecmp (parameter, "BODY=7BIT") == 0 ||
      g_ascii_strcasecmp (parameter, "BODY=8BITMIME") == 0)
    return NULL;

  /* RFC 4954 section 5: whoever relays may say who submitted first; nobody relays here. */
  if (g_ascii_strncasecmp (parameter, "AUTH=", strlen ("AUTH=")) == 0)
    return NULL;

  return "555 5.5.4 unknown parameter";
}


/**
 * neko_smtp_parameters_check_mail:
 * @parameters: what stands behind the path
 * @max_size: the largest message that may be sent
 *
 * Returns: (nullable): the reply that refuses them
 */
const char *
neko_smtp_parameters_check_mail (const char *parameters,
                                 guint64     max_size)
{
  g_auto (GStrv) list = g_strsplit (parameters, " ", -1);
  const char *refusal = NULL;

  for (size_t i = 0; list[i] != NULL && refusal == NULL; i++) {
    if (*list[i] != '\0')
      refusal = check_mail_parameter (list[i], max_size);
  }

  return refusal;
}
