/* test-dot-reader.c - messages on their way in, cut anywhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-dot-reader.h"

typedef struct {
  const char *name;
  const char *input;
  const char *message; /* NULL where it does not end */
  const char *rest;    /* what is left behind the end */
  gboolean    is_bare;
} Sample;

static const Sample samples[] = {
  { "empty",          ".\r\n",                          "",                    "",      FALSE },
  { "one-line",       "a\r\n.\r\n",                     "a\r\n",               "",      FALSE },
  { "stuffed",        "..\r\n...\r\n..x\r\n.\r\n",      ".\r\n..\r\n.x\r\n",   "",      FALSE },
  { "unstuffed",      ".x\r\n.\r\n",                    "x\r\n",               "",      FALSE },
  { "pipelined",      "a\r\n.\r\nQUIT\r\n",             "a\r\n",               "QUIT\r\n", FALSE },
  { "eight-bit",      "\xff\xfe\r\n.\r\n",              "\xff\xfe\r\n",        "",      FALSE },
  /* Nothing but CRLF.CRLF ends a message ("SMTP smuggling"). */
  { "lf-dot-lf",      "a\n.\nb\r\n.\r\n",               "a\n.\nb\r\n",         "",      TRUE  },
  { "lf-dot-crlf",    "a\n.\r\nb\r\n.\r\n",             "a\n.\r\nb\r\n",       "",      TRUE  },
  { "cr-dot-cr",      "a\r.\rb\r\n.\r\n",               "a\r.\rb\r\n",         "",      TRUE  },
  { "crlf-dot-lf",    "a\r\n.\nb\r\n.\r\n",             "a\r\n\nb\r\n",        "",      TRUE  },
  { "crlf-dot-cr",    "a\r\n.\rb\r\n.\r\n",             "a\r\n\rb\r\n",        "",      TRUE  },
  { "bare-lf",        "a\nb\r\n.\r\n",                  "a\nb\r\n",            "",      TRUE  },
  { "bare-cr",        "a\rb\r\n.\r\n",                  "a\rb\r\n",            "",      TRUE  },
  { "cr-cr-lf",       "a\r\r\nb\r\n.\r\n",              "a\r\r\nb\r\n",        "",      TRUE  },
  { "no-end",         "a\r\n.",                         NULL,                  NULL,    FALSE },
  { "dot-in-line",    "a.\r\n.\r\n",                    "a.\r\n",              "",      FALSE },
};


static void
read_in_steps (const Sample *sample,
               size_t        step)
{
  NekoDotReader reader = { 0 };
  g_autoptr (GByteArray) message = g_byte_array_new ();
  size_t total = strlen (sample->input);
  gboolean is_end = FALSE;
  size_t position = 0;

  while (position < total && !is_end) {
    const uint8_t *data = (const uint8_t *) sample->input + position;
    size_t length = MIN (step, total - position);
    size_t before = length;

    is_end = neko_dot_reader_read (&reader, message, &data, &length);
    position += before - length;
    g_assert_true (is_end || length == 0);
  }

  g_assert_cmpint (is_end, ==, sample->message != NULL);

  if (!is_end)
    return;

  g_assert_cmpmem (message->data, message->len, sample->message, strlen (sample->message));
  g_assert_cmpstr (sample->input + position, ==, sample->rest);
  g_assert_cmpint (reader.has_bare_line_end, ==, sample->is_bare);
}


static void
test_sample (gconstpointer user_data)
{
  const Sample *sample = user_data;

  for (size_t step = 1; step <= strlen (sample->input); step++)
    read_in_steps (sample, step);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/dot-reader/%s", samples[i].name);

    g_test_add_data_func (path, &samples[i], test_sample);
  }

  return g_test_run ();
}
