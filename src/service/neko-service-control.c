/* neko-service-control.c - a service on the session bus, for the commands of both programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-control.h"

#include "neko-control-bus.h"
#include "neko-log.h"
#include "neko-service-status.h"

#define CHANGE_INTERVAL 200 /* milliseconds; whoever is told asks for the whole status each time */

struct _NekoServiceControl {
  GObject      parent_instance;

  NekoService *service;
  NekoControl *skeleton;
  char        *program; /* the desktop is told another name than this one */
  char        *token_file; /* (nullable): the keyring keeps the tokens */
  gboolean     is_tray_shown;
  gint64       started; /* in seconds since 1970 */
  unsigned     rest;    /* source that runs while nothing more is told of changes */
  gboolean     has_changed; /* meanwhile */
};

G_DEFINE_FINAL_TYPE (NekoServiceControl, neko_service_control, G_TYPE_OBJECT)

enum {
  QUIT,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gboolean
rest_over_cb (gpointer user_data)
{
  NekoServiceControl *self = user_data;

  if (self->has_changed) {
    self->has_changed = FALSE;
    neko_control_emit_changed (self->skeleton);
    return G_SOURCE_CONTINUE;
  }

  self->rest = 0;

  return G_SOURCE_REMOVE;
}


static void
changed_cb (NekoServiceControl *self)
{
  if (self->rest != 0) {
    self->has_changed = TRUE;
    return;
  }

  neko_control_emit_changed (self->skeleton);
  self->rest = g_timeout_add (CHANGE_INTERVAL, rest_over_cb, self);
}


static gboolean
get_status_cb (NekoServiceControl    *self,
               GDBusMethodInvocation *invocation)
{
  neko_control_complete_get_status (self->skeleton, invocation,
                                    neko_service_status_new (self->service, self->program,
                                                             self->token_file, self->is_tray_shown,
                                                             self->started));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
get_log_cb (NekoServiceControl    *self,
            GDBusMethodInvocation *invocation)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(txussas)"));

  for (guint i = 0; i < entries->len; i++) {
    NekoLogEntry *entry = g_ptr_array_index (entries, i);

    g_variant_builder_add (&builder, "(txuss^as)", entry->number, entry->time, entry->level, entry->text,
                           entry->event != NULL ? entry->event : "", entry->arguments);
  }

  neko_control_complete_get_log (self->skeleton, invocation, g_variant_builder_end (&builder));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static NekoMailbox *
find_mailbox (NekoServiceControl *self,
              const char         *address)
{
  GListModel *mailboxes = neko_service_get_mailboxes (self->service);

  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    if (g_str_equal (neko_mailbox_get_address (mailbox), address))
      return g_steal_pointer (&mailbox);
  }

  return NULL;
}


/* An account that is not known yet is about to be: its file is watched. */
static gboolean
connect_cb (NekoServiceControl    *self,
            GDBusMethodInvocation *invocation,
            const char            *address)
{
  g_autoptr (NekoMailbox) mailbox = find_mailbox (self, address);

  if (mailbox != NULL)
    neko_mailbox_connect_anew (mailbox);

  neko_control_complete_connect (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
set_paused_cb (NekoServiceControl    *self,
               GDBusMethodInvocation *invocation,
               gboolean               is_paused)
{
  neko_service_set_paused (self->service, is_paused);
  neko_control_complete_set_paused (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
check_cb (NekoServiceControl    *self,
          GDBusMethodInvocation *invocation)
{
  neko_service_check (self->service);
  neko_control_complete_check (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
empty_spool_cb (NekoServiceControl    *self,
                GDBusMethodInvocation *invocation)
{
  neko_service_empty_spool (self->service);
  neko_control_complete_empty_spool (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
get_traffic_cb (NekoServiceControl    *self,
                GDBusMethodInvocation *invocation)
{
  NekoStatistics *statistics = neko_service_get_statistics (self->service);

  neko_control_complete_get_traffic (self->skeleton, invocation,
                                     neko_statistics_list_days (statistics));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


/* The answer comes first: the program may have ended before it could be sent. */
static gboolean
quit_cb (NekoServiceControl    *self,
         GDBusMethodInvocation *invocation)
{
  neko_control_complete_quit (self->skeleton, invocation);
  g_signal_emit (self, signals[QUIT], 0);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static void
logged_cb (const NekoLogEntry *entry,
           gpointer            user_data)
{
  NekoServiceControl *self = user_data;

  neko_control_emit_logged (self->skeleton, entry->number, entry->time, entry->level, entry->text,
                            entry->event != NULL ? entry->event : "",
                            (const char *const *) entry->arguments);
}


/**
 * neko_service_control_export:
 *
 * Answers on @connection until @self is gone.
 */
gboolean
neko_service_control_export (NekoServiceControl *self,
                             GDBusConnection    *connection,
                             GError            **error)
{
  g_return_val_if_fail (NEKO_IS_SERVICE_CONTROL (self), FALSE);

  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           NEKO_CONTROL_PATH, error);
}


/**
 * neko_service_control_set_tray_shown:
 *
 * Tells whoever asks whether the program has an icon in a tray, which is not for the service to know.
 */
void
neko_service_control_set_tray_shown (NekoServiceControl *self,
                                     gboolean            is_tray_shown)
{
  g_return_if_fail (NEKO_IS_SERVICE_CONTROL (self));

  if (self->is_tray_shown == is_tray_shown)
    return;

  self->is_tray_shown = is_tray_shown;
  changed_cb (self);
}


static void
neko_service_control_dispose (GObject *object)
{
  NekoServiceControl *self = NEKO_SERVICE_CONTROL (object);

  neko_log_set_listener (NULL, NULL);
  g_clear_handle_id (&self->rest, g_source_remove);

  if (self->skeleton != NULL &&
      g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));

  g_clear_object (&self->skeleton);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (neko_service_control_parent_class)->dispose (object);
}


static void
neko_service_control_finalize (GObject *object)
{
  NekoServiceControl *self = NEKO_SERVICE_CONTROL (object);

  g_free (self->program);
  g_free (self->token_file);

  G_OBJECT_CLASS (neko_service_control_parent_class)->finalize (object);
}


static void
neko_service_control_class_init (NekoServiceControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_service_control_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_service_control_finalize;

  /**
   * NekoServiceControl::quit:
   *
   * Somebody wants the program to end, as by SIGTERM.
   */
  signals[QUIT] = g_signal_new ("quit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}


static void
neko_service_control_init (NekoServiceControl *self)
{
  const struct {
    const char *signal;
    GCallback   handler;
  } methods[] = {
    { "handle-check",       G_CALLBACK (check_cb)       },
    { "handle-connect",     G_CALLBACK (connect_cb)     },
    { "handle-empty-spool", G_CALLBACK (empty_spool_cb) },
    { "handle-get-log",     G_CALLBACK (get_log_cb)     },
    { "handle-get-status",  G_CALLBACK (get_status_cb)  },
    { "handle-get-traffic", G_CALLBACK (get_traffic_cb) },
    { "handle-quit",        G_CALLBACK (quit_cb)        },
    { "handle-set-paused",  G_CALLBACK (set_paused_cb)  },
  };

  self->program = g_strdup (g_get_prgname ());
  self->started = g_get_real_time () / G_USEC_PER_SEC;
  self->skeleton = neko_control_skeleton_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (self->skeleton, methods[i].signal, methods[i].handler, self,
                             G_CONNECT_SWAPPED);

  neko_log_set_listener (logged_cb, self);
}


/**
 * neko_service_control_new:
 * @token_file: (nullable): where the tokens are, %NULL for the keyring
 *
 * There is one at a time: it takes the log's lines, to tell of them.
 *
 * Returns: (transfer full): a control that nobody can reach yet
 */
NekoServiceControl *
neko_service_control_new (NekoService *service,
                          const char  *token_file)
{
  NekoServiceControl *self = g_object_new (NEKO_TYPE_SERVICE_CONTROL, NULL);

  self->service = g_object_ref (service);
  self->token_file = g_strdup (token_file);
  g_signal_connect_object (service, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
