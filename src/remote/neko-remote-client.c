/* neko-remote-client.c - requests to one Worker, with one token
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-client.h"

#include <stdint.h>
#include <string.h>

#include "neko-json.h"
#include "neko-remote-error.h"
#include "neko-secret.h"

/* Octets of an answer that is not streamed. */
#define ANSWER_LIMIT (1024 * 1024)

/* The same of what an admin asks: some thousand users with all their aliases. */
#define LONG_ANSWER_LIMIT (16 * 1024 * 1024)

/* libsoup's default is 2, so that two messages that are read slowly would keep everything else of the
 * account waiting. More than a mail program and a person at the window ever have at once. */
#define CONNECTION_LIMIT 32

/* Without an octet for this long, a request has failed. */
#define STALL_SECONDS 30

struct _NekoRemoteClient {
  GObject      parent_instance;

  SoupSession *session;
  GUri        *base;
  NekoSecret  *token;    /* (nullable) */
  GError      *no_token; /* (nullable): why requests must fail */
};

G_DEFINE_FINAL_TYPE (NekoRemoteClient, neko_remote_client, G_TYPE_OBJECT)


/**
 * neko_remote_client_set_token:
 *
 * Requests made from now on carry @token.
 */
void
neko_remote_client_set_token (NekoRemoteClient *self,
                              const char       *token)
{
  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (self));

  neko_secret_free (self->token);
  self->token = g_strdup (token);
  g_clear_error (&self->no_token);
}


/**
 * neko_remote_client_set_no_token:
 * @code: the error that requests made from now on end with, without asking the Worker
 * @reason: what the user should do about it
 */
void
neko_remote_client_set_no_token (NekoRemoteClient *self,
                                 NekoMailError     code,
                                 const char       *reason)
{
  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (self));

  g_clear_pointer (&self->token, neko_secret_free);
  g_clear_error (&self->no_token);
  self->no_token = g_error_new_literal (NEKO_MAIL_ERROR, code, reason);
}


/**
 * neko_remote_client_set_stall_time:
 * @seconds: without an octet for this long, a request over a new connection has failed
 */
void
neko_remote_client_set_stall_time (NekoRemoteClient *self,
                                   unsigned          seconds)
{
  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (self));

  soup_session_set_timeout (self->session, seconds);
}


/**
 * neko_remote_client_get_session:
 *
 * Returns: what to send a message through that the client's own functions are not made for, or %NULL
 *   with @error set where no request can be made
 */
SoupSession *
neko_remote_client_get_session (NekoRemoteClient *self,
                                GError          **error)
{
  g_return_val_if_fail (NEKO_IS_REMOTE_CLIENT (self), NULL);

  if (self->no_token != NULL) {
    g_propagate_error (error, g_error_copy (self->no_token));
    return NULL;
  }

  return self->session;
}


/**
 * neko_remote_client_new_message:
 * @path: relative to the Worker's address, escaped
 *
 * Returns: (transfer full): a request
 */
SoupMessage *
neko_remote_client_new_message (NekoRemoteClient *self,
                                const char       *method,
                                const char       *path)
{
  g_autoptr (GUri) uri = g_uri_parse_relative (self->base, path, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessage *message = soup_message_new_from_uri (method, uri);

  /* Whoever answers with a redirection does not get the token. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);

  if (self->token != NULL) {
    g_autoptr (NekoSecret) value = g_strconcat ("Bearer ", self->token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  value);
  }

  return message;
}


/**
 * neko_remote_client_set_json:
 * @builder: holds the body
 */
void
neko_remote_client_set_json (SoupMessage *message,
                             JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  char *text = json_to_string (root, FALSE);
  g_autoptr (GBytes) body = g_bytes_new_with_free_func (text, strlen (text),
                                                        (GDestroyNotify) neko_secret_free, text);

  soup_message_set_request_body_from_bytes (message, "application/json", body);
}


/**
 * neko_remote_client_set_idempotent:
 *
 * Says of a POST that asking twice does no harm. libsoup sends others over a connection of their own,
 * which costs as many round trips as the TLS handshake has, since it cannot know whether one that was
 * kept open is still there.
 */
void
neko_remote_client_set_idempotent (SoupMessage *message)
{
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
}


typedef struct {
  SoupMessage  *message;
  GInputStream *stream;
  GByteArray   *answer;
  uint8_t       buffer[8192];
  gboolean      is_error; /* the answer is read for what it says of the error */
} Call;


static void
call_free (Call *call)
{
  g_clear_object (&call->message);
  g_clear_object (&call->stream);
  g_byte_array_unref (call->answer);
  g_free (call);
}


static gboolean
is_question (GTask *task)
{
  return g_task_get_source_tag (task) == neko_remote_client_ask_async;
}


static void
return_network_error (GTask        *task,
                      const GError *cause)
{
  g_task_return_error (task, is_question (task) ? neko_remote_error_new_for_connection (cause)
                                                : neko_remote_error_new_for_network (cause));
}


static void
return_status (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  const char *text = (const char *) call->answer->data;
  unsigned status = soup_message_get_status (call->message);

  g_task_return_error (task,
                       is_question (task)
                       ? neko_remote_error_new_for_answer (status, text, call->answer->len)
                       : neko_remote_error_new_for_status (status, text, call->answer->len));
}


static void
return_malformed (GTask *task)
{
  if (is_question (task))
    g_task_return_new_error (task, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NOT_WORKER,
                             "the answer is none of a Worker of Neko Mail");
  else
    g_task_return_error (task, neko_remote_error_new_malformed ("answer"));
}


static void read_answer (GTask *task);


static void
return_answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  const char *text = (const char *) call->answer->data;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  if (call->is_error) {
    return_status (task);
    return;
  }

  if (is_question (task) &&
      soup_message_get_status (call->message) == SOUP_STATUS_NO_CONTENT) {
    g_task_return_pointer (task, json_object_new (), (GDestroyNotify) json_object_unref);
    return;
  }

  object = text != NULL ? neko_json_parse_object (parser, text, call->answer->len) : NULL;

  if (object == NULL)
    return_malformed (task);
  else
    g_task_return_pointer (task, json_object_ref (object), (GDestroyNotify) json_object_unref);
}


static void
answer_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (length < 0) {
    return_network_error (task, error);
    return;
  }

  g_byte_array_append (call->answer, call->buffer, length);

  if (length > 0 && call->answer->len < (is_question (task) ? LONG_ANSWER_LIMIT : ANSWER_LIMIT))
    read_answer (g_steal_pointer (&task));
  else
    return_answer (task);
}


static void
read_answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  g_input_stream_read_async (call->stream, call->buffer, sizeof call->buffer, G_PRIORITY_DEFAULT,
                             g_task_get_cancellable (task), answer_read_cb, task);
}


static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (call->stream == NULL) {
    return_network_error (task, error);
    return;
  }

  call->is_error = !SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (call->message));

  if (!call->is_error && g_task_get_source_tag (task) == neko_remote_client_send_async)
    g_task_return_pointer (task, g_steal_pointer (&call->stream), g_object_unref);
  else
    read_answer (g_steal_pointer (&task));
}


static void
start (NekoRemoteClient   *self,
       gpointer            tag,
       SoupMessage        *message,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, tag);
  call->message = g_object_ref (message);
  call->answer = g_byte_array_new ();
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);

  if (self->no_token != NULL) {
    g_task_return_error (task, g_error_copy (self->no_token));
    return;
  }

  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, cancellable, sent_cb,
                           g_steal_pointer (&task));
}


/**
 * neko_remote_client_send_async:
 * @message: from neko_remote_client_new_message()
 *
 * Sends a request whose answer is a stream.
 */
void
neko_remote_client_send_async (NekoRemoteClient   *self,
                               SoupMessage        *message,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (self));

  start (self, neko_remote_client_send_async, message, cancellable, callback, user_data);
}


/**
 * neko_remote_client_send_finish:
 *
 * Returns: (transfer full): the answer's body, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
GInputStream *
neko_remote_client_send_finish (NekoRemoteClient *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}


/**
 * neko_remote_client_call_async:
 * @message: from neko_remote_client_new_message()
 *
 * Sends a request whose answer is a JSON object of 1 MiB at most.
 */
void
neko_remote_client_call_async (NekoRemoteClient   *self,
                               SoupMessage        *message,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (self));

  start (self, neko_remote_client_call_async, message, cancellable, callback, user_data);
}


/**
 * neko_remote_client_call_finish:
 *
 * Returns: (transfer full): the answer, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
JsonObject *
neko_remote_client_call_finish (NekoRemoteClient *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}


/**
 * neko_remote_client_ask_async:
 * @message: from neko_remote_client_new_message()
 *
 * Sends a request for a person, who is to know why it failed. The answer is a JSON object, or nothing.
 */
void
neko_remote_client_ask_async (NekoRemoteClient   *self,
                              SoupMessage        *message,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (self));

  start (self, neko_remote_client_ask_async, message, cancellable, callback, user_data);
}


/**
 * neko_remote_client_ask_finish:
 *
 * Returns: (transfer full): the answer, an empty object where it is nothing, or %NULL with @error set in
 *   %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
JsonObject *
neko_remote_client_ask_finish (NekoRemoteClient *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
neko_remote_client_finalize (GObject *object)
{
  NekoRemoteClient *self = NEKO_REMOTE_CLIENT (object);

  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->base, g_uri_unref);
  g_clear_pointer (&self->token, neko_secret_free);
  g_clear_error (&self->no_token);

  G_OBJECT_CLASS (neko_remote_client_parent_class)->finalize (object);
}


static void
neko_remote_client_class_init (NekoRemoteClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_remote_client_finalize;
}


static void
neko_remote_client_init (NekoRemoteClient *self)
{
  self->session = soup_session_new_with_options ("timeout", STALL_SECONDS,
                                                 "max-conns", CONNECTION_LIMIT,
                                                 "max-conns-per-host", CONNECTION_LIMIT,
                                                 "user-agent", "neko-mail/" NEKO_VERSION,
                                                 NULL);
}


/* All names but this one are somebody else's, who decides where they lead. */
static gboolean
is_this_computer (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0;
}


/**
 * neko_remote_client_new:
 * @url: the Worker's address; whoever keeps it has seen to it that a password may go there
 *
 * Returns: (transfer full): a client without a token, or %NULL with @error set
 */
NekoRemoteClient *
neko_remote_client_new (const char *url,
                        GError    **error)
{
  g_autofree char *folder = g_str_has_suffix (url, "/") ? g_strdup (url)
                                                        : g_strconcat (url, "/", NULL);
  g_autoptr (GUri) base = g_uri_parse (folder, SOUP_HTTP_URI_FLAGS, error);
  NekoRemoteClient *self;

  if (base == NULL)
    return NULL;

  self = g_object_new (NEKO_TYPE_REMOTE_CLIENT, NULL);
  self->base = g_steal_pointer (&base);

  /* A proxy's loopback is not ours, and it would get the token in clear. Besides, only to ask which proxies
   * the system has, GIO loads 2 MB of libraries. */
  if (is_this_computer (g_uri_get_host (self->base)))
    soup_session_set_proxy_resolver (self->session, NULL);

  return self;
}
