/* test-export.c - a mailbox becomes a file whole or not at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "neko-remote-error.h"
#include "neko-remote-export.h"
#include "worker-double.h"

#define OLD "what was there"
#define TYPE "Content-Type: application/vnd.neko-mail.frames\r\n"
#define HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n" TYPE "\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\n" TYPE "Transfer-Encoding: chunked\r\n\r\n"
#define FIRST "From a@neko.test Thu Jan  1 00:00:00 1970\nSubject: 1\n\nhi\n\n"
#define FRAME "{\"size\":58}\n" FIRST
#define END "{\"end\":true}\n"

typedef struct {
  const char *name;
  const char *answer;
  const char *written;  /* (nullable): what the file has then */
  GQuark (*domain)(void);
  int         code;
} Case;

static const Case cases[] = {
  { "whole", HEAD FRAME FRAME END, FIRST FIRST },
  { "empty", HEAD END, "" },
  { "empty-part", HEAD "{\"size\":0}\n" FRAME END, FIRST },
  { "chunked", CHUNKED "46\r\n" FRAME "\r\n46\r\n" FRAME "\r\nd\r\n" END "\r\n0\r\n\r\n",
    FIRST FIRST },
  /* What libsoup takes for an end, too. */
  { "cut/at-once", CHUNKED, NULL, neko_remote_error_quark, NEKO_REMOTE_ERROR_CUT },
  { "cut/between-chunks", CHUNKED "46\r\n" FRAME "\r\n", NULL, neko_remote_error_quark,
    NEKO_REMOTE_ERROR_CUT },
  { "cut/chunk", CHUNKED "46\r\n{\"size\":58}\nFrom a@neko", NULL, neko_remote_error_quark,
    NEKO_REMOTE_ERROR_CUT },
  { "cut/end", CHUNKED "46\r\n" FRAME "\r\n0\r\n\r\n", NULL, neko_remote_error_quark,
    NEKO_REMOTE_ERROR_CUT },
  { "cut/end-line", HEAD FRAME "{\"end\":true}", NULL, neko_remote_error_quark, NEKO_REMOTE_ERROR_CUT },
  { "cut/part", HEAD "{\"size\":58}\nFrom a@nek", NULL, neko_remote_error_quark,
    NEKO_REMOTE_ERROR_CUT },
  { "cut/length", "HTTP/1.1 200 OK\r\n" TYPE "Content-Length: 84\r\n\r\n" FRAME, NULL,
    neko_remote_error_quark, NEKO_REMOTE_ERROR_CUT },
  { "malformed", HEAD "{\"size\":-1}\n" FIRST END, NULL, neko_remote_error_quark,
    NEKO_REMOTE_ERROR_CUT },
  { "more", HEAD FRAME END FRAME, NULL, neko_remote_error_quark, NEKO_REMOTE_ERROR_CUT },
  { "page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", NULL,
    neko_remote_error_quark, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "refused", "HTTP/1.1 401 No\r\nContent-Length: 34\r\n\r\n{\"error\":{\"code\":\"unauthorized\"}}  ",
    NULL, neko_mail_error_quark, NEKO_MAIL_ERROR_SIGN_IN },
  { "fails", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", NULL, neko_mail_error_quark,
    NEKO_MAIL_ERROR_UNAVAILABLE },
};

typedef struct {
  GSocketService   *service;
  GIOStream        *held;     /* (nullable): a connection that is kept open */
  const char       *answer;
  gboolean          holds;    /* it neither goes on nor leaves */
  GString          *asked;
  NekoRemoteClient *client;
  char             *folder;
  GFile            *file;
  GCancellable     *cancellable;
  guint64           octets;   /* the last progress */
  gboolean          cancels;  /* at the first progress */
} Fixture;


/* Reads the request to its end; it has no body. */
static void
read_request (GIOStream *connection,
              GString   *asked)
{
  GInputStream *input = g_io_stream_get_input_stream (connection);
  char octet;

  g_string_truncate (asked, 0);

  while (strstr (asked->str, "\r\n\r\n") == NULL) {
    g_assert_cmpint (g_input_stream_read (input, &octet, 1, NULL, NULL), ==, 1);
    g_string_append_c (asked, octet);
  }
}


/* In a thread of its own. */
static gboolean
answer_cb (GThreadedSocketService *service,
           GSocketConnection      *connection,
           GObject                *source,
           gpointer                user_data)
{
  Fixture *fixture = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  read_request (G_IO_STREAM (connection), fixture->asked);
  g_output_stream_write_all (output, fixture->answer, strlen (fixture->answer), NULL, NULL, NULL);

  if (fixture->holds)
    fixture->held = g_object_ref (G_IO_STREAM (connection));
  else
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  return TRUE;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autofree char *url = NULL;
  g_autofree char *path = NULL;

  /* With as many connections as it may have, a service starts again where one ends, even if it was stopped. */
  fixture->service = g_threaded_socket_service_new (10);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), address,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &effective, NULL));
  g_signal_connect (fixture->service, "run", G_CALLBACK (answer_cb), fixture);
  url = g_strdup_printf ("http://127.0.0.1:%u",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)));
  fixture->asked = g_string_new (NULL);
  fixture->client = neko_remote_client_new (url, NULL);
  neko_remote_client_set_token (fixture->client, "nm1.token");
  fixture->folder = g_dir_make_tmp ("neko-export-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "inbox.mbox", NULL);
  fixture->file = g_file_new_for_path (path);
  fixture->cancellable = g_cancellable_new ();
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_clear_object (&fixture->held);
  g_assert_finalize_object (fixture->client);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_unref (fixture->service);
  g_string_free (fixture->asked, TRUE);
  g_remove (g_file_peek_path (fixture->file));
  g_assert_no_errno (g_rmdir (fixture->folder));
  g_free (fixture->folder);
  g_object_unref (fixture->file);
  g_object_unref (fixture->cancellable);
}


static void
progress_cb (guint64  octets,
             gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (octets, >, fixture->octets);
  fixture->octets = octets;

  if (fixture->cancels)
    g_cancellable_cancel (fixture->cancellable);
}


static gboolean
export (Fixture          *fixture,
        NekoRemoteMailbox mailbox,
        GFile            *file,
        GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  neko_remote_export_async (fixture->client, mailbox, file, progress_cb, fixture,
                            fixture->cancellable, worker_double_done_cb, &pending);
  result = worker_double_wait (&pending);

  return neko_remote_export_finish (result, error);
}


/* Of the folder; nobody may find a part in it. */
static unsigned
count_files (Fixture *fixture)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  unsigned count = 0;

  while (g_dir_read_name (folder) != NULL)
    count++;

  return count;
}


static void
check_file (Fixture    *fixture,
            const char *expected)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (g_file_peek_path (fixture->file), &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
}


static void
check_failed (Fixture    *fixture,
              const Case *test,
              unsigned    files)
{
  g_autoptr (GError) error = NULL;
  GQuark domain = test->domain ();

  g_assert_false (export (fixture, NEKO_REMOTE_MAILBOX_INBOX, fixture->file, &error));
  g_assert_error (error, domain, test->code);
  g_assert_cmpuint (count_files (fixture), ==, files);
}


static void
test_case (Fixture      *fixture,
           gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  fixture->answer = test->answer;

  if (test->written == NULL) {
    check_failed (fixture, test, 0);
    g_assert_true (g_file_set_contents (g_file_peek_path (fixture->file), OLD, -1, NULL));
    fixture->octets = 0;
    check_failed (fixture, test, 1);
    check_file (fixture, OLD);
    return;
  }

  g_assert_true (export (fixture, NEKO_REMOTE_MAILBOX_INBOX, fixture->file, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (fixture->asked->str, "GET /v1/export?mailbox=inbox HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (fixture->asked->str, "Authorization: Bearer nm1.token\r\n"));
  g_assert_nonnull (strstr (fixture->asked->str, "Accept: application/vnd.neko-mail.frames\r\n"));
  g_assert_cmpuint (count_files (fixture), ==, 1);
  check_file (fixture, test->written);
  g_assert_cmpuint (fixture->octets, ==, strlen (test->written));
  g_assert_no_errno (g_stat (g_file_peek_path (fixture->file), &status));
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
}


static void
test_replaced (Fixture      *fixture,
               gconstpointer user_data)
{
  const char *path = g_file_peek_path (fixture->file);
  GStatBuf status;

  fixture->answer = cases[0].answer;
  g_assert_true (g_file_set_contents_full (path, OLD, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  g_assert_true (export (fixture, NEKO_REMOTE_MAILBOX_SENT, fixture->file, NULL));
  g_assert_true (g_str_has_prefix (fixture->asked->str, "GET /v1/export?mailbox=sent HTTP/1.1\r\n"));
  check_file (fixture, cases[0].written);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
}


/* A file that may not grow any more stands for a disk that is full. */
static void
test_full (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GString) answer = g_string_new (HEAD "{\"size\":200000}\n");
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  struct rlimit limit;
  gboolean is_done;

  for (unsigned i = 0; i < 200000; i++)
    g_string_append_c (answer, 'x');

  g_string_append (answer, END);
  fixture->answer = answer->str;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  limit = before;
  limit.rlim_cur = 100000;
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &limit));
  is_done = export (fixture, NEKO_REMOTE_MAILBOX_INBOX, fixture->file, &error);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));
  g_assert_false (is_done);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}


static void
test_no_folder (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GFile) file = g_file_get_child (fixture->file, "below.mbox");
  g_autoptr (GError) error = NULL;

  fixture->answer = cases[0].answer;
  g_assert_false (export (fixture, NEKO_REMOTE_MAILBOX_INBOX, file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}


static void
test_is_folder (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->answer = cases[0].answer;
  g_assert_no_errno (g_mkdir (g_file_peek_path (fixture->file), 0700));
  g_assert_false (export (fixture, NEKO_REMOTE_MAILBOX_INBOX, fixture->file, &error));
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}


static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->answer = HEAD FRAME;
  fixture->holds = TRUE;
  fixture->cancels = TRUE;
  g_assert_false (export (fixture, NEKO_REMOTE_MAILBOX_INBOX, fixture->file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->octets, ==, strlen (FIRST));
  g_assert_cmpuint (count_files (fixture), ==, 0);
}


/* Before anything came, and so before there is a part. */
static void
test_cancelled_early (Fixture      *fixture,
                      gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->answer = cases[0].answer;
  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (export (fixture, NEKO_REMOTE_MAILBOX_INBOX, fixture->file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}


static void
add (const char *name,
     gconstpointer data,
     void (*test)(Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/remote/export/", name, NULL);

  g_test_add (path, Fixture, data, set_up, test, tear_down);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    add (cases[i].name, &cases[i], test_case);

  add ("replaced", NULL, test_replaced);
  add ("full", NULL, test_full);
  add ("no-folder", NULL, test_no_folder);
  add ("is-folder", NULL, test_is_folder);
  add ("cancelled", NULL, test_cancelled);
  add ("cancelled/early", NULL, test_cancelled_early);

  return g_test_run ();
}
