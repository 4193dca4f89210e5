/* smtp-client.c - an SMTP client that costs as little as it can, so that the server is measured
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "corpus.h"
#include "reader.h"
#include "sockets.h"

typedef struct {
  int      port;
  char    *user;     /* (nullable): nobody logs in */
  char    *password;
  char    *sender;
  char    *corpus;
  int      sessions;
  gboolean is_pipelined;
} Options;

typedef struct {
  const Options     *options;
  pthread_barrier_t *barrier;
  BenchReader       *reader;
  GPtrArray         *messages; /* stuffed, with what ends them */
  BenchCorpus        corpus;
  size_t             first;
} Session;


/* All lines of one reply. */
static void
expect (BenchReader *reader,
        char         kind)
{
  const char *line;

  do {
    line = bench_reader_line (reader);

    if (line[0] != kind)
      bench_fail ("the server answered: %s", line);
  } while (line[1] != '\0' && line[2] != '\0' && line[3] == '-');
}


static void
ask (BenchReader *reader,
     const char  *command,
     char         kind)
{
  bench_send (reader->socket, command, strlen (command));
  expect (reader, kind);
}


static void
log_in (Session *session)
{
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autofree char *response = NULL;
  g_autofree char *command = NULL;
  const char *user = session->options->user;
  const char *password = session->options->password;

  g_byte_array_append (plain, (const uint8_t *) "", 1);
  g_byte_array_append (plain, (const uint8_t *) user, strlen (user) + 1);
  g_byte_array_append (plain, (const uint8_t *) password, strlen (password));
  response = g_base64_encode (plain->data, plain->len);
  command = g_strdup_printf ("AUTH PLAIN %s\r\n", response);
  ask (session->reader, command, '2');
}


/* What DATA sends: dots stuffed, and the line that is only a dot. */
static GString *
stuff (GBytes *message)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);
  GString *stuffed = g_string_sized_new (length + 64);

  for (gsize i = 0; i < length; i++) {
    if (data[i] == '.' && (i == 0 || data[i - 1] == '\n'))
      g_string_append_c (stuffed, '.');

    g_string_append_c (stuffed, data[i]);
  }

  return g_string_append (stuffed, ".\r\n");
}


/* The server sees the account as the author. */
static GBytes *
from_sender (GBytes     *message,
             const char *sender)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);
  const char *rest = memchr (data, '\n', length);
  GString *changed = g_string_new (NULL);

  g_string_printf (changed, "From: %s\r\n", sender);
  g_string_append_len (changed, rest + 1, length - (rest + 1 - data));

  return g_string_free_to_bytes (changed);
}


static void
make_messages (Session *session)
{
  session->messages = g_ptr_array_new ();

  for (size_t i = 0; i < session->corpus.count; i++) {
    g_autoptr (GBytes) message = bench_corpus_message (&session->corpus, session->first + i);
    g_autoptr (GBytes) changed = from_sender (message, session->options->sender);

    g_ptr_array_add (session->messages, stuff (changed));
  }
}


static void
start (Session *session)
{
  make_messages (session);
  session->reader = bench_reader_new (bench_connect (session->options->port));
  expect (session->reader, '2');
  ask (session->reader, "EHLO bench.example.org\r\n", '2');

  if (session->options->user != NULL)
    log_in (session);
}


/* In one segment, or one after the other. */
static void
send_envelope (Session    *session,
               const char *mail)
{
  static const char recipient[] = "RCPT TO:<somebody@example.org>\r\n";

  if (session->options->is_pipelined) {
    g_autofree char *all = g_strconcat (mail, recipient, "DATA\r\n", NULL);

    bench_send (session->reader->socket, all, strlen (all));
    expect (session->reader, '2');
    expect (session->reader, '2');
    expect (session->reader, '3');
  } else {
    ask (session->reader, mail, '2');
    ask (session->reader, recipient, '2');
    ask (session->reader, "DATA\r\n", '3');
  }
}


static void *
run_session (void *data)
{
  Session *session = data;
  g_autofree char *mail = g_strdup_printf ("MAIL FROM:<%s>\r\n", session->options->sender);

  start (session);
  pthread_barrier_wait (session->barrier);

  for (guint i = 0; i < session->messages->len; i++) {
    GString *message = g_ptr_array_index (session->messages, i);

    send_envelope (session, mail);
    bench_send (session->reader->socket, message->str, message->len);
    expect (session->reader, '2');
    g_string_free (message, TRUE);
  }

  ask (session->reader, "QUIT\r\n", '2');
  bench_reader_free (session->reader);
  g_ptr_array_unref (session->messages);

  return NULL;
}


/* Each session sends its part of the corpus. */
static void
send_corpus (const Options *options)
{
  BenchCorpus corpus = bench_corpus_parse (options->corpus);
  g_autofree Session *sessions = g_new0 (Session, options->sessions);
  g_autofree pthread_t *threads = g_new0 (pthread_t, options->sessions);
  /* Of another run than the last one, so that nothing counts as sent already. */
  size_t first = g_get_real_time ();
  pthread_barrier_t barrier;
  double begin;

  corpus.count /= options->sessions;
  pthread_barrier_init (&barrier, NULL, options->sessions + 1);

  for (int i = 0; i < options->sessions; i++) {
    sessions[i].options = options;
    sessions[i].barrier = &barrier;
    sessions[i].corpus = corpus;
    sessions[i].first = first + i * corpus.count;
    pthread_create (&threads[i], NULL, run_session, &sessions[i]);
  }

  pthread_barrier_wait (&barrier);
  begin = bench_now ();

  for (int i = 0; i < options->sessions; i++)
    pthread_join (threads[i], NULL);

  printf ("{\"seconds\": %.6f, \"messages\": %zu}\n", bench_now () - begin,
          corpus.count * options->sessions);
  pthread_barrier_destroy (&barrier);
}


int
main (int   argc,
      char *argv[])
{
  Options options = { .sessions = 1 };
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &options.port, "Where the server is", "PORT" },
    { "user", 0, 0, G_OPTION_ARG_STRING, &options.user, "Who logs in, if anybody", "NAME" },
    { "password", 0, 0, G_OPTION_ARG_STRING, &options.password, "With what", "PASSWORD" },
    { "sender", 0, 0, G_OPTION_ARG_STRING, &options.sender, "Whose mail it is", "ADDRESS" },
    { "corpus", 0, 0, G_OPTION_ARG_STRING, &options.corpus, "What is sent", "COUNT,MIN,MAX" },
    { "sessions", 0, 0, G_OPTION_ARG_INT, &options.sessions, "How many at once", "N" },
    { "pipelined", 0, 0, G_OPTION_ARG_NONE, &options.is_pipelined,
      "Send the envelope in one segment", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);

  if (options.corpus == NULL || options.sender == NULL || options.sessions < 1)
    bench_fail ("--corpus and --sender are needed");

  send_corpus (&options);

  return EXIT_SUCCESS;
}
