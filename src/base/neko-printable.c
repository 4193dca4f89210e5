/* neko-printable.c - what strangers said, made fit for a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-printable.h"

#include <string.h>


/* Control characters; and those that turn the direction of what follows, Unicode Annex 9, which makes one
 * thing look like another. */
static gboolean
is_printable (gunichar point)
{
  return !g_unichar_iscntrl (point) && !(point >= 0x202A && point <= 0x202E) &&
         !(point >= 0x2066 && point <= 0x2069);
}


/**
 * neko_printable_dup:
 * @text: what a mail program, a sender or a Worker said
 * @limit: octets of the result
 *
 * Returns: (transfer full): valid UTF-8 with question marks for what would do more than be seen, and the
 *   end left out where it is longer than @limit
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

    if (!is_printable (point))
      memset (character, '?', g_unichar_to_utf8 (point, NULL));
  }

  return printable;
}
