/* test-spool.c - messages kept on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "neko-mail-error.h"
#include "neko-spool-reader.h"

/* Whose messages these are: any two addresses. */
static const char alice[] = "alice";
static const char bob[] = "bob";

typedef struct {
  char            *folder;
  NekoSpool       *spool;
  NekoSpoolWriter *writer;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer limit)
{
  fixture->folder = g_dir_make_tmp ("neko-spool-XXXXXX", NULL);
  fixture->spool = neko_spool_new (fixture->folder, GPOINTER_TO_SIZE (limit));
  fixture->writer = neko_spool_writer_new (fixture->spool);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);

  /* Nothing of the mail has a name. */
  g_assert_null (g_dir_read_name (folder));
  neko_spool_writer_free (fixture->writer);
  g_assert_finalize_object (fixture->spool);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}


static gboolean
append (Fixture    *fixture,
        const char *text,
        size_t      length,
        GError    **error)
{
  g_autoptr (GString) data = g_string_new_len (text, length);

  return neko_spool_writer_append (fixture->writer, data, error);
}


static NekoSpoolEntry *
expect (Fixture    *fixture,
        const char *owner,
        const char *id)
{
  NekoSpoolEntry *entry = neko_spool_expect (fixture->spool, owner, id);

  g_assert_true (neko_spool_lookup (fixture->spool, owner, id) == entry);
  g_assert_true (neko_spool_writer_begin (fixture->writer, entry, NULL));

  return entry;
}


static void
put (Fixture    *fixture,
     const char *owner,
     const char *id,
     const char *text)
{
  g_autoptr (NekoSpoolEntry) entry = expect (fixture, owner, id);

  g_assert_true (append (fixture, text, strlen (text), NULL));
  neko_spool_writer_finish (fixture->writer);
}


static void
put_large (Fixture    *fixture,
           const char *id,
           size_t      length)
{
  g_autofree char *text = g_strnfill (length, 'x');

  put (fixture, alice, id, text);
}


static void
ready_cb (NekoMessageReader *reader,
          unsigned          *times)
{
  (*times)++;
}


/* Reads what there is; "…" stands for more to come, "!" for a failure. */
static char *
read_available (NekoSpoolReader *reader,
                size_t           limit)
{
  g_autoptr (GString) text = g_string_new (NULL);
  unsigned times = 0;
  unsigned seen = 0;

  g_signal_connect (reader, "ready", G_CALLBACK (ready_cb), &times);

  while (TRUE) {
    g_autoptr (GError) error = NULL;

    switch (neko_message_reader_read (NEKO_MESSAGE_READER (reader), text, limit, &error)) {
    case NEKO_MESSAGE_WAIT:
      /* For the disk, where it has to be waited for; else nothing is under way. */
      while (times == seen && g_main_context_iteration (NULL, FALSE))
        ;
      if (times == seen)
        g_string_append (text, "…");
      break;

    case NEKO_MESSAGE_END:
      g_string_append (text, "$");
      break;

    case NEKO_MESSAGE_FAILED:
      g_assert_nonnull (error);
      g_string_append (text, "!");
      break;

    case NEKO_MESSAGE_MORE:
    default:
      continue;
    }

    if (times == seen)
      break;

    seen = times;
  }

  g_signal_handlers_disconnect_by_data (reader, &times);

  return g_string_free (g_steal_pointer (&text), FALSE);
}


static void
assert_message (NekoSpoolEntry *entry,
                int             lines,
                const char     *expected)
{
  static const size_t limits[] = { 1, 2, 3, 7, 65536 };

  for (size_t i = 0; i < G_N_ELEMENTS (limits); i++) {
    g_autoptr (NekoSpoolReader) reader = neko_spool_reader_new (entry, lines);
    g_autofree char *text = read_available (reader, limits[i]);

    g_assert_cmpstr (text, ==, expected);
  }
}


static void
test_owners (Fixture      *fixture,
             gconstpointer user_data)
{
  put (fixture, alice, "1", "from alice\r\n");
  put (fixture, bob, "1", "from bob\r\n");
  put (fixture, alice, "2", "");
  assert_message (neko_spool_lookup (fixture->spool, alice, "1"), -1, "from alice\r\n$");
  assert_message (neko_spool_lookup (fixture->spool, bob, "1"), -1, "from bob\r\n$");
  assert_message (neko_spool_lookup (fixture->spool, alice, "2"), -1, "$");
  g_assert_null (neko_spool_lookup (fixture->spool, bob, "2"));

  neko_spool_remove_owner (fixture->spool, alice);
  g_assert_null (neko_spool_lookup (fixture->spool, alice, "1"));
  assert_message (neko_spool_lookup (fixture->spool, bob, "1"), -1, "from bob\r\n$");
}


static void
test_top (Fixture      *fixture,
          gconstpointer user_data)
{
  NekoSpoolEntry *entry;

  put (fixture, alice, "1", "A: b\r\nC: d\r\n\r\none\r\n..two\r\n\r\nfour\r\n");
  entry = neko_spool_lookup (fixture->spool, alice, "1");
  assert_message (entry, 0, "A: b\r\nC: d\r\n\r\n$");
  assert_message (entry, 1, "A: b\r\nC: d\r\n\r\none\r\n$");
  assert_message (entry, 3, "A: b\r\nC: d\r\n\r\none\r\n..two\r\n\r\n$");
  assert_message (entry, 4, "A: b\r\nC: d\r\n\r\none\r\n..two\r\n\r\nfour\r\n$");
  assert_message (entry, G_MAXINT, "A: b\r\nC: d\r\n\r\none\r\n..two\r\n\r\nfour\r\n$");

  put (fixture, alice, "2", "A: b\r\n");
  assert_message (neko_spool_lookup (fixture->spool, alice, "2"), 5, "A: b\r\n$");
  put (fixture, alice, "3", "\r\nbody\r\n");
  assert_message (neko_spool_lookup (fixture->spool, alice, "3"), 0, "\r\n$");
}


/* Octets that were written and not published are out of reach. */
static void
test_arriving (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (NekoSpoolEntry) entry = neko_spool_expect (fixture->spool, alice, "1");
  g_autoptr (NekoSpoolReader) reader = neko_spool_reader_new (entry, -1);
  g_autofree char *before = read_available (reader, 100);
  g_autofree char *first = NULL;
  g_autofree char *held = NULL;
  g_autofree char *second = NULL;
  unsigned times = 0;

  g_assert_cmpstr (before, ==, "…");
  g_signal_connect (reader, "ready", G_CALLBACK (ready_cb), &times);
  g_assert_true (neko_spool_writer_begin (fixture->writer, entry, NULL));
  g_assert_true (append (fixture, "one", 3, NULL));
  neko_spool_writer_publish (fixture->writer);
  g_assert_cmpuint (times, ==, 1);
  first = read_available (reader, 100);
  g_assert_cmpstr (first, ==, "one…");

  g_assert_true (append (fixture, "two\r\n", 5, NULL));
  held = read_available (reader, 100);
  g_assert_cmpstr (held, ==, "…");

  neko_spool_writer_finish (fixture->writer);
  g_assert_cmpuint (times, ==, 2);
  second = read_available (reader, 100);
  g_assert_cmpstr (second, ==, "two\r\n$");
}


static void
test_failure (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (NekoSpoolEntry) entry = expect (fixture, alice, "1");
  g_autoptr (NekoSpoolReader) reader = neko_spool_reader_new (entry, -1);
  g_autoptr (GError) error = g_error_new_literal (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE, "cut");
  g_autofree char *text = NULL;

  g_assert_true (append (fixture, "half", 4, NULL));
  neko_spool_writer_publish (fixture->writer);
  neko_spool_fail (fixture->spool, entry, error);
  text = read_available (reader, 100);
  g_assert_cmpstr (text, ==, "half!");

  /* It can be had again. */
  g_assert_null (neko_spool_lookup (fixture->spool, alice, "1"));
  put (fixture, alice, "1", "whole\r\n");
  assert_message (neko_spool_lookup (fixture->spool, alice, "1"), -1, "whole\r\n$");
}


/* The oldest go first, what is being sent stays readable, and the limit holds at every moment. */
static void
test_limit (Fixture      *fixture,
            gconstpointer limit)
{
  g_autoptr (NekoSpoolReader) reader = NULL;
  g_autofree char *text = NULL;

  put (fixture, alice, "first", "still here\r\n");
  reader = neko_spool_reader_new (neko_spool_lookup (fixture->spool, alice, "first"), -1);

  for (unsigned i = 0; i < 100; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);

    put_large (fixture, id, 50000);
    g_assert_nonnull (neko_spool_lookup (fixture->spool, alice, id));
    g_assert_cmpuint (neko_spool_get_size (fixture->spool), <=, GPOINTER_TO_SIZE (limit));
  }

  g_assert_null (neko_spool_lookup (fixture->spool, alice, "first"));
  g_assert_null (neko_spool_lookup (fixture->spool, alice, "0"));
  g_assert_nonnull (neko_spool_lookup (fixture->spool, alice, "95"));
  text = read_available (reader, 100);
  g_assert_cmpstr (text, ==, "still here\r\n$");

  g_clear_pointer (&fixture->writer, neko_spool_writer_free);
  neko_spool_set_limit (fixture->spool, 0);
  g_assert_cmpuint (neko_spool_get_size (fixture->spool), ==, 0);
  g_assert_null (neko_spool_lookup (fixture->spool, alice, "99"));
  g_assert_false (neko_spool_takes (fixture->spool, 0));
}


/* Who reads a message that still comes is not cut off when the user wants a smaller spool. */
static void
test_limit_lowered (Fixture      *fixture,
                    gconstpointer user_data)
{
  g_autoptr (NekoSpoolEntry) entry = expect (fixture, alice, "1");
  g_autoptr (NekoSpoolReader) reader = neko_spool_reader_new (entry, -1);
  g_autoptr (NekoSpoolEntry) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (append (fixture, "one", 3, NULL));
  neko_spool_set_limit (fixture->spool, 0);
  g_assert_true (append (fixture, "two\r\n", 5, NULL));
  neko_spool_writer_finish (fixture->writer);
  text = read_available (reader, 100);
  g_assert_cmpstr (text, ==, "onetwo\r\n$");

  /* What nobody waits for does not come. */
  other = expect (fixture, alice, "2");
  g_assert_false (append (fixture, "one", 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  neko_spool_fail (fixture->spool, other, error);
  g_clear_pointer (&fixture->writer, neko_spool_writer_free);
  g_assert_cmpuint (neko_spool_get_size (fixture->spool), ==, 0);
}


static void
test_takes (Fixture      *fixture,
            gconstpointer limit)
{
  size_t part = GPOINTER_TO_SIZE (limit) / NEKO_SPOOL_MESSAGE_PART;

  g_assert_true (neko_spool_takes (fixture->spool, part));
  g_assert_false (neko_spool_takes (fixture->spool, part + 1));
}


static void
test_deleted_gives_room_back (Fixture      *fixture,
                              gconstpointer user_data)
{
  put_large (fixture, "1", 100000);
  g_assert_cmpuint (neko_spool_get_size (fixture->spool), ==, 100000);
  neko_spool_remove (fixture->spool, alice, "1");
  neko_spool_remove (fixture->spool, alice, "never there");
  g_clear_pointer (&fixture->writer, neko_spool_writer_free);
  g_assert_cmpuint (neko_spool_get_size (fixture->spool), ==, 0);
}


/* A file that may not grow stands for a disk that is full. */
static void
count_cb (unsigned *count)
{
  ++*count;
}


/* Who is in the middle of a message reads it to its end, and what is being written stays. */
static void
test_emptied (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (NekoSpoolEntry) kept = NULL;
  g_autoptr (NekoSpoolEntry) arriving = NULL;
  unsigned changes = 0;

  put (fixture, alice, "1", "one\r\n");
  kept = neko_spool_entry_ref (neko_spool_lookup (fixture->spool, alice, "1"));
  neko_spool_writer_free (fixture->writer);
  g_signal_connect_swapped (fixture->spool, "changed", G_CALLBACK (count_cb), &changes);
  neko_spool_empty (fixture->spool);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpuint (neko_spool_get_size (fixture->spool), ==, 0);
  g_assert_null (neko_spool_lookup (fixture->spool, alice, "1"));
  assert_message (kept, -1, "one\r\n$");

  fixture->writer = neko_spool_writer_new (fixture->spool);
  arriving = expect (fixture, alice, "2");
  g_assert_true (append (fixture, "two", 3, NULL));
  g_assert_cmpuint (changes, ==, 2);
  neko_spool_empty (fixture->spool);
  g_assert_cmpuint (neko_spool_get_size (fixture->spool), ==, 3);
  neko_spool_writer_finish (fixture->writer);
  assert_message (arriving, -1, "two$");
}


static void
test_full_disk (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (NekoSpoolEntry) entry = expect (fixture, alice, "1");
  struct rlimit before;
  struct rlimit small;
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 2;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (append (fixture, "octets", 6, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  g_assert_error (error, G_IO_ERROR, (int) g_io_error_from_errno (EFBIG));
  g_assert_false (neko_spool_takes (fixture->spool, 1));
  neko_spool_fail (fixture->spool, entry, error);
}


static void
test_no_folder (void)
{
  g_autoptr (NekoSpool) spool = neko_spool_new ("/proc/none", 1000000);
  g_autoptr (NekoSpoolWriter) writer = neko_spool_writer_new (spool);
  g_autoptr (NekoSpoolEntry) entry = neko_spool_expect (spool, alice, "1");
  g_autoptr (GError) error = NULL;

  g_assert_false (neko_spool_writer_begin (writer, entry, &error));
  g_assert_nonnull (error);
  g_assert_false (neko_spool_takes (spool, 1));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test, limit) \
  g_test_add ("/remote/spool/" path, Fixture, GSIZE_TO_POINTER (limit), set_up, test, tear_down)

  ADD ("owners", test_owners, 1000000);
  ADD ("top", test_top, 1000000);
  ADD ("arriving", test_arriving, 1000000);
  ADD ("failure", test_failure, 1000000);
  ADD ("limit", test_limit, 1000000);
  ADD ("limit-lowered", test_limit_lowered, 1000000);
  ADD ("takes", test_takes, 1000000);
  ADD ("deleted-gives-room-back", test_deleted_gives_room_back, 1000000);
  ADD ("emptied", test_emptied, 1000000);
  ADD ("full-disk", test_full_disk, 1000000);
  g_test_add_func ("/remote/spool/no-folder", test_no_folder);

  return g_test_run ();
}
