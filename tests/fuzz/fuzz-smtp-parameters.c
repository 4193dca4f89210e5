/* fuzz-smtp-parameters.c - what clients may write behind the path in MAIL and RCPT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-smtp-parameters.h"


/* What goes to the Worker and into reports is one word, and no longer than that takes. */
static void
check_word (const char *text,
            size_t      limit)
{
  if (text == NULL)
    return;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <=, limit);
  g_assert_null (strpbrk (text, " \t\r\n"));
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  for (unsigned i = 0; i < 4; i++) {
    g_auto (NekoSmtpParameters) parameters = { .max_size = 1000, .too_large = "552 5.3.4", .is_utf8 = i & 1 };
    const char *refusal = i & 2 ? neko_smtp_parameters_parse_mail (&parameters, text)
                                : neko_smtp_parameters_parse_recipient (&parameters, text);

    g_assert_true (refusal == NULL || *refusal == '5');
    check_word (parameters.ret, 4);
    check_word (parameters.envelope_id, NEKO_SMTP_ENVELOPE_ID_LIMIT);
    check_word (parameters.notify, strlen ("SUCCESS,FAILURE,DELAY"));
    check_word (parameters.original, NEKO_SMTP_ORIGINAL_LIMIT);
  }

  return 0;
}
