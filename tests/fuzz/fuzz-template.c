/* fuzz-template.c - values from strangers in a text of ours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-template.h"

static const char *const places[] = { "{account}", "{peer}", NULL };


static size_t
count (const char *text,
       const char *place)
{
  size_t number = 0;

  while ((text = strstr (text, place)) != NULL) {
    text += strlen (place);
    number++;
  }

  return number;
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) parts = g_strsplit (text, "\n", 3);
  const char *values[] = { "", "" };
  g_autofree char *filled = NULL;
  g_autofree char *same = neko_template_fill (text, places, places);
  size_t length;

  /* A place that is filled with itself is as it was. */
  g_assert_cmpstr (same, ==, text);

  if (g_strv_length (parts) < 3)
    return 0;

  values[0] = parts[0];
  values[1] = parts[1];
  filled = neko_template_fill (parts[2], places, values);
  length = strlen (parts[2]);

  for (size_t i = 0; places[i] != NULL; i++)
    length += count (parts[2], places[i]) * (strlen (values[i]) - strlen (places[i]));

  /* Each place was filled once, and what it was filled with was not. */
  g_assert_cmpuint (strlen (filled), ==, length);

  return 0;
}
