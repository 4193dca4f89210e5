/* neko-remote-round-trip.c - a message to oneself, timed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-round-trip.h"

#include <string.h>

#include "neko-event-channel.h"
#include "neko-outbox.h"
#include "neko-remote-error.h"
#include "neko-remote-outbox.h"

/* Characters at the end of the subject by which the message is known again. */
#define MARK_LENGTH 8

typedef struct {
  NekoEventChannel   *events;
  NekoOutbox         *outbox;
  NekoSubmission     *submission;
  GInputStream       *message;
  char               *mark;
  gint64              start;     /* monotonic time, 0 before it was sent */
  unsigned            patience;  /* a timer */
  unsigned            cancelled; /* a source */
  gboolean            is_taken;
  gboolean            is_over;
  NekoRemoteRoundTrip times;
} Trip;


static void
trip_free (Trip *trip)
{
  g_clear_object (&trip->events);
  g_clear_object (&trip->outbox);
  g_clear_object (&trip->message);
  neko_submission_free (trip->submission);
  g_free (trip->mark);
  g_free (trip);
}


/* Only the first end counts; what is on its way by then ends in nothing. Takes @error, which may be %NULL. */
static void
end (GTask  *task,
     GError *error)
{
  Trip *trip = g_task_get_task_data (task);

  if (trip->is_over) {
    g_clear_error (&error);
    return;
  }

  trip->is_over = TRUE;
  g_clear_handle_id (&trip->patience, g_source_remove);
  g_clear_handle_id (&trip->cancelled, g_source_remove);
  g_signal_handlers_disconnect_by_data (trip->events, task);
  neko_event_channel_stop (trip->events);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  /* That of the channel and of the timer. */
  g_object_unref (task);
}


static void
look (GTask *task)
{
  Trip *trip = g_task_get_task_data (task);

  if (trip->is_taken && trip->times.arrived > 0)
    end (task, NULL);
}


static void
taken_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Trip *trip = g_task_get_task_data (task);
  g_autoptr (GPtrArray) deliveries = NULL;
  GError *error = NULL;

  deliveries = neko_outbox_submit_finish (NEKO_OUTBOX (source), result, &error);

  if (deliveries == NULL) {
    end (task, error);
    return;
  }

  for (guint i = 0; i < deliveries->len; i++) {
    NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    if (delivery->is_refused) {
      end (task, g_error_new (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_REFUSED, "%s", delivery->reason));
      return;
    }
  }

  trip->is_taken = TRUE;
  trip->times.taken = g_get_monotonic_time () - trip->start;
  look (task);
}


/* Sent as soon as one hears of what arrives. */
static void
state_changed_cb (NekoEventChannel *events,
                  GTask            *task)
{
  Trip *trip = g_task_get_task_data (task);
  const GError *error = neko_event_channel_get_error (events);

  if (neko_event_channel_is_alive (events) && trip->start == 0) {
    trip->start = g_get_monotonic_time ();
    neko_outbox_submit_async (trip->outbox, trip->submission, trip->message,
                              g_task_get_cancellable (task), taken_cb, g_object_ref (task));
  } else if (error != NULL) {
    end (task, g_error_copy (error));
  }
}


static void
changed_cb (NekoEventChannel *events,
            guint64           sequence,
            const char       *from,
            const char       *subject,
            const char       *id,
            GTask            *task)
{
  Trip *trip = g_task_get_task_data (task);

  if (subject == NULL || !g_str_has_suffix (subject, trip->mark) || trip->times.arrived > 0)
    return;

  trip->times.arrived = g_get_monotonic_time () - trip->start;
  look (task);
}


static gboolean
impatient_cb (gpointer user_data)
{
  GTask *task = user_data;
  Trip *trip = g_task_get_task_data (task);

  trip->patience = 0;
  end (task, g_error_new_literal (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                                  trip->is_taken ? "the Worker took the message, but it did not arrive"
                                                 : "the Worker does not answer"));

  return G_SOURCE_REMOVE;
}


static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  Trip *trip = g_task_get_task_data (task);
  GError *error = NULL;

  trip->cancelled = 0;
  g_cancellable_set_error_if_cancelled (cancellable, &error);
  end (task, error);

  return G_SOURCE_REMOVE;
}


static void
watch (GTask        *task,
       GCancellable *cancellable)
{
  Trip *trip = g_task_get_task_data (task);
  g_autoptr (GSource) source = cancellable != NULL ? g_cancellable_source_new (cancellable) : NULL;

  trip->patience = g_timeout_add_seconds (NEKO_REMOTE_ROUND_TRIP_SECONDS, impatient_cb, task);

  if (source != NULL) {
    g_source_set_callback (source, G_SOURCE_FUNC (cancelled_cb), task, NULL);
    trip->cancelled = g_source_attach (source, NULL);
  }
}


static void
make_message (Trip       *trip,
              const char *address,
              const char *subject,
              const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *encoded = g_base64_encode ((const guchar *) subject, strlen (subject));
  g_autofree char *body = g_base64_encode ((const guchar *) text, strlen (text));
  g_autoptr (GString) message = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  static const char *days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  trip->mark = g_strndup (uuid, MARK_LENGTH);

  /* RFC 5322 section 3.3 wants names of days and months in English. */
  g_string_append_printf (message, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
                          days[g_date_time_get_day_of_week (now) - 1], g_date_time_get_day_of_month (now),
                          months[g_date_time_get_month (now) - 1], g_date_time_get_year (now),
                          g_date_time_get_hour (now), g_date_time_get_minute (now),
                          g_date_time_get_second (now));
  g_string_append_printf (message, "From: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s@neko-mail.invalid>\r\n", address,
                          address, uuid);
  /* An encoded word of RFC 2047 section 2, so it may be of any language. */
  g_string_append_printf (message, "Subject: =?UTF-8?B?%s?= %s\r\n", encoded, trip->mark);
  g_string_append (message, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");

  for (size_t i = 0; i < strlen (body); i += 76)
    g_string_append_printf (message, "%.76s\r\n", body + i);

  trip->submission = neko_submission_new (address);
  neko_submission_add_recipient (trip->submission, address, NULL, NULL);
  trip->submission->size = message->len;
  trip->submission->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) message->str,
                                                          message->len);
  bytes = g_string_free_to_bytes (g_steal_pointer (&message));
  trip->message = g_memory_input_stream_new_from_bytes (bytes);
}


/**
 * neko_remote_round_trip_async:
 * @client: with the account's token
 * @address: the account's
 * @subject: at most 40 octets; a mark by which it is known again is put behind it
 * @text: what the message says
 *
 * Sends a message from the account to itself, and waits until the Worker tells that it has arrived. The
 * message stays there.
 */
void
neko_remote_round_trip_async (NekoRemoteClient   *client,
                              const char         *address,
                              const char         *subject,
                              const char         *text,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Trip *trip = g_new0 (Trip, 1);

  g_task_set_source_tag (task, neko_remote_round_trip_async);
  g_task_set_task_data (task, trip, (GDestroyNotify) trip_free);
  make_message (trip, address, subject, text);
  trip->outbox = NEKO_OUTBOX (neko_remote_outbox_new (client, address));
  trip->events = neko_event_channel_new (client);
  watch (task, cancellable);
  g_signal_connect_object (trip->events, "changed", G_CALLBACK (changed_cb), task, 0);
  g_signal_connect_object (trip->events, "state-changed", G_CALLBACK (state_changed_cb), task, 0);
  neko_event_channel_start (trip->events);
}


/**
 * neko_remote_round_trip_finish:
 * @times: (out): how long it took
 *
 * Returns: whether it arrived; if not, @error is set in %NEKO_MAIL_ERROR, or %G_IO_ERROR_CANCELLED
 */
gboolean
neko_remote_round_trip_finish (GAsyncResult        *result,
                               NekoRemoteRoundTrip *times,
                               GError             **error)
{
  Trip *trip = g_task_get_task_data (G_TASK (result));

  *times = trip->times;

  return g_task_propagate_boolean (G_TASK (result), error);
}
