/* fuzz-top-filter.c - the top of a message ends at the same octet, however it is cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-top-filter.h"


static size_t
take_in_steps (const char *data,
               size_t      size,
               guint64     lines,
               size_t      step)
{
  NekoTopFilter filter = { .lines = lines };

  for (size_t i = 0; i < size; i += step) {
    size_t length = MIN (step, size - i);
    size_t taken = neko_top_filter_take (&filter, data + i, length);

    g_assert_cmpuint (taken, <=, length);

    if (taken < length)
      return i + taken;
  }

  return size;
}


static gboolean
is_empty_line (const char *line,
               const char *end)
{
  return end == line || (end == line + 1 && *line == '\r');
}


/* The same line by line. */
static size_t
find_end (const char *data,
          size_t      size,
          guint64     lines)
{
  gboolean is_in_body = FALSE;
  const char *line = data;

  while (!is_in_body || lines > 0) {
    const char *end = memchr (line, '\n', data + size - line);

    if (end == NULL)
      return size;

    if (is_in_body)
      lines--;
    else
      is_in_body = is_empty_line (line, end);

    line = end + 1;
  }

  return line - data;
}


/* The first octet says how many lines are wanted, and how long the pieces are. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = (const char *) data + 1;
  guint64 lines;
  size_t expected;

  if (size == 0)
    return 0;

  size--;
  lines = data[0] / 16;
  expected = find_end (text, size, lines);
  g_assert_cmpuint (take_in_steps (text, size, lines, size + 1), ==, expected);
  g_assert_cmpuint (take_in_steps (text, size, lines, data[0] % 16 + 1), ==, expected);

  return 0;
}
