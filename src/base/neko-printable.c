/* neko-printable.c - what strangers said, made fit for a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-printable.h"

#include <string.h>


/**
 * neko_printable_dup:
 * @text: what a mail program, a sender or a Worker said
 * @limit: octets of the result
 *
 * Returns: (transfer full): valid UTF-8 with a question mark for each octet of a control character, and
 *   the end left out where it is longer than @limit
 */
char *
neko_printable_dup (const char *text,
                    size_t      limit)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  size_t length = strlen (valid);
  char *printable;

  if (length > limit)
    length = g_utf8_find_prev_char (valid, valid + limit + 1) - valid;

  printable = g_strndup (valid, length);

  for (char *character = printable; *character != '\0'; character = g_utf8_next_char (character)) {
    gunichar point = g_utf8_get_char (character);

    if (g_unichar_iscntrl (point))
      memset (character, '?', g_unichar_to_utf8 (point, NULL));
  }

  return printable;
}
