/* neko-remote-outbox.c - the Worker as an outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-outbox.h"

#include <string.h>

#include "neko-remote-error.h"
#include "neko-submission-json.h"
#include "neko-upload-stream.h"

/* What is announced while the Worker could not be asked. */
#define DEFAULT_MAX_SIZE (5 * 1024 * 1024)

/* A submission is tried this often, for as long as a mail program waits for its answer anyway. */
#define TRIES 3

struct _NekoRemoteOutbox {
  GObject           parent_instance;

  NekoRemoteClient *client;
  char             *account;
  NekoProfile      *profile; /* (nullable): the Worker was not asked yet */
};

static void neko_remote_outbox_outbox_init (NekoOutboxInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoRemoteOutbox, neko_remote_outbox, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_OUTBOX,
                                                      neko_remote_outbox_outbox_init))


static guint64
neko_remote_outbox_get_max_size (NekoOutbox *outbox)
{
  const NekoProfile *profile = NEKO_REMOTE_OUTBOX (outbox)->profile;

  return profile != NULL && profile->max_message_size > 0 ? profile->max_message_size
                                                          : DEFAULT_MAX_SIZE;
}


static gboolean
neko_remote_outbox_may_send_as (NekoOutbox *outbox,
                                const char *address)
{
  const NekoProfile *profile = NEKO_REMOTE_OUTBOX (outbox)->profile;

  return profile == NULL || neko_profile_may_send_as (profile, address);
}


enum {
  SENT,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


/* Where all recipients are refused, nothing was sent. */
static void
tell_if_sent (NekoRemoteOutbox     *self,
              const NekoSubmission *submission,
              GPtrArray            *deliveries)
{
  for (guint i = 0; i < deliveries->len; i++) {
    const NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    if (!delivery->is_refused) {
      g_signal_emit (self, signals[SENT], 0, submission->size);
      return;
    }
  }
}


typedef struct {
  const NekoSubmission *submission; /* the caller's, until the task returns */
  GInputStream         *message;
  char                 *envelope;
  char                 *key;
  unsigned              tries;
} Upload;


static void
upload_free (Upload *upload)
{
  g_object_unref (upload->message);
  g_free (upload->envelope);
  g_free (upload->key);
  g_free (upload);
}


static void upload (GTask *task);


static gboolean
retry_cb (gpointer user_data)
{
  upload (g_object_ref (user_data));

  return G_SOURCE_REMOVE;
}


/* The Worker may have taken the message although its answer was lost.  The key makes asking again
 * harmless. */
static void
try_again (GTask *task)
{
  Upload *data = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GSource) timer = g_timeout_source_new_seconds (data->tries);

  /* Who is cancelled waits no longer: the request then fails by itself. */
  if (cancellable != NULL) {
    g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

    g_source_set_dummy_callback (cancelled);
    g_source_add_child_source (timer, cancelled);
  }

  g_task_attach_source (task, timer, retry_cb);
  g_object_unref (task);
}


static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Upload *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_call_finish (NEKO_REMOTE_CLIENT (source),
                                                                  result, &error);
  g_autoptr (GPtrArray) deliveries = NULL;

  if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE) &&
      data->tries < TRIES && !g_cancellable_is_cancelled (g_task_get_cancellable (task))) {
    try_again (g_steal_pointer (&task));
    return;
  }

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  deliveries = neko_submission_parse_answer (data->submission, answer);

  if (deliveries == NULL) {
    g_task_return_error (task, neko_remote_error_new_malformed ("answer"));
    return;
  }

  tell_if_sent (g_task_get_source_object (task), data->submission, deliveries);
  g_task_return_pointer (task, g_steal_pointer (&deliveries), (GDestroyNotify) g_ptr_array_unref);
}


/* Gives the request its body, from the first octet. */
static gboolean
set_body (SoupMessage *message,
          Upload      *data,
          GError     **error)
{
  g_autoptr (GInputStream) body = NULL;

  if (!g_seekable_seek (G_SEEKABLE (data->message), 0, G_SEEK_SET, NULL, error))
    return FALSE;

  body = neko_upload_stream_new (data->envelope, data->message);
  soup_message_set_request_body (message, "application/vnd.neko-mail.frames", body,
                                 strlen (data->envelope) + data->submission->size);

  return TRUE;
}


/* libsoup asks again by itself where the Worker closed a connection that was kept open. A body that
 * cannot be had again stays away, and the Worker misses its octets. */
static void
restarted_cb (SoupMessage *message,
              GTask       *task)
{
  set_body (message, g_task_get_task_data (task), NULL);
}


static void
upload (GTask *task)
{
  NekoRemoteOutbox *self = g_task_get_source_object (task);
  Upload *data = g_task_get_task_data (task);
  g_autoptr (SoupMessage) message = NULL;
  GError *error = NULL;

  message = neko_remote_client_new_message (self->client, SOUP_METHOD_POST, "v1/submissions");
  neko_remote_client_set_idempotent (message);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Idempotency-Key",
                                data->key);

  if (!set_body (message, data, &error)) {
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }

  data->tries++;
  g_signal_connect_object (message, "restarted", G_CALLBACK (restarted_cb), task, 0);
  neko_remote_client_call_async (self->client, message, g_task_get_cancellable (task), uploaded_cb,
                                 task);
}


static void
neko_remote_outbox_submit_async (NekoOutbox           *outbox,
                                 const NekoSubmission *submission,
                                 GInputStream         *message,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data)
{
  NekoRemoteOutbox *self = NEKO_REMOTE_OUTBOX (outbox);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Upload *data = g_new0 (Upload, 1);

  g_task_set_source_tag (task, neko_remote_outbox_submit_async);
  data->submission = submission;
  data->message = g_object_ref (message);
  data->envelope = neko_submission_to_envelope (submission);
  data->key = neko_submission_dup_key (submission, self->account);
  g_task_set_task_data (task, data, (GDestroyNotify) upload_free);
  upload (g_steal_pointer (&task));
}


static GPtrArray *
neko_remote_outbox_submit_finish (NekoOutbox   *outbox,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
neko_remote_outbox_outbox_init (NekoOutboxInterface *iface)
{
  iface->get_max_size = neko_remote_outbox_get_max_size;
  iface->may_send_as = neko_remote_outbox_may_send_as;
  iface->submit_async = neko_remote_outbox_submit_async;
  iface->submit_finish = neko_remote_outbox_submit_finish;
}


static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoRemoteOutbox *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_call_finish (NEKO_REMOTE_CLIENT (source),
                                                                  result, &error);
  g_autoptr (NekoProfile) profile = answer != NULL ? neko_profile_parse (answer) : NULL;

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  if (profile == NULL) {
    g_task_return_error (task, neko_remote_error_new_malformed ("answer"));
    return;
  }

  neko_profile_free (self->profile);
  self->profile = g_steal_pointer (&profile);
  g_task_return_boolean (task, TRUE);
}


/**
 * neko_remote_outbox_refresh_async:
 *
 * Asks the Worker what the account may send and as whom; also a way to see whether the token works.
 */
void
neko_remote_outbox_refresh_async (NekoRemoteOutbox   *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (SoupMessage) message = NULL;

  g_task_set_source_tag (task, neko_remote_outbox_refresh_async);
  message = neko_remote_client_new_message (self->client, SOUP_METHOD_GET, "v1/me");
  neko_remote_client_call_async (self->client, message, cancellable, refreshed_cb,
                                 g_steal_pointer (&task));
}


gboolean
neko_remote_outbox_refresh_finish (NekoRemoteOutbox *self,
                                   GAsyncResult     *result,
                                   GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


/**
 * neko_remote_outbox_get_profile:
 *
 * Returns: (nullable): what the Worker said of the account; %NULL while it could not be asked
 */
const NekoProfile *
neko_remote_outbox_get_profile (NekoRemoteOutbox *self)
{
  g_return_val_if_fail (NEKO_IS_REMOTE_OUTBOX (self), NULL);

  return self->profile;
}


static void
neko_remote_outbox_finalize (GObject *object)
{
  NekoRemoteOutbox *self = NEKO_REMOTE_OUTBOX (object);

  g_clear_object (&self->client);
  g_free (self->account);
  neko_profile_free (self->profile);

  G_OBJECT_CLASS (neko_remote_outbox_parent_class)->finalize (object);
}


static void
neko_remote_outbox_class_init (NekoRemoteOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_remote_outbox_finalize;

  /**
   * NekoRemoteOutbox::sent:
   * @octets: of a message that the Worker took
   */
  signals[SENT] = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT64);
}


static void
neko_remote_outbox_init (NekoRemoteOutbox *self)
{
}


/**
 * neko_remote_outbox_new:
 * @account: the account's address
 *
 * Returns: (transfer full): where the account whose token @client has sends from
 */
NekoRemoteOutbox *
neko_remote_outbox_new (NekoRemoteClient *client,
                        const char       *account)
{
  NekoRemoteOutbox *self = g_object_new (NEKO_TYPE_REMOTE_OUTBOX, NULL);

  self->client = g_object_ref (client);
  self->account = g_strdup (account);

  return self;
}
