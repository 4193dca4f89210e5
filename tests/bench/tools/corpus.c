/* corpus.c - messages that are the same wherever they are made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "corpus.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sockets.h"

#define SMALLEST 256


/* SplitMix64: as good as it has to be, and the same on every computer. */
static uint64_t
next_random (uint64_t *state)
{
  uint64_t value = *state += 0x9e3779b97f4a7c15;

  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;

  return value ^ (value >> 31);
}


/**
 * bench_corpus_parse:
 * @text: COUNT,SIZE or COUNT,MIN,MAX
 */
BenchCorpus
bench_corpus_parse (const char *text)
{
  BenchCorpus self = { 0 };
  int fields = sscanf (text, "%zu,%zu,%zu", &self.count, &self.min, &self.max);

  if (fields == 2)
    self.max = self.min;

  if (fields < 2 || self.min < SMALLEST || self.max < self.min)
    bench_fail ("“%s” is not COUNT,MIN,MAX with at least %d octets", text, SMALLEST);

  return self;
}


/* As many messages between 2 and 4 kB as between 32 and 64 kB, which is how mail is: many small ones
 * and few large ones. */
static size_t
choose_size (const BenchCorpus *self,
             uint64_t          *random)
{
  size_t octaves = 0;
  size_t base;

  while (self->min << (octaves + 1) <= self->max)
    octaves++;

  if (octaves == 0)
    return self->min + next_random (random) % (self->max - self->min + 1);

  base = self->min << next_random (random) % octaves;

  return base + next_random (random) % base;
}


static void
append_line (GString  *message,
             size_t    length,
             uint64_t *random)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
  uint64_t bits = next_random (random);

  /* A line of a dot alone, and lines that begin with one, have to be stuffed. */
  if (bits % 256 == 0 && length > 5) {
    g_string_append (message, ".\r\n");
    length -= 3;
  }

  for (size_t i = 0; i < length - 2; i++) {
    if (i % 8 == 0)
      bits = next_random (random);

    g_string_append_c (message, i == 0 && bits % 64 == 0 ? '.' : letters[bits & 63]);
    bits >>= 8;
  }

  g_string_append (message, "\r\n");
}


/**
 * bench_corpus_message:
 * @number: from 1 on
 *
 * Returns: (transfer full): a message with CRLF at the end of every line
 */
GBytes *
bench_corpus_message (const BenchCorpus *self,
                      size_t             number)
{
  uint64_t random = number;
  size_t size = choose_size (self, &random);
  GString *message = g_string_sized_new (size + 1);

  g_string_append_printf (message,
                          "From: sender%zu@example.org\r\nTo: bench@neko.test\r\n"
                          "Subject: Message %zu\r\nDate: Mon, 2 Jan 2023 03:04:05 +0000\r\n"
                          "Message-ID: <%zu@example.org>\r\n\r\n", number % 100, number, number);

  while (message->len < size) {
    size_t left = size - message->len;
    size_t length = 40 + next_random (&random) % 37;

    /* What would be left has to be a line. */
    append_line (message, left < length + 2 ? left : length, &random);
  }

  return g_string_free_to_bytes (message);
}
