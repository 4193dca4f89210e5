/* fuzz-dot-writer.c - what POP3 sends is what SMTP would receive, however it is cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-dot-reader.h"
#include "neko-dot-writer.h"


static GString *
write_in_steps (const uint8_t *data,
                size_t         size,
                size_t         step)
{
  NekoDotWriter writer = { 0 };
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < size; i += step)
    neko_dot_writer_write (&writer, text, data + i, MIN (step, size - i));

  neko_dot_writer_finish (&writer, text);

  return text;
}


/* Every line ends by CRLF, the last one too. */
static GByteArray *
end_lines (const uint8_t *data,
           size_t         size)
{
  GByteArray *text = g_byte_array_new ();

  for (size_t i = 0; i < size; i++) {
    if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
      g_byte_array_append (text, (const uint8_t *) "\r", 1);

    g_byte_array_append (text, data + i, 1);
  }

  if (size > 0 && data[size - 1] != '\n')
    g_byte_array_append (text, (const uint8_t *) "\r\n", 2);

  return text;
}


static GByteArray *
read_back (const GString *text)
{
  NekoDotReader reader = { 0 };
  GByteArray *message = g_byte_array_new ();
  const uint8_t *data = (const uint8_t *) text->str;
  size_t length = text->len;

  g_assert_true (neko_dot_reader_read (&reader, message, &data, &length));
  g_assert_cmpuint (length, ==, 0);

  return message;
}


/* The first octet says how long the pieces are. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GString) whole = NULL;
  g_autoptr (GString) pieces = NULL;
  g_autoptr (GByteArray) expected = NULL;
  g_autoptr (GByteArray) message = NULL;

  if (size == 0)
    return 0;

  whole = write_in_steps (data + 1, size - 1, size);
  pieces = write_in_steps (data + 1, size - 1, data[0] % 16 + 1);
  g_assert_cmpmem (whole->str, whole->len, pieces->str, pieces->len);

  expected = end_lines (data + 1, size - 1);
  message = read_back (whole);
  g_assert_cmpmem (message->data, message->len, expected->data, expected->len);

  return 0;
}
