/* fuzz-dot-reader.c - however a message is cut, the same comes out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-dot-reader.h"


static size_t
read_in_steps (const uint8_t *data,
               size_t         size,
               size_t         step,
               GByteArray    *message)
{
  NekoDotReader reader = { 0 };

  for (size_t i = 0; i < size; i += step) {
    size_t length = MIN (step, size - i);
    const uint8_t *part = data + i;

    if (neko_dot_reader_read (&reader, message, &part, &length))
      return part - data;

    g_assert_cmpuint (length, ==, 0);
  }

  return size + 1;
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) octets = g_byte_array_new ();

  g_assert_cmpuint (read_in_steps (data, size, size + 1, whole), ==,
                    read_in_steps (data, size, 1, octets));
  g_assert_cmpmem (whole->data, whole->len, octets->data, octets->len);

  return 0;
}
