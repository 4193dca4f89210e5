/* worker-double.c - a Worker that is never what a benchmark waits for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It answers what neko-maild asks, out of memory, with a thread for each connection, and says how
 * often it was asked what: GET /double/requests.
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "corpus.h"
#include "double-routes.h"
#include "sockets.h"

typedef struct {
  DoubleService *service;
  int            socket;
} Client;


static void *
serve_client (void *data)
{
  g_autofree Client *client = data;
  g_autofree DoubleRequest *request = g_new (DoubleRequest, 1);

  request->socket = client->socket;
  request->begin = 0;
  request->end = 0;

  while (double_request_receive (request) && double_routes_answer (client->service, request))
    continue;

  close (client->socket);

  return NULL;
}


static void
serve (DoubleService *service,
       int            listener)
{
  pthread_attr_t attributes;

  pthread_attr_init (&attributes);
  pthread_attr_setdetachstate (&attributes, PTHREAD_CREATE_DETACHED);

  for (;;) {
    Client *client = g_new (Client, 1);
    pthread_t thread;

    client->service = service;
    client->socket = bench_accept (listener);

    if (pthread_create (&thread, &attributes, serve_client, client) != 0)
      bench_fail ("no more threads");
  }
}


static int
compare_names (const void *a,
               const void *b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}


/* The files of a folder, in the order of their names. */
static void
add_folder (DoubleMailbox *mailbox,
            const char    *path)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  if (folder == NULL)
    bench_fail ("%s", error->message);

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));

  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++) {
    g_autoptr (GBytes) bytes = NULL;
    char *text;
    gsize length;

    if (!g_file_get_contents (g_ptr_array_index (names, i), &text, &length, &error))
      bench_fail ("%s", error->message);

    bytes = g_bytes_new_take (text, length);
    double_mailbox_add (mailbox, bytes);
  }
}


static void
add_generated (DoubleMailbox *mailbox,
               const char    *text)
{
  BenchCorpus corpus = bench_corpus_parse (text);

  for (size_t number = 1; number <= corpus.count; number++) {
    g_autoptr (GBytes) bytes = bench_corpus_message (&corpus, number);

    double_mailbox_add (mailbox, bytes);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = NULL;
  g_autofree char *generated = NULL;
  int port = 0;
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Where to listen", "PORT" },
    { "corpus", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Has the files of FOLDER", "FOLDER" },
    { "generate", 0, 0, G_OPTION_ARG_STRING, &generated, "Has made-up messages", "COUNT,MIN,MAX" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  DoubleService service = { 0 };

  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);

  service.mailbox = double_mailbox_new ();
  service.events = double_events_new ();

  if (folder != NULL)
    add_folder (service.mailbox, folder);

  if (generated != NULL)
    add_generated (service.mailbox, generated);

  /* Who can connect finds everything there. */
  serve (&service, bench_listen (port));

  return EXIT_SUCCESS;
}
