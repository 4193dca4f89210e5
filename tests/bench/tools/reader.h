/* reader.h - what comes from a server, by lines and by messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <stdint.h>

#define BENCH_READER_SIZE (256 * 1024)

/**
 * BenchReader:
 * @total: octets that came so far
 */
typedef struct {
  int      socket;
  size_t   begin;
  size_t   end;
  uint64_t total;
  char     data[BENCH_READER_SIZE];
} BenchReader;

BenchReader *bench_reader_new (int socket) G_GNUC_WARN_UNUSED_RESULT;
void         bench_reader_free (BenchReader *self);
char        *bench_reader_line (BenchReader *self);
void         bench_reader_body (BenchReader *self,
                                size_t       at_least,
                                GByteArray  *kept);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchReader, bench_reader_free)
