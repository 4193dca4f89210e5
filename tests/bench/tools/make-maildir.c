/* make-maildir.c - writes a corpus as a maildir, as a delivery agent would
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "corpus.h"
#include "sockets.h"


static void
make_folder (const char *parent,
             const char *name)
{
  g_autofree char *path = g_build_filename (parent, name, NULL);

  if (mkdir (path, 0700) < 0 && errno != EEXIST)
    bench_fail ("%s: %s", path, g_strerror (errno));
}


/* A maildir's files have bare LF. */
static GString *
without_cr (GBytes *message)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);
  GString *text = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (data[i] != '\r')
      g_string_append_c (text, data[i]);

  return text;
}


/* The name has the size on the disk (S) and that with CRLF (W), as Dovecot's own delivery agent writes
 * them, and messages are ordered by it. */
static void
write_message (const char *folder,
               size_t      number,
               GBytes     *message)
{
  GString *text = without_cr (message);
  g_autofree char *path = g_strdup_printf ("%s/cur/1700000000.M%06zuP1.bench,S=%zu,W=%zu:2,",
                                           folder, number, text->len, g_bytes_get_size (message));
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    bench_fail ("%s", error->message);

  g_string_free (text, TRUE);
}


int
main (int   argc,
      char *argv[])
{
  BenchCorpus corpus;

  g_set_prgname ("make-maildir");

  if (argc != 3)
    bench_fail ("make-maildir FOLDER COUNT,MIN,MAX");

  corpus = bench_corpus_parse (argv[2]);
  make_folder (argv[1], "");
  make_folder (argv[1], "cur");
  make_folder (argv[1], "new");
  make_folder (argv[1], "tmp");

  for (size_t number = 1; number <= corpus.count; number++) {
    g_autoptr (GBytes) message = bench_corpus_message (&corpus, number);

    write_message (argv[1], number, message);
  }

  return EXIT_SUCCESS;
}
