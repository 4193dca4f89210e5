/* neko-smtp-parameters.c - what stands behind the path in MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-parameters.h"

#include <string.h>

/* Returns: (nullable): the reply that refuses the value */
typedef const char *(*Parse) (NekoSmtpParameters *self,
                              const char         *value);

typedef struct {
  const char *name;
  gboolean    has_value;
  Parse       parse;
} Parameter;


/* RFC 1870 section 6.1: up to 20 digits; a number that does not fit is too large as well. */
static const char *
parse_size (NekoSmtpParameters *self,
            const char         *value)
{
  guint64 size;

  if (strspn (value, "0123456789") != strlen (value))
    return "501 5.5.4 malformed SIZE";

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &size, NULL) || size > self->max_size)
    return self->too_large;

  return NULL;
}


/* RFC 6152 section 2; eight bits pass either way. */
static const char *
parse_body (NekoSmtpParameters *self,
            const char         *value)
{
  if (g_ascii_strcasecmp (value, "7BIT") == 0 || g_ascii_strcasecmp (value, "8BITMIME") == 0)
    return NULL;

  return "555 5.5.4 BODY is 7BIT or 8BITMIME here";
}


/* RFC 4954 section 5: whoever relays may say who submitted first; nobody relays here. */
static const char *
parse_auth (NekoSmtpParameters *self,
            const char         *value)
{
  return NULL;
}


static const char *
parse_utf8 (NekoSmtpParameters *self,
            const char         *value)
{
  self->is_utf8 = TRUE;

  return NULL;
}


/* RFC 3461 section 4.3 */
static const char *
parse_ret (NekoSmtpParameters *self,
           const char         *value)
{
  if (g_ascii_strcasecmp (value, "FULL") != 0 && g_ascii_strcasecmp (value, "HDRS") != 0)
    return "501 5.5.4 RET is FULL or HDRS";

  self->ret = g_ascii_strup (value, -1);

  return NULL;
}


/* xtext, RFC 3461 section 4: what it stands for goes into a header of a report, and so has to be
 * printable. */
static gboolean
is_xtext (const char *text)
{
  for (; *text != '\0'; text++) {
    if (*text == '=' || !g_ascii_isgraph (*text))
      return FALSE;

    if (*text == '+') {
      int high = g_ascii_xdigit_value (text[1]);
      int low = high >= 0 ? g_ascii_xdigit_value (text[2]) : -1;

      if (low < 0 || !g_ascii_isprint (high * 16 + low))
        return FALSE;

      text += 2;
    }
  }

  return TRUE;
}


/* RFC 3461 section 4.4 */
static const char *
parse_envelope_id (NekoSmtpParameters *self,
                   const char         *value)
{
  if (strlen (value) > NEKO_SMTP_ENVELOPE_ID_LIMIT)
    return "501 5.5.4 ENVID is too long";

  if (!is_xtext (value))
    return "501 5.5.4 malformed ENVID";

  self->envelope_id = g_strdup (value);

  return NULL;
}


/* RFC 3461 section 4.1 */
static const char *
parse_notify (NekoSmtpParameters *self,
              const char         *value)
{
  static const char *const keywords[] = { "NEVER", "SUCCESS", "FAILURE", "DELAY" };
  g_autofree char *capitals = g_ascii_strup (value, -1);
  g_auto (GStrv) list = g_strsplit (capitals, ",", -1);
  unsigned seen = 0;

  for (size_t i = 0; list[i] != NULL; i++) {
    unsigned bit = 0;

    for (size_t j = 0; j < G_N_ELEMENTS (keywords); j++) {
      if (g_str_equal (list[i], keywords[j]))
        bit = 1u << j;
    }

    if (bit == 0 || (seen & bit) != 0)
      return "501 5.5.4 NOTIFY is NEVER, or of SUCCESS, FAILURE and DELAY each once";

    seen |= bit;
  }

  if ((seen & 1) != 0 && seen != 1)
    return "501 5.5.4 NOTIFY=NEVER stands alone";

  self->notify = g_steal_pointer (&capitals);

  return NULL;
}


/* RFC 6533 section 3: "utf-8;" with xtext, where \x{HEX} may stand for a character, or with the
 * characters themselves where SMTPUTF8 allows them. */
static gboolean
is_utf8_text (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar character = g_utf8_get_char (text);

    if (character == '=' || character == '+' || !g_unichar_isgraph (character) ||
        g_unichar_isspace (character))
      return FALSE;
  }

  return TRUE;
}


/* RFC 3461 section 4.2: addr-type ";" xtext */
static const char *
parse_original (NekoSmtpParameters *self,
                const char         *value)
{
  size_t type = strcspn (value, ";");
  gboolean is_utf8 = self->is_utf8 && type == strlen ("utf-8") &&
                     g_ascii_strncasecmp (value, "utf-8", type) == 0;

  if (strlen (value) > NEKO_SMTP_ORIGINAL_LIMIT)
    return "501 5.5.4 ORCPT is too long";

  for (size_t i = 0; i < type; i++) {
    if (!g_ascii_isalnum (value[i]) && strchr ("-_.!#$%&'*/?^`{|}~", value[i]) == NULL)
      return "501 5.5.4 malformed ORCPT";
  }

  if (type == 0 || value[type] == '\0' || value[type + 1] == '\0' ||
      !(is_xtext (value + type + 1) || (is_utf8 && is_utf8_text (value + type + 1))))
    return "501 5.5.4 malformed ORCPT";

  self->original = g_strdup (value);

  return NULL;
}


static const Parameter mail_parameters[] = {
  { "SIZE",     TRUE,  parse_size        },
  { "BODY",     TRUE,  parse_body        },
  { "SMTPUTF8", FALSE, parse_utf8        },
  { "AUTH",     TRUE,  parse_auth        },
  { "RET",      TRUE,  parse_ret         },
  { "ENVID",    TRUE,  parse_envelope_id },
};

static const Parameter recipient_parameters[] = {
  { "NOTIFY", TRUE, parse_notify   },
  { "ORCPT",  TRUE, parse_original },
};


static const char *
parse_one (NekoSmtpParameters *self,
           const Parameter    *known,
           size_t              count,
           const char         *text,
           unsigned           *seen)
{
  size_t name = strcspn (text, "=");
  const char *value = text[name] == '=' ? text + name + 1 : NULL;

  for (size_t i = 0; i < count; i++) {
    if (strlen (known[i].name) != name || g_ascii_strncasecmp (known[i].name, text, name) != 0)
      continue;

    if ((*seen & (1u << i)) != 0)
      return "501 5.5.4 a parameter stands twice";

    if ((value != NULL) != known[i].has_value || (value != NULL && *value == '\0'))
      return "501 5.5.4 a parameter has no value, or one too many";

    *seen |= 1u << i;

    return known[i].parse (self, value);
  }

  return "555 5.5.4 unknown parameter";
}


static const char *
parse (NekoSmtpParameters *self,
       const Parameter    *known,
       size_t              count,
       const char         *text)
{
  g_auto (GStrv) list = g_strsplit (text, " ", -1);
  const char *refusal = NULL;
  unsigned seen = 0;

  for (size_t i = 0; list[i] != NULL && refusal == NULL; i++) {
    if (*list[i] != '\0')
      refusal = parse_one (self, known, count, list[i], &seen);
  }

  return refusal;
}


/**
 * neko_smtp_parameters_parse_mail:
 * @text: what stands behind the path of MAIL
 *
 * Returns: (nullable): the reply that refuses them
 */
const char *
neko_smtp_parameters_parse_mail (NekoSmtpParameters *self,
                                 const char         *text)
{
  return parse (self, mail_parameters, G_N_ELEMENTS (mail_parameters), text);
}


/**
 * neko_smtp_parameters_parse_recipient:
 * @text: what stands behind the path of RCPT
 *
 * Returns: (nullable): the reply that refuses them
 */
const char *
neko_smtp_parameters_parse_recipient (NekoSmtpParameters *self,
                                      const char         *text)
{
  return parse (self, recipient_parameters, G_N_ELEMENTS (recipient_parameters), text);
}


void
neko_smtp_parameters_clear (NekoSmtpParameters *self)
{
  g_clear_pointer (&self->ret, g_free);
  g_clear_pointer (&self->envelope_id, g_free);
  g_clear_pointer (&self->notify, g_free);
  g_clear_pointer (&self->original, g_free);
}
