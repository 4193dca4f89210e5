/* test-first-run.c - what is asked of a Worker before there is an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "neko-certificate.h"
#include "neko-remote-error.h"
#include "neko-remote-info.h"
#include "neko-remote-register.h"
#include "neko-remote-setup.h"
#include "worker-double.h"

#define INFO "{\"name\":\"Neko Mail\",\"version\":\"0.1.0\",\"domains\":[\"neko.test\",\"shop.test\"]," \
  "\"registration\":\"invite\",\"setupDone\":true}"
#define PROBLEM(code, more) "{\"error\":{\"code\":\"" code "\",\"message\":\"No\"" more "}}"

typedef enum {
  INFO_CALL,
  SETUP,
  REGISTER,
  REGISTER_WITH_INVITE,
} Call;

typedef struct {
  const char *name;
  Call        call;
  unsigned    status;
  const char *answer;
  const char *asked;    /* (nullable): what the Worker has to see */
  const char *returned; /* (nullable): where it succeeds */
  gboolean    is_mail;  /* the error's domain is NEKO_MAIL_ERROR */
  int         code;
} Case;

static const Case cases[] = {
  { "info/done", INFO_CALL, 200, INFO, "GET /v1/info", "0.1.0", FALSE, 0 },
  { "info/other-name", INFO_CALL, 200, "{\"name\":\"Other\",\"version\":\"1\"}", NULL, NULL, FALSE,
    NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/no-version", INFO_CALL, 200, "{\"name\":\"Neko Mail\"}", NULL, NULL, FALSE,
    NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/page", INFO_CALL, 200, "<html>", NULL, NULL, FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/nothing", INFO_CALL, 200, "", NULL, NULL, FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/empty", INFO_CALL, 204, "", NULL, NULL, FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/cut", INFO_CALL, 200, "{\"name\":\"Neko Mail\",", NULL, NULL, FALSE,
    NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/not-found", INFO_CALL, 404, "<html>", NULL, NULL, FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/elsewhere", INFO_CALL, 302, "", NULL, NULL, FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "info/fails", INFO_CALL, 503, PROBLEM ("unavailable", ""), NULL, NULL, TRUE,
    NEKO_MAIL_ERROR_UNAVAILABLE },
  { "info/gateway", INFO_CALL, 530, "error code: 1033", NULL, NULL, TRUE,
    NEKO_MAIL_ERROR_UNAVAILABLE },

  { "setup/done", SETUP, 201, "{\"token\":\"nm1.x\",\"tokenId\":\"1\",\"me\":{}}",
    "POST /v1/setup {\"setupKey\":\"key\",\"address\":\"a@neko.test\",\"password\":\"long enough\","
    "\"device\":\"laptop\"}", "nm1.x", FALSE, 0 },
  { "setup/no-token", SETUP, 201, "{}", NULL, NULL, FALSE, NEKO_REMOTE_ERROR_NOT_WORKER },
  { "setup/key", SETUP, 403, PROBLEM ("forbidden", ",\"reason\":\"setup_key\""), NULL, NULL, FALSE,
    NEKO_REMOTE_ERROR_SETUP_KEY },
  { "setup/again", SETUP, 409, PROBLEM ("conflict", ",\"reason\":\"already_set_up\""), NULL, NULL,
    FALSE, NEKO_REMOTE_ERROR_SET_UP },
  { "setup/password", SETUP, 400, PROBLEM ("invalid_request", ",\"field\":\"password\""), NULL, NULL,
    FALSE, NEKO_REMOTE_ERROR_PASSWORD },
  { "setup/address", SETUP, 400, PROBLEM ("invalid_request", ",\"field\":\"address\""), NULL, NULL,
    FALSE, NEKO_REMOTE_ERROR_ADDRESS },
  { "setup/too-often", SETUP, 429, PROBLEM ("rate_limited", ",\"retryAfter\":900"), NULL, NULL, TRUE,
    NEKO_MAIL_ERROR_THROTTLED },

  { "register/done", REGISTER, 201, "{\"address\":\"a@neko.test\"}",
    "POST /v1/users {\"address\":\"A@neko.test\",\"password\":\"long enough\"}", "a@neko.test", FALSE,
    0 },
  { "register/invited", REGISTER_WITH_INVITE, 201, "{\"address\":\"a@neko.test\"}",
    "POST /v1/users {\"address\":\"A@neko.test\",\"password\":\"long enough\",\"invite\":\"code\"}",
    "a@neko.test", FALSE, 0 },
  { "register/malformed", REGISTER, 201, "{\"address\":7}", NULL, NULL, FALSE,
    NEKO_REMOTE_ERROR_NOT_WORKER },
  { "register/closed", REGISTER, 403, PROBLEM ("forbidden", ",\"reason\":\"closed\""), NULL, NULL,
    FALSE, NEKO_REMOTE_ERROR_CLOSED },
  { "register/invite", REGISTER_WITH_INVITE, 403, PROBLEM ("forbidden", ",\"reason\":\"bad_invite\""),
    NULL, NULL, FALSE, NEKO_REMOTE_ERROR_INVITE },
  { "register/taken", REGISTER, 409, PROBLEM ("conflict", ",\"reason\":\"taken\""), NULL, NULL, FALSE,
    NEKO_REMOTE_ERROR_TAKEN },
  { "register/domain", REGISTER, 422, PROBLEM ("rejected", ",\"reason\":\"foreign_domain\""), NULL,
    NULL, FALSE, NEKO_REMOTE_ERROR_DOMAIN },
  { "register/reserved", REGISTER, 422, PROBLEM ("rejected", ",\"reason\":\"reserved\""), NULL, NULL,
    FALSE, NEKO_REMOTE_ERROR_RESERVED },
};


static void
start (Call           call,
       const char    *url,
       GCancellable  *cancellable,
       GAsyncResult **result)
{
  switch (call) {
  case INFO_CALL:
    neko_remote_info_async (url, cancellable, worker_double_done_cb, result);
    break;

  case SETUP:
    neko_remote_setup_async (url, "key", "a@neko.test", "long enough", "laptop", cancellable,
                             worker_double_done_cb, result);
    break;

  case REGISTER:
  case REGISTER_WITH_INVITE:
    neko_remote_register_async (url, "A@neko.test", "long enough",
                                call == REGISTER ? NULL : "code", cancellable,
                                worker_double_done_cb, result);
    break;
  }
}


/* Returns what it got, of the information the version. */
static char *
finish (Call           call,
        GAsyncResult **pending,
        GError       **error)
{
  g_autoptr (GAsyncResult) result = worker_double_wait (pending);

  if (call == INFO_CALL) {
    g_autoptr (NekoRemoteInfo) info = neko_remote_info_finish (result, error);

    return info != NULL ? g_strdup (info->version) : NULL;
  }

  if (call == SETUP)
    return neko_remote_setup_finish (result, error);

  return neko_remote_register_finish (result, error);
}


static void
test_call (gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (WorkerDouble) worker = worker_double_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *returned = NULL;
  GAsyncResult *result = NULL;
  GQuark domain = test->is_mail ? NEKO_MAIL_ERROR : NEKO_REMOTE_ERROR;

  worker->status = test->status;
  worker->answer = test->answer;
  start (test->call, worker->url, NULL, &result);
  returned = finish (test->call, &result, &error);
  g_assert_cmpstr (returned, ==, test->returned);
  g_assert_cmpuint (worker->requests, ==, 1);
  g_assert_null (worker->token);

  if (test->returned != NULL)
    g_assert_no_error (error);
  else
    g_assert_error (error, domain, test->code);

  if (test->asked != NULL)
    g_assert_cmpstr (worker->asked, ==, test->asked);
}


static void
test_info (void)
{
  g_autoptr (WorkerDouble) worker = worker_double_new (NULL);
  g_autoptr (NekoRemoteInfo) info = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  worker->status = 200;
  worker->answer = "{\"name\":\"Neko Mail\",\"version\":\"1\\u001b[2J\",\"domains\":[\"a\\nb\",7],"
                   "\"registration\":\"other\",\"setupDone\":1}";
  neko_remote_info_async (worker->url, NULL, worker_double_done_cb, &pending);
  result = worker_double_wait (&pending);
  info = neko_remote_info_finish (result, NULL);
  g_assert_nonnull (info);
  g_assert_cmpstr (info->version, ==, "1?[2J");
  g_assert_cmpstr (info->domains[0], ==, "a?b");
  g_assert_null (info->domains[1]);
  g_assert_cmpint (info->registration, ==, NEKO_REMOTE_REGISTRATION_CLOSED);
  g_assert_false (info->is_set_up);
}


/* An entry of a server that begins to answer and leaves. */
static gboolean
leave_cb (GSocketService    *service,
          GSocketConnection *connection,
          GObject           *source,
          gpointer           user_data)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  const char *text = user_data;

  g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);

  return TRUE;
}


static int
code_at (const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *returned = NULL;
  GAsyncResult *result = NULL;

  start (INFO_CALL, url, NULL, &result);
  returned = finish (INFO_CALL, &result, &error);
  g_assert_null (returned);
  g_assert_true (error->domain == NEKO_REMOTE_ERROR);

  return error->code;
}


static void
test_url (void)
{
  static const char *const urls[] = {
    "", "neko.test", "https://", "https:neko", "ftp://neko.test", "mailto:a@neko.test",
    "http://neko.test", "https://a:b@neko.test", "http://127.0.0.1.neko.test", "https://neko.test:port",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_test_message ("%s", urls[i]);
    g_assert_cmpint (code_at (urls[i]), ==, NEKO_REMOTE_ERROR_URL);
  }
}


static void
test_nobody (void)
{
  WorkerDouble *worker = worker_double_new (NULL);
  g_autofree char *url = g_strdup (worker->url);

  worker_double_free (worker);
  g_assert_cmpint (code_at (url), ==, NEKO_REMOTE_ERROR_UNREACHABLE);
}


static void
test_certificate (void)
{
  g_autofree char *folder = g_dir_make_tmp ("neko-first-run-XXXXXX", NULL);
  g_autoptr (NekoCertificate) certificate = neko_certificate_new (folder);
  g_autofree char *lock = g_build_filename (folder, "certificate.lock", NULL);
  g_autoptr (WorkerDouble) worker = NULL;

  g_assert_true (neko_certificate_open (certificate, "127.0.0.1", NULL));
  worker = worker_double_new (neko_certificate_get_tls (certificate));
  g_assert_cmpint (code_at (worker->url), ==, NEKO_REMOTE_ERROR_CERTIFICATE);
  g_assert_cmpuint (worker->requests, ==, 0);
  g_assert_no_errno (g_unlink (neko_certificate_get_path (certificate)));
  g_assert_no_errno (g_unlink (lock));
  g_assert_no_errno (g_rmdir (folder));
}


static int
code_where_said (const char *text,
                 const char *scheme)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autofree char *url = NULL;

  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), address,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &effective, NULL));
  g_signal_connect (service, "incoming", G_CALLBACK (leave_cb), (gpointer) text);
  url = g_strdup_printf ("%s://127.0.0.1:%u/", scheme,
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)));

  return code_at (url);
}


static void
test_strangers (void)
{
  static const struct {
    const char *scheme;
    const char *text;
    int         code;
  } strangers[] = {
    { "http",  "220 smtp.neko.test ESMTP\r\n", NEKO_REMOTE_ERROR_NOT_WORKER },
    { "http",  "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", NEKO_REMOTE_ERROR_UNREACHABLE },
    { "http",  "", NEKO_REMOTE_ERROR_UNREACHABLE },
    { "https", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", NEKO_REMOTE_ERROR_NOT_WORKER },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (strangers); i++) {
    g_test_message ("%s: %s", strangers[i].scheme, strangers[i].text);
    g_assert_cmpint (code_where_said (strangers[i].text, strangers[i].scheme), ==, strangers[i].code);
  }
}


/* An answer that comes has to wait for the one that reads it. */
static void
test_cancelled (void)
{
  for (Call call = INFO_CALL; call <= REGISTER_WITH_INVITE; call++) {
    g_autoptr (WorkerDouble) worker = worker_double_new (NULL);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *returned = NULL;
    GAsyncResult *result = NULL;

    worker->status = 200;
    worker->answer = INFO;
    start (call, worker->url, cancellable, &result);
    g_cancellable_cancel (cancellable);
    returned = finish (call, &result, &error);
    g_assert_null (returned);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/remote/first-run/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_call);
  }

  g_test_add_func ("/remote/first-run/info/text", test_info);
  g_test_add_func ("/remote/first-run/url", test_url);
  g_test_add_func ("/remote/first-run/nobody", test_nobody);
  g_test_add_func ("/remote/first-run/certificate", test_certificate);
  g_test_add_func ("/remote/first-run/strangers", test_strangers);
  g_test_add_func ("/remote/first-run/cancelled", test_cancelled);

  return g_test_run ();
}
