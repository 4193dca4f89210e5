/* neko-notifier.c - tells the user of new mail, and of what only the user can mend
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-notifier.h"

#include <glib/gi18n.h>
#include <string.h>

#include "neko-notifier-settings.h"
#include "neko-problem-notifier.h"

/* From here on there is one notification for all new messages of an account. */
#define GROUP_SIZE 4

/* Messages of an account that are remembered one by one; the others are only counted. */
#define MESSAGE_LIMIT 200

static const NekoNotifierTiming default_timing = {
  .settle = 500,
  .patience = 8 * 1000,
  .lately = 10 * 60 * 1000,
  .problem = 10 * 1000,
  .keyring = 60 * 1000,
};

typedef struct {
  char    *id;
  char    *from;     /* (nullable) */
  char    *subject;  /* (nullable) */
  gboolean is_shown; /* in a notification of its own, or in that of all */
} Message;

/* The new messages of an account: those that no mail program has fetched and the user has not seen. */
typedef struct {
  NekoNotifier *notifier;
  NekoMailbox  *mailbox;
  GPtrArray    *messages;
  unsigned      more;       /* that are not in there */
  gboolean      is_grouped; /* there is one notification for all */
  unsigned      timer;      /* until what is new is shown */
} Inbox;

struct _NekoNotifier {
  GObject              parent_instance;

  GApplication        *application; /* not owned: it is what owns this */
  NekoService         *service;
  GSettings           *settings;
  NekoNotifierTiming   timing;
  GHashTable          *inboxes;     /* NekoMailbox → Inbox */
  NekoProblemNotifier *problems;
};

G_DEFINE_FINAL_TYPE (NekoNotifier, neko_notifier, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
message_free (Message *message)
{
  g_free (message->id);
  g_free (message->from);
  g_free (message->subject);
  g_free (message);
}


static char *
dup_group_id (Inbox *inbox)
{
  return g_strdup_printf ("mail %s", neko_mailbox_get_address (inbox->mailbox));
}


static char *
dup_message_id (Inbox   *inbox,
                Message *message)
{
  return g_strdup_printf ("mail %s %s", neko_mailbox_get_address (inbox->mailbox), message->id);
}


static void
withdraw (Inbox   *inbox,
          Message *message)
{
  g_autofree char *id = dup_message_id (inbox, message);

  if (message->is_shown && !inbox->is_grouped)
    g_application_withdraw_notification (inbox->notifier->application, id);
}


static void
withdraw_all (Inbox *inbox)
{
  g_autofree char *id = dup_group_id (inbox);

  for (guint i = 0; i < inbox->messages->len; i++)
    withdraw (inbox, g_ptr_array_index (inbox->messages, i));

  if (inbox->is_grouped)
    g_application_withdraw_notification (inbox->notifier->application, id);

  inbox->is_grouped = FALSE;
}


/* The user has seen them, or nobody will. */
static void
clear_inbox (Inbox *inbox)
{
  withdraw_all (inbox);
  g_clear_handle_id (&inbox->timer, g_source_remove);
  g_ptr_array_set_size (inbox->messages, 0);
  inbox->more = 0;
}


static void
inbox_free (Inbox *inbox)
{
  clear_inbox (inbox);
  g_ptr_array_unref (inbox->messages);
  g_object_unref (inbox->mailbox);
  g_free (inbox);
}


static Inbox *
inbox_new (NekoNotifier *notifier,
           NekoMailbox  *mailbox)
{
  Inbox *inbox = g_new0 (Inbox, 1);

  inbox->notifier = notifier;
  inbox->mailbox = g_object_ref (mailbox);
  inbox->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) message_free);

  return inbox;
}


/* The name that the sender goes by, or else the address. */
static char *
dup_sender (const char *from)
{
  const char *address = strrchr (from, '<');
  g_autofree char *name = g_strndup (from, address != NULL ? (size_t) (address - from) : strlen (from));

  g_strstrip (g_strdelimit (name, "\"", ' '));

  if (*name == '\0' && address != NULL) {
    g_free (name);
    name = g_strndup (address + 1, strcspn (address + 1, ">"));
  }

  if (*name == '\0')
    return g_strdup (_ ("Unknown sender"));

  return g_steal_pointer (&name);
}


/* Some desktops take what is in a body for markup, and some do not. */
static char *
dup_without_markup (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "<", -1);

  return g_strjoinv ("‹", parts);
}


static char *
dup_body (Inbox      *inbox,
          const char *text)
{
  GListModel *mailboxes = neko_service_get_mailboxes (inbox->notifier->service);
  g_autofree char *plain = dup_without_markup (text);

  /* With one account there is no doubt about which it is. */
  if (g_list_model_get_n_items (mailboxes) < 2)
    return g_steal_pointer (&plain);

  return g_strdup_printf ("%s\n%s", plain, neko_mailbox_get_address (inbox->mailbox));
}


static void
send (Inbox      *inbox,
      const char *id,
      const char *title,
      const char *body)
{
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, body);
  g_notification_set_category (notification, "email.arrived");
  g_notification_set_default_action (notification, "app.open-mail");
  g_application_send_notification (inbox->notifier->application, id, notification);
}


static void
show_message (Inbox   *inbox,
              Message *message)
{
  g_autofree char *id = dup_message_id (inbox, message);
  g_autofree char *sender = dup_sender (message->from);
  g_autofree char *body = dup_body (inbox, *message->subject != '\0' ? message->subject
                                                                    : _ ("(No subject)"));

  send (inbox, id, sender, body);
  message->is_shown = TRUE;
}


static void
show_count (Inbox *inbox)
{
  unsigned count = inbox->messages->len + inbox->more;
  g_autofree char *id = dup_group_id (inbox);
  g_autofree char *title = g_strdup_printf (ngettext ("%u New Message", "%u New Messages", count), count);

  /* Those that were shown one by one are among them. */
  withdraw_all (inbox);
  send (inbox, id, title, neko_mailbox_get_address (inbox->mailbox));
  inbox->is_grouped = TRUE;

  for (guint i = 0; i < inbox->messages->len; i++)
    ((Message *) g_ptr_array_index (inbox->messages, i))->is_shown = TRUE;
}


static gboolean
wants_count (Inbox                  *inbox,
             NekoNotificationSetting setting)
{
  if (setting == NEKO_NOTIFICATIONS_COUNT || inbox->is_grouped ||
      inbox->messages->len + inbox->more >= GROUP_SIZE)
    return TRUE;

  for (guint i = 0; i < inbox->messages->len; i++) {
    Message *message = g_ptr_array_index (inbox->messages, i);

    if (!message->is_shown && (message->from == NULL || message->subject == NULL))
      return TRUE;
  }

  return FALSE;
}


static gboolean
timer_cb (gpointer user_data)
{
  Inbox *inbox = user_data;
  NekoNotificationSetting setting = neko_notifier_get_setting (inbox->notifier->settings);

  inbox->timer = 0;

  if (setting == NEKO_NOTIFICATIONS_NONE)
    return G_SOURCE_REMOVE;

  if (wants_count (inbox, setting)) {
    show_count (inbox);
    return G_SOURCE_REMOVE;
  }

  for (guint i = 0; i < inbox->messages->len; i++) {
    Message *message = g_ptr_array_index (inbox->messages, i);

    if (!message->is_shown)
      show_message (inbox, message);
  }

  return G_SOURCE_REMOVE;
}


static gboolean
was_logged_in_lately (NekoNotifier *self,
                      NekoMailbox  *mailbox)
{
  gint64 then = neko_mailbox_get_logged_in (mailbox);

  return then > 0 && g_get_monotonic_time () - then < self->timing.lately * G_GINT64_CONSTANT (1000);
}


static void
received_cb (NekoMailbox  *mailbox,
             const char   *id,
             const char   *from,
             const char   *subject,
             NekoNotifier *self)
{
  Inbox *inbox = g_hash_table_lookup (self->inboxes, mailbox);
  Message *message;

  if (inbox->messages->len < MESSAGE_LIMIT) {
    message = g_new0 (Message, 1);
    message->id = g_strdup (id);
    message->from = g_strdup (from);
    message->subject = g_strdup (subject);
    g_ptr_array_add (inbox->messages, message);
  } else {
    inbox->more++;
  }

  if (inbox->timer == 0)
    inbox->timer = g_timeout_add (was_logged_in_lately (self, mailbox) ? self->timing.patience
                                                                       : self->timing.settle,
                                  timer_cb, inbox);

  g_signal_emit (self, signals[CHANGED], 0);
}


static void
read_cb (NekoMailbox  *mailbox,
         const char   *id,
         guint64       octets,
         NekoNotifier *self)
{
  Inbox *inbox = g_hash_table_lookup (self->inboxes, mailbox);

  for (guint i = 0; i < inbox->messages->len; i++) {
    Message *message = g_ptr_array_index (inbox->messages, i);

    if (!g_str_equal (message->id, id))
      continue;

    withdraw (inbox, message);
    g_ptr_array_remove_index (inbox->messages, i);

    /* Who has fetched as many has fetched the others as well. */
    if (inbox->messages->len == 0)
      clear_inbox (inbox);

    g_signal_emit (self, signals[CHANGED], 0);

    return;
  }
}


static gboolean
is_gone (gpointer mailbox,
         gpointer inbox,
         gpointer mailboxes)
{
  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) present = g_list_model_get_item (mailboxes, i);

    if (present == mailbox)
      return FALSE;
  }

  g_signal_handlers_disconnect_by_data (mailbox, ((Inbox *) inbox)->notifier);

  return TRUE;
}


static void
mailboxes_changed_cb (NekoNotifier *self)
{
  GListModel *mailboxes = neko_service_get_mailboxes (self->service);

  g_hash_table_foreach_remove (self->inboxes, is_gone, mailboxes);

  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    if (g_hash_table_contains (self->inboxes, mailbox))
      continue;

    g_hash_table_insert (self->inboxes, mailbox, inbox_new (self, mailbox));
    g_signal_connect_object (mailbox, "received", G_CALLBACK (received_cb), self, 0);
    g_signal_connect_object (mailbox, "read", G_CALLBACK (read_cb), self, 0);
  }
}


static void
setting_changed_cb (NekoNotifier *self)
{
  GHashTableIter iterator;
  gpointer inbox;

  g_hash_table_iter_init (&iterator, self->inboxes);

  while (g_hash_table_iter_next (&iterator, NULL, &inbox))
    withdraw_all (inbox);
}


/**
 * neko_notifier_forget_mail:
 *
 * To be called when the user looks at the mail: nothing is new then.
 */
void
neko_notifier_forget_mail (NekoNotifier *self)
{
  GHashTableIter iterator;
  gpointer inbox;

  g_return_if_fail (NEKO_IS_NOTIFIER (self));

  g_hash_table_iter_init (&iterator, self->inboxes);

  while (g_hash_table_iter_next (&iterator, NULL, &inbox))
    clear_inbox (inbox);

  g_signal_emit (self, signals[CHANGED], 0);
}


/**
 * neko_notifier_has_mail:
 *
 * Returns: whether there is new mail that no mail program has fetched and the user has not looked at,
 *   whatever the notifications show
 */
gboolean
neko_notifier_has_mail (NekoNotifier *self)
{
  GHashTableIter iterator;
  gpointer inbox;

  g_return_val_if_fail (NEKO_IS_NOTIFIER (self), FALSE);

  g_hash_table_iter_init (&iterator, self->inboxes);

  while (g_hash_table_iter_next (&iterator, NULL, &inbox)) {
    if (((Inbox *) inbox)->messages->len > 0)
      return TRUE;
  }

  return FALSE;
}


static void
neko_notifier_dispose (GObject *object)
{
  NekoNotifier *self = NEKO_NOTIFIER (object);

  g_hash_table_remove_all (self->inboxes);
  g_clear_object (&self->problems);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (neko_notifier_parent_class)->dispose (object);
}


static void
neko_notifier_finalize (GObject *object)
{
  g_hash_table_unref (NEKO_NOTIFIER (object)->inboxes);

  G_OBJECT_CLASS (neko_notifier_parent_class)->finalize (object);
}


static void
neko_notifier_class_init (NekoNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_notifier_finalize;

  /**
   * NekoNotifier::changed:
   *
   * neko_notifier_has_mail() may tell something else now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_notifier_init (NekoNotifier *self)
{
  self->inboxes = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) inbox_free);
}


/* For tests, that do not wait as long. */
NekoNotifier *
neko_notifier_new_full (GApplication             *application,
                        NekoService              *service,
                        const NekoNotifierTiming *timing)
{
  NekoNotifier *self = g_object_new (NEKO_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->service = g_object_ref (service);
  self->settings = g_settings_new (NEKO_APPLICATION_ID);
  self->timing = *timing;
  self->problems = neko_problem_notifier_new (application, service, self->settings, timing);
  g_signal_connect_object (self->settings, "changed::" NEKO_SETTING_NOTIFICATIONS,
                           G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (neko_service_get_mailboxes (service), "items-changed",
                           G_CALLBACK (mailboxes_changed_cb), self, G_CONNECT_SWAPPED);
  mailboxes_changed_cb (self);

  return self;
}


/**
 * neko_notifier_new:
 * @application: registered, with the actions "open" and "open-mail"; must outlive what is returned
 *
 * Returns: (transfer full): a notifier that shows what the settings say, as long as it lives
 */
NekoNotifier *
neko_notifier_new (GApplication *application,
                   NekoService  *service)
{
  return neko_notifier_new_full (application, service, &default_timing);
}
