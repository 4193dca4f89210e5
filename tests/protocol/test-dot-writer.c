/* test-dot-writer.c - messages on their way out, cut anywhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-dot-reader.h"
#include "neko-dot-writer.h"

typedef struct {
  const char *name;
  const char *stored;
  const char *sent;
} Sample;

static const Sample samples[] = {
  { "empty",          "",                      ".\r\n"                        },
  { "headers-only",   "Subject: x\r\n\r\n",    "Subject: x\r\n\r\n.\r\n"      },
  { "no-final-crlf",  "a\r\nb",                "a\r\nb\r\n.\r\n"              },
  { "bare-lf",        "a\n\nb\n",              "a\r\n\r\nb\r\n.\r\n"          },
  { "lone-cr",        "a\rb\r\n",              "a\rb\r\n.\r\n"                },
  { "final-cr",       "a\r",                   "a\r\r\n.\r\n"                 },
  { "cr-cr-lf",       "a\r\r\nb\r\n",          "a\r\r\nb\r\n.\r\n"            },
  { "dots",           ".\r\n..\r\n.x\r\nx.\r\n", "..\r\n...\r\n..x\r\nx.\r\n.\r\n" },
  { "dot-behind-lf",  "a\n.b\n",               "a\r\n..b\r\n.\r\n"            },
  { "dot-behind-cr",  "a\r.b\r\n",             "a\r.b\r\n.\r\n"               },
  { "latin-1",        "na\xefve\r\n",          "na\xefve\r\n.\r\n"            },
  { "utf-8",          "\xe4\xbd\xa0\r\n",      "\xe4\xbd\xa0\r\n.\r\n"        },
};


static char *
write_in_steps (const char *text,
                size_t      length,
                size_t      step)
{
  NekoDotWriter writer = { 0 };
  GString *output = g_string_new (NULL);

  for (size_t i = 0; i < length; i += step)
    neko_dot_writer_write (&writer, output, (const uint8_t *) text + i, MIN (step, length - i));

  neko_dot_writer_finish (&writer, output);

  return g_string_free (output, FALSE);
}


static void
test_sample (gconstpointer user_data)
{
  const Sample *sample = user_data;
  size_t length = strlen (sample->stored);

  for (size_t step = 1; step <= length + 1; step++) {
    g_autofree char *sent = write_in_steps (sample->stored, length, step);

    g_assert_cmpstr (sent, ==, sample->sent);
  }
}


/* What goes out comes in again as the same text with every line ended by CRLF. */
static void
test_round_trip (gconstpointer user_data)
{
  const Sample *sample = user_data;
  g_autofree char *sent = write_in_steps (sample->stored, strlen (sample->stored), 3);
  g_autoptr (GByteArray) received = g_byte_array_new ();
  NekoDotReader reader = { 0 };
  const uint8_t *data = (const uint8_t *) sent;
  size_t length = strlen (sent);
  NekoDotWriter writer = { 0 };
  g_autoptr (GString) again = g_string_new (NULL);

  g_assert_true (neko_dot_reader_read (&reader, received, &data, &length));
  g_assert_cmpuint (length, ==, 0);
  neko_dot_writer_write (&writer, again, received->data, received->len);
  neko_dot_writer_finish (&writer, again);
  g_assert_cmpstr (again->str, ==, sent);
}


static void
test_long_line (void)
{
  g_autofree char *line = g_strnfill (10000, 'x');
  g_autofree char *sent = write_in_steps (line, 10000, 4096);
  g_autofree char *expected = g_strconcat (line, "\r\n.\r\n", NULL);

  g_assert_cmpstr (sent, ==, expected);
}


/* The long line is made when it is needed. */
#define LONG_LINE NULL

typedef struct {
  const char *name;
  const char *text;
} Body;

static const Body bodies[] = {
  { "latin-1",           "Subject: x\r\n\r\nna\xefve caf\xe9\r\n"                       },
  { "utf-8",             "Subject: x\r\n\r\n\xe4\xbd\xa0\xe5\xa5\xbd, d\xc3\xb6rte\r\n"    },
  { "long-line",         LONG_LINE                                                     },
  { "no-final-crlf",     "Subject: x\r\n\r\nthe end"                                   },
  { "empty",             ""                                                            },
  { "headers-only",      "Subject: x\r\n\r\n"                                          },
  { "dot",               "\r\n.\r\n"                                                   },
  { "two-dots",          "\r\n..\r\n"                                                  },
  { "dot-and-more",      "\r\n.x\r\n"                                                  },
  { "dot-on-first-line", ".\r\n..\r\n.x\r\n...\r\n"                                   },
  { "dot-without-crlf",  "\r\n."                                                       },
};


/* Reads as a mail program does: RFC 1939 section 3, and nothing of ours. */
static GString *
receive (const GString *sent)
{
  GString *text = g_string_new (NULL);
  const char *line = sent->str;

  while (!g_str_has_prefix (line, ".\r\n")) {
    const char *end = strstr (line, "\r\n");

    g_assert_nonnull (end);
    line += *line == '.';
    g_string_append_len (text, line, end + 2 - line);
    line = end + 2;
  }

  g_assert_cmpstr (line, ==, ".\r\n");

  return text;
}


static char *
digest (const char *text,
        size_t      length)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
}


/* Cut at every offset, the octets arrive that were sent. */
static void
test_body (gconstpointer user_data)
{
  const Body *body = user_data;
  g_autofree char *long_line = g_strnfill (10000, 'x');
  g_autofree char *text = body->text != LONG_LINE ? g_strdup (body->text)
                                                  : g_strconcat ("\r\n", long_line, "\r\n", NULL);
  size_t length = strlen (text);
  gboolean is_ended = length == 0 || g_str_has_suffix (text, "\r\n");
  g_autofree char *whole = g_strconcat (text, is_ended ? "" : "\r\n", NULL);
  g_autofree char *expected = digest (whole, strlen (whole));
  g_autoptr (GString) sent = g_string_new (NULL);

  for (size_t cut = 0; cut <= length; cut++) {
    NekoDotWriter writer = { 0 };
    g_autoptr (GString) received = NULL;
    g_autofree char *actual = NULL;

    g_string_truncate (sent, 0);
    neko_dot_writer_write (&writer, sent, (const uint8_t *) text, cut);
    neko_dot_writer_write (&writer, sent, (const uint8_t *) text + cut, length - cut);
    neko_dot_writer_finish (&writer, sent);
    received = receive (sent);
    actual = digest (received->str, received->len);
    g_assert_cmpstr (actual, ==, expected);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/dot-writer/%s", samples[i].name);
    g_autofree char *round_trip = g_strdup_printf ("/protocol/dot-writer/round-trip/%s",
                                                   samples[i].name);

    g_test_add_data_func (path, &samples[i], test_sample);
    g_test_add_data_func (round_trip, &samples[i], test_round_trip);
  }

  g_test_add_func ("/protocol/dot-writer/long-line", test_long_line);

  for (size_t i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/dot-writer/body/%s", bodies[i].name);

    g_test_add_data_func (path, &bodies[i], test_body);
  }

  return g_test_run ();
}
