/* neko-problem-notifier.c - tells the user of what only the user can mend
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-problem-notifier.h"

#include <glib/gi18n.h>

#include "neko-notifier-settings.h"

/* Something that is wrong now, and perhaps for a moment only. */
typedef struct {
  NekoProblemNotifier *notifier;
  char                *id;
  char                *title;
  char                *body;
  unsigned             timer;    /* until it is shown */
  gboolean             is_shown; /* once, however long it lasts */
  gboolean             is_over;  /* unless it is found again */
} Problem;

struct _NekoProblemNotifier {
  GObject            parent_instance;

  GApplication      *application; /* not owned: it is what owns this */
  NekoService       *service;
  GSettings         *settings;
  NekoNotifierTiming timing;
  GHashTable        *problems;    /* id → Problem */
  unsigned           look;        /* source that looks what is wrong */
};

G_DEFINE_FINAL_TYPE (NekoProblemNotifier, neko_problem_notifier, G_TYPE_OBJECT)


static void
problem_free (Problem *problem)
{
  if (problem->is_shown)
    g_application_withdraw_notification (problem->notifier->application, problem->id);

  g_clear_handle_id (&problem->timer, g_source_remove);
  g_free (problem->id);
  g_free (problem->title);
  g_free (problem->body);
  g_free (problem);
}


static gboolean
show_cb (gpointer user_data)
{
  Problem *problem = user_data;
  g_autoptr (GNotification) notification = g_notification_new (problem->title);

  problem->timer = 0;
  problem->is_shown = TRUE;
  g_notification_set_body (notification, problem->body);
  g_notification_set_default_action (notification, "app.open");
  g_application_send_notification (problem->notifier->application, problem->id, notification);

  return G_SOURCE_REMOVE;
}


/* Takes @id and @body. */
static void
note (NekoProblemNotifier *self,
      char                *id,
      const char          *title,
      char                *body,
      unsigned             delay)
{
  Problem *problem = g_hash_table_lookup (self->problems, id);

  if (problem == NULL) {
    problem = g_new0 (Problem, 1);
    problem->notifier = self;
    problem->id = g_strdup (id);
    problem->timer = g_timeout_add (delay, show_cb, problem);
    g_hash_table_insert (self->problems, problem->id, problem);
  }

  problem->is_over = FALSE;
  g_free (problem->title);
  problem->title = g_strdup (title);
  g_free (problem->body);
  problem->body = body;
  g_free (id);
}


static void
note_sign_in (NekoProblemNotifier *self,
              NekoMailbox         *mailbox)
{
  const char *address = neko_mailbox_get_address (mailbox);

  note (self, g_strdup_printf ("sign-in %s", address), _ ("Sign In Again"),
        /* Translators: %s is a mail address. */
        g_strdup_printf (_ ("%s gets no mail until you sign in to it again."), address),
        self->timing.problem);
}


static void
note_keyring (NekoProblemNotifier *self,
              NekoMailbox         *mailbox)
{
  const char *title;
  const char *body;

  switch (neko_mailbox_get_keyring (mailbox)) {
  case NEKO_ACCOUNT_ERROR_KEYRING_LOCKED:
  case NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED:
    title = _ ("Keyring Locked");
    body = _ ("There is no mail until you unlock the keyring.");
    break;

  case NEKO_ACCOUNT_ERROR_KEYRING_NONE:
    title = _ ("No Keyring");
    body = _ ("There is no mail until a default keyring is made.");
    break;

  case NEKO_ACCOUNT_ERROR_KEYRING_ABSENT:
    title = _ ("No Keyring");
    body = _ ("There is no mail, as no keyring runs that has the passwords.");
    break;

  case NEKO_ACCOUNT_ERROR_INVALID:
  case NEKO_ACCOUNT_ERROR_EXISTS:
  case NEKO_ACCOUNT_ERROR_LIMIT:
  case NEKO_ACCOUNT_ERROR_CORRUPT:
  case NEKO_ACCOUNT_ERROR_NO_TOKEN:
  case NEKO_ACCOUNT_ERROR_KEYRING_SLOW:
  case NEKO_ACCOUNT_ERROR_FAILED:
  default:
    title = _ ("Keyring Not Working");
    body = _ ("There is no mail until the keyring answers.");
  }

  note (self, g_strdup ("keyring"), title, g_strdup (body), self->timing.keyring);
}


static void
look_at_mailboxes (NekoProblemNotifier *self)
{
  GListModel *mailboxes = neko_service_get_mailboxes (self->service);

  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    if (neko_mailbox_get_state (mailbox) == NEKO_MAILBOX_SIGN_IN)
      note_sign_in (self, mailbox);
    else if (neko_mailbox_get_state (mailbox) == NEKO_MAILBOX_KEYRING)
      note_keyring (self, mailbox);
  }
}


static void
look_at_listener (NekoProblemNotifier *self,
                  NekoListener        *listener)
{
  const char *protocol = neko_listener_get_protocol (listener);
  unsigned port = neko_listener_get_port (listener);
  g_autofree char *body = NULL;

  if (neko_listener_get_problem (listener) == NULL)
    return;

  if (neko_listener_get_state (listener) == NEKO_LISTENER_PORT_TAKEN)
    /* Translators: %u is the number of a port, %s a protocol such as POP3. */
    body = g_strdup_printf (_ ("Another program uses port %u, which %s needs."), port, protocol);
  else
    /* Translators: %s is a protocol such as POP3, %u the number of a port. */
    body = g_strdup_printf (_ ("%s does not work on port %u."), protocol, port);

  note (self, g_strdup_printf ("port %s", protocol), _ ("Mail Programs Cannot Connect"),
        g_steal_pointer (&body), self->timing.problem);
}


static void
look_at_server (NekoProblemNotifier *self,
                NekoServer          *server)
{
  GPtrArray *listeners = neko_server_get_listeners (server);

  for (guint i = 0; i < listeners->len; i++)
    look_at_listener (self, g_ptr_array_index (listeners, i));
}


static gboolean
is_over (gpointer id,
         gpointer problem,
         gpointer user_data)
{
  return ((Problem *) problem)->is_over;
}


static gboolean
look_cb (gpointer user_data)
{
  NekoProblemNotifier *self = user_data;
  GHashTableIter iterator;
  gpointer problem;

  self->look = 0;
  g_hash_table_iter_init (&iterator, self->problems);

  while (g_hash_table_iter_next (&iterator, NULL, &problem))
    ((Problem *) problem)->is_over = TRUE;

  if (neko_notifier_get_setting (self->settings) != NEKO_NOTIFICATIONS_NONE) {
    look_at_mailboxes (self);
    look_at_server (self, neko_service_get_pop3 (self->service));
    look_at_server (self, neko_service_get_smtp (self->service));
  }

  g_hash_table_foreach_remove (self->problems, is_over, NULL);

  return G_SOURCE_REMOVE;
}


/* The service tells of many changes. */
static void
changed_cb (NekoProblemNotifier *self)
{
  if (self->look == 0)
    self->look = g_timeout_add (self->timing.settle, look_cb, self);
}


static void
neko_problem_notifier_dispose (GObject *object)
{
  NekoProblemNotifier *self = NEKO_PROBLEM_NOTIFIER (object);

  g_clear_handle_id (&self->look, g_source_remove);
  g_hash_table_remove_all (self->problems);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (neko_problem_notifier_parent_class)->dispose (object);
}


static void
neko_problem_notifier_finalize (GObject *object)
{
  g_hash_table_unref (NEKO_PROBLEM_NOTIFIER (object)->problems);

  G_OBJECT_CLASS (neko_problem_notifier_parent_class)->finalize (object);
}


static void
neko_problem_notifier_class_init (NekoProblemNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_problem_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_problem_notifier_finalize;
}


static void
neko_problem_notifier_init (NekoProblemNotifier *self)
{
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) problem_free);
}


/**
 * neko_problem_notifier_new:
 * @application: must outlive what is returned
 * @settings: where it is said whether there are notifications
 *
 * Shows each problem once, and takes it back when it is over.
 */
NekoProblemNotifier *
neko_problem_notifier_new (GApplication             *application,
                           NekoService              *service,
                           GSettings                *settings,
                           const NekoNotifierTiming *timing)
{
  NekoProblemNotifier *self = g_object_new (NEKO_TYPE_PROBLEM_NOTIFIER, NULL);

  self->application = application;
  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  self->timing = *timing;
  g_signal_connect_object (service, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" NEKO_SETTING_NOTIFICATIONS, G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);

  return self;
}
