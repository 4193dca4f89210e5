/* reader.c - what comes from a server, by lines and by messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* memmem */

#include "reader.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockets.h"


BenchReader *
bench_reader_new (int socket)
{
  BenchReader *self = g_new (BenchReader, 1);

  self->socket = socket;
  self->begin = 0;
  self->end = 0;
  self->total = 0;

  return self;
}


/* Closes the socket, too. */
void
bench_reader_free (BenchReader *self)
{
  if (self == NULL)
    return;

  close (self->socket);
  g_free (self);
}


static void
fill (BenchReader *self)
{
  ssize_t length;

  if (self->begin == self->end) {
    self->begin = 0;
    self->end = 0;
  } else if (self->end == sizeof self->data) {
    memmove (self->data, self->data + self->begin, self->end - self->begin);
    self->end -= self->begin;
    self->begin = 0;
  }

  if (self->end == sizeof self->data)
    bench_fail ("a line of more than %d octets came", BENCH_READER_SIZE);

  length = recv (self->socket, self->data + self->end, sizeof self->data - self->end, 0);

  if (length <= 0)
    bench_fail ("the server closed the connection");

  self->end += length;
  self->total += length;
}


/**
 * bench_reader_line:
 *
 * Returns: the next line without its CRLF, valid until the next call
 */
char *
bench_reader_line (BenchReader *self)
{
  size_t looked_at = 0;
  char *line;
  char *end;

  while ((end = memchr (self->data + self->begin + looked_at, '\n',
                        self->end - self->begin - looked_at)) == NULL) {
    looked_at = self->end - self->begin;
    fill (self);
  }

  line = self->data + self->begin;
  self->begin = end + 1 - self->data;

  if (end > line && end[-1] == '\r')
    end--;

  *end = '\0';

  return line;
}


static void
take (BenchReader *self,
      size_t       length,
      GByteArray  *kept)
{
  if (kept != NULL)
    g_byte_array_append (kept, (uint8_t *) self->data + self->begin, length);

  self->begin += length;
}


static void
need (BenchReader *self,
      size_t       length)
{
  while (self->end - self->begin < length)
    fill (self);
}


/* Passes over so many octets. */
static void
skip (BenchReader *self,
      size_t       length,
      GByteArray  *kept)
{
  while (length > 0) {
    size_t part;

    need (self, 1);
    part = MIN (length, self->end - self->begin);
    take (self, part, kept);
    length -= part;
  }
}


static void
skip_to_terminator (BenchReader *self,
                    GByteArray  *kept)
{
  const char *found;

  need (self, 5);

  while ((found = memmem (self->data + self->begin, self->end - self->begin,
                          "\r\n.\r\n", 5)) == NULL) {
    take (self, self->end - self->begin - 4, kept);
    need (self, 5);
  }

  take (self, found + 5 - (self->data + self->begin), kept);
}


/**
 * bench_reader_body:
 * @at_least: octets that it has, as far as that is known, so that these are not looked at
 * @kept: (nullable): takes everything up to and with the terminator
 *
 * Reads a message or a list of several lines, up to the line that is only a dot.
 */
void
bench_reader_body (BenchReader *self,
                   size_t       at_least,
                   GByteArray  *kept)
{
  need (self, 3);

  if (at_least < 2 && memcmp (self->data + self->begin, ".\r\n", 3) == 0) {
    take (self, 3, kept);
    return;
  }

  /* The end of the last line is the beginning of the terminator. */
  skip (self, at_least < 2 ? 0 : at_least - 2, kept);
  skip_to_terminator (self, kept);
}
