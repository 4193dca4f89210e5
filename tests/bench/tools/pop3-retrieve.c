/* pop3-retrieve.c - pop3-client retrieve: reads all messages of a mailbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pop3-client.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "corpus.h"
#include "sockets.h"

typedef struct {
  const BenchClientOptions *options;
  pthread_barrier_t        *barrier;
  BenchReader              *reader;
  size_t                   *sizes; /* (nullable): not asked for */
  size_t                    count;
  uint64_t                  octets;
} Session;


/* Removes the terminator and the dots that were added; returns how long it is then. */
static size_t
unstuff (uint8_t *data,
         size_t   length)
{
  gboolean at_start = TRUE;
  size_t written = 0;

  for (size_t i = 0; i < length - 3; i++) {
    if (at_start && data[i] == '.')
      i++;

    at_start = data[i] == '\n';
    data[written++] = data[i];
  }

  return written;
}


/* Compares by SHA-256, so that what is said of a difference is short. */
static void
verify (const BenchCorpus *corpus,
        size_t             number,
        GByteArray        *message)
{
  size_t length = unstuff (message->data, message->len);
  g_autoptr (GBytes) expected = bench_corpus_message (corpus, number);
  g_autofree char *sent = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, expected);
  g_autofree char *came = g_compute_checksum_for_data (G_CHECKSUM_SHA256, message->data, length);

  if (!g_str_equal (sent, came))
    bench_fail ("message %zu came with %zu octets and SHA-256 %s, it has %zu and %s",
                number, length, came, g_bytes_get_size (expected), sent);
}


static void
read_message (Session     *session,
              size_t       number,
              BenchCorpus *corpus)
{
  g_autoptr (GByteArray) kept = corpus != NULL ? g_byte_array_new () : NULL;
  size_t size = session->sizes != NULL ? session->sizes[number - 1] : 0;

  bench_pop3_expect_ok (bench_reader_line (session->reader), "RETR");
  bench_reader_body (session->reader, size, kept);

  if (corpus != NULL)
    verify (corpus, number, kept);
}


/* The commands that are on their way are so few octets that sending them never waits. */
static size_t
send_ahead (Session *session,
            size_t   sent,
            size_t   received)
{
  size_t window = session->options->window;
  char commands[64 * 1024];
  size_t length = 0;

  if (sent - received > window / 2)
    return sent;

  while (sent < session->count && sent - received < window &&
         sizeof commands - length > sizeof "RETR 1000000\r\n")
    length += snprintf (commands + length, sizeof commands - length, "RETR %zu\r\n", ++sent);

  bench_send (session->reader->socket, commands, length);

  return sent;
}


static void
read_all (Session *session)
{
  const char *verified = session->options->verify;
  BenchCorpus corpus = verified != NULL ? bench_corpus_parse (verified) : (BenchCorpus) { 0 };
  size_t sent = 0;

  if (verified != NULL && corpus.count != session->count)
    bench_fail ("there are %zu messages, not %zu", session->count, corpus.count);

  for (size_t received = 0; received < session->count;) {
    sent = send_ahead (session, sent, received);
    read_message (session, ++received, verified != NULL ? &corpus : NULL);
  }
}


static void
start (Session *session)
{
  const BenchLogin *login = &session->options->login;

  session->reader = bench_pop3_connect (login);
  bench_pop3_log_in (session->reader, login);
  session->sizes = bench_pop3_list (session->reader, &session->count);
}


static void *
run_session (void *data)
{
  Session *session = data;
  uint64_t before;

  if (session->options->clock_from_log_in)
    pthread_barrier_wait (session->barrier);

  start (session);
  before = session->reader->total;

  if (!session->options->clock_from_log_in)
    pthread_barrier_wait (session->barrier);

  read_all (session);
  session->octets = session->reader->total - before;
  bench_pop3_quit (session->reader);
  g_free (session->sizes);

  return NULL;
}


/* Each session reads all messages. */
void
bench_client_retrieve (const BenchClientOptions *options)
{
  g_autofree Session *sessions = g_new0 (Session, options->sessions);
  g_autofree pthread_t *threads = g_new0 (pthread_t, options->sessions);
  pthread_barrier_t barrier;
  size_t messages = 0;
  uint64_t octets = 0;
  double begin;
  double seconds;

  pthread_barrier_init (&barrier, NULL, options->sessions + 1);

  for (int i = 0; i < options->sessions; i++) {
    sessions[i].options = options;
    sessions[i].barrier = &barrier;
    pthread_create (&threads[i], NULL, run_session, &sessions[i]);
  }

  pthread_barrier_wait (&barrier);
  begin = bench_now ();

  for (int i = 0; i < options->sessions; i++) {
    pthread_join (threads[i], NULL);
    messages += sessions[i].count;
    octets += sessions[i].octets;
  }

  seconds = bench_now () - begin;
  pthread_barrier_destroy (&barrier);
  printf ("{\"seconds\": %.6f, \"messages\": %zu, \"octets\": %" G_GUINT64_FORMAT "}\n",
          seconds, messages, octets);
}
