/* neko-template.c - a text with places that are filled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-template.h"

#include <string.h>


/**
 * neko_template_fill:
 * @places: (array zero-terminated=1): what stands for a value in @text
 * @values: (array): as many as @places
 *
 * In one pass, for a value may be a stranger's, and look like a place.
 *
 * Returns: (transfer full): @text with each place filled, wherever and however often it is in it
 */
char *
neko_template_fill (const char        *text,
                    const char *const *places,
                    const char *const *values)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  while (*text != '\0') {
    size_t i = 0;

    while (places[i] != NULL && !g_str_has_prefix (text, places[i]))
      i++;

    if (places[i] == NULL) {
      g_string_append_c (filled, *text++);
    } else {
      g_string_append (filled, values[i]);
      text += strlen (places[i]);
    }
  }

  return g_string_free (g_steal_pointer (&filled), FALSE);
}
