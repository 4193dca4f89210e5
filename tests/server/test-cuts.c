/* test-cuts.c - conversations that end at each octet, in each way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#include <sys/socket.h>

#include "memory-mail.h"
#include "test-client.h"

#define MESSAGE "Subject: one\r\n\r\nHello\r\n.\r\n"

/* How a client goes, or the server. */
typedef enum {
  HALF_CLOSED, /* the client says nothing more, but listens */
  CLOSED,
  RESET,       /* as when a program is killed */
  STOPPED,
} End;

typedef struct {
  const char *name;
  const char *text;
  size_t      decisive;   /* how many octets it takes until something is done; 0 for all of them */
  const char *done;       /* the reply that says so */
  const char *goodbye;    /* (nullable): of a server that stops */
} Conversation;

typedef struct {
  const Conversation *conversation;
  End                 end;
} Case;

typedef struct {
  MemoryMail        *mail;
  NekoServer        *server;
  GSocketConnection *client;
  GString           *received;
} Trial;

static const Conversation pop3 = {
  .name = "pop3",
  .text = "USER " MEMORY_USER "\r\nPASS " MEMORY_PASSWORD "\r\nLIST\r\nRETR 1\r\nTOP 1 0\r\n"
          "DELE 1\r\nQUIT\r\n",
  .done = "+OK bye, messages deleted\r\n",
};

#define SMTP_BEGIN \
  "EHLO test\r\nAUTH PLAIN AGFsaWNlQG5la28udGVzdABjb3JyZWN0IGhvcnNl\r\n" \
  "MAIL FROM:<" MEMORY_USER ">\r\nRCPT TO:<bob@example.org>\r\n"

static const Conversation smtp_data = {
  .name = "smtp",
  .text = SMTP_BEGIN "DATA\r\nSubject: x\r\n\r\n..\r\nHello\r\n.\r\nQUIT\r\n",
  .decisive = sizeof SMTP_BEGIN "DATA\r\nSubject: x\r\n\r\n..\r\nHello\r\n.\r\n" - 1,
  .done = "250 2.0.0",
  .goodbye = "421 4.3.2",
};

static const Conversation smtp_chunks = {
  .name = "smtp-chunks",
  .text = SMTP_BEGIN "BDAT 14\r\nSubject: x\r\n\r\nBDAT 7 LAST\r\nHello\r\nQUIT\r\n",
  .decisive = sizeof SMTP_BEGIN "BDAT 14\r\nSubject: x\r\n\r\nBDAT 7 LAST\r\nHello\r\n" - 1,
  .done = "250 2.0.0 message",
  .goodbye = "421 4.3.2",
};


static size_t
get_decisive (const Conversation *conversation)
{
  return conversation->decisive > 0 ? conversation->decisive : strlen (conversation->text);
}


static gboolean
is_done (Trial *trial)
{
  return memory_mail_get_length (trial->mail) == 0 || memory_mail_count_submitted (trial->mail) > 0;
}


static void
begin (Trial              *trial,
       const Conversation *conversation)
{
  trial->mail = memory_mail_new ();
  memory_mail_add (trial->mail, "id-1", MESSAGE, -1);
  trial->server = conversation == &pop3 ? neko_server_new_pop3 (0, NEKO_AUTHENTICATOR (trial->mail))
                                        : neko_server_new_smtp (0, NEKO_AUTHENTICATOR (trial->mail));
  neko_server_start (trial->server);
  trial->client = test_client_connect (neko_listener_get_port (
                                         neko_server_get_listener (trial->server)));
  trial->received = g_string_new (NULL);
}


static void
wait_for_end (Trial *trial)
{
  while (neko_server_get_connections (trial->server) > 0)
    g_main_context_iteration (NULL, TRUE);
}


static void
finish (Trial *trial)
{
  wait_for_end (trial);
  test_client_settle ();
  g_assert_finalize_object (trial->client);
  g_assert_finalize_object (trial->server);
  g_assert_finalize_object (trial->mail);
  g_string_free (trial->received, TRUE);
}


static void
say (Trial      *trial,
     const char *text,
     size_t      length)
{
  g_assert_cmpuint (test_client_offer (trial->client, text, length), ==, length);
  test_client_settle ();
}


static void
end (Trial *trial,
     End    way)
{
  GSocket *socket = g_socket_connection_get_socket (trial->client);
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  switch (way) {
  case HALF_CLOSED:
    g_assert_true (g_socket_shutdown (socket, FALSE, TRUE, NULL));
    break;

  case RESET:
    g_assert_cmpint (setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once,
                                 sizeof at_once), ==, 0);
    g_io_stream_close (G_IO_STREAM (trial->client), NULL, NULL);
    break;

  case STOPPED:
    neko_server_stop (trial->server);
    break;

  case CLOSED:
  default:
    g_io_stream_close (G_IO_STREAM (trial->client), NULL, NULL);
    break;
  }
}


/* One that comes afterwards is served. */
static void
assert_serves (Trial *trial)
{
  g_autoptr (GString) greeting = g_string_new (NULL);
  g_autoptr (GSocketConnection) next = test_client_connect (
    neko_listener_get_port (neko_server_get_listener (trial->server)));

  test_client_settle ();
  test_client_take (next, greeting);
  g_assert_true (g_str_has_suffix (greeting->str, "\r\n"));
  g_io_stream_close (G_IO_STREAM (next), NULL, NULL);
  wait_for_end (trial);
}


/* Whoever still listens hears the truth. */
static void
assert_told (Trial      *trial,
             const Case *test,
             size_t      length)
{
  const Conversation *conversation = test->conversation;
  gboolean is_over = length == strlen (conversation->text);

  g_assert_false (test_client_take (trial->client, trial->received));
  g_assert_cmpint (strstr (trial->received->str, conversation->done) != NULL, ==, is_done (trial));

  if (test->end == STOPPED && conversation->goodbye != NULL)
    g_assert_cmpint (strstr (trial->received->str, conversation->goodbye) != NULL, ==, !is_over);
}


static void
try_cut (const Case *test,
         size_t      length)
{
  const Conversation *conversation = test->conversation;
  Trial trial;

  begin (&trial, conversation);
  say (&trial, conversation->text, length);
  end (&trial, test->end);
  wait_for_end (&trial);

  /* Handed over is handed over, whether somebody waits for the answer or not. */
  while (length >= get_decisive (conversation) && !is_done (&trial))
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (is_done (&trial), ==, length >= get_decisive (conversation));
  g_assert_cmpuint (memory_mail_count_submitted (trial.mail), <=, 1);

  if (test->end == HALF_CLOSED || test->end == STOPPED)
    assert_told (&trial, test, length);

  if (test->end != STOPPED)
    assert_serves (&trial);

  finish (&trial);
}


static void
test_cut (gconstpointer user_data)
{
  const Case *test = user_data;
  size_t length = strlen (test->conversation->text);

  for (size_t i = 0; i <= length; i++)
    try_cut (test, i);
}


/* What was handed over goes on when the client or the server goes, and the client hears of it if it can. */
static void
test_handed_over (gconstpointer user_data)
{
  const Case *test = user_data;
  const Conversation *conversation = test->conversation;
  Trial trial;

  begin (&trial, conversation);
  memory_mail_hold (trial.mail);
  say (&trial, conversation->text, get_decisive (conversation));

  /* Without its file, it may have to wait for a thread. */
  while (memory_mail_count_held (trial.mail) == 0)
    g_main_context_iteration (NULL, TRUE);

  end (&trial, test->end);
  test_client_settle ();
  g_assert_false (is_done (&trial));

  if (test->end == STOPPED)
    g_assert_cmpuint (neko_server_get_connections (trial.server), ==, 1);

  memory_mail_release (trial.mail);

  while (!is_done (&trial))
    g_main_context_iteration (NULL, TRUE);

  wait_for_end (&trial);

  if (test->end == HALF_CLOSED || test->end == STOPPED)
    assert_told (&trial, test, get_decisive (conversation));

  finish (&trial);
}


int
main (int   argc,
      char *argv[])
{
  static const Conversation *const conversations[] = { &pop3, &smtp_data, &smtp_chunks };
  static const char *const ends[] = { "half-closed", "closed", "reset", "stopped" };
  static Case cases[G_N_ELEMENTS (conversations) * G_N_ELEMENTS (ends)];

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Conversation *conversation = conversations[i / G_N_ELEMENTS (ends)];
    const char *end_name = ends[i % G_N_ELEMENTS (ends)];
    g_autofree char *cut = g_strdup_printf ("/server/cuts/%s/%s", conversation->name, end_name);
    g_autofree char *handed_over = g_strdup_printf ("/server/handed-over/%s/%s", conversation->name,
                                                    end_name);

    cases[i] = (Case) { conversation, i % G_N_ELEMENTS (ends) };
    g_test_add_data_func (cut, &cases[i], test_cut);
    g_test_add_data_func (handed_over, &cases[i], test_handed_over);
  }

  return g_test_run ();
}
