/* corpus.h - messages that are the same wherever they are made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

/**
 * BenchCorpus:
 * @count: how many messages
 * @min: octets of the smallest, at least 256
 * @max: octets of the largest
 */
typedef struct {
  size_t count;
  size_t min;
  size_t max;
} BenchCorpus;

BenchCorpus bench_corpus_parse (const char *text);
GBytes     *bench_corpus_message (const BenchCorpus *self,
                                  size_t             number) G_GNUC_WARN_UNUSED_RESULT;
