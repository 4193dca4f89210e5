/* neko-service-control.c - a service on the session bus, for the commands of both programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-control.h"

#include "neko-control-bus.h"
#include "neko-log.h"
#include "neko-service-status.h"

struct _NekoServiceControl {
  GObject      parent_instance;

  NekoService *service;
  NekoControl *skeleton;
  char        *program; /* the desktop is told another name than this one */
  char        *token_file; /* (nullable): the keyring keeps the tokens */
  gint64       started; /* in seconds since 1970 */
};

G_DEFINE_FINAL_TYPE (NekoServiceControl, neko_service_control, G_TYPE_OBJECT)


static gboolean
get_status_cb (NekoServiceControl    *self,
               GDBusMethodInvocation *invocation)
{
  neko_control_complete_get_status (self->skeleton, invocation,
                                    neko_service_status_new (self->service, self->program,
                                                             self->token_file, self->started));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
get_log_cb (NekoServiceControl    *self,
            GDBusMethodInvocation *invocation)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(txus)"));

  for (guint i = 0; i < entries->len; i++) {
    NekoLogEntry *entry = g_ptr_array_index (entries, i);

    g_variant_builder_add (&builder, "(txus)", entry->number, entry->time, entry->level, entry->text);
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


static void
logged_cb (const NekoLogEntry *entry,
           gpointer            user_data)
{
  NekoServiceControl *self = user_data;

  neko_control_emit_logged (self->skeleton, entry->number, entry->time, entry->level, entry->text);
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


static void
neko_service_control_dispose (GObject *object)
{
  NekoServiceControl *self = NEKO_SERVICE_CONTROL (object);

  neko_log_set_listener (NULL, NULL);

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
}


static void
neko_service_control_init (NekoServiceControl *self)
{
  self->program = g_strdup (g_get_prgname ());
  self->started = g_get_real_time () / G_USEC_PER_SEC;
  self->skeleton = neko_control_skeleton_new ();
  g_signal_connect_object (self->skeleton, "handle-get-status", G_CALLBACK (get_status_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->skeleton, "handle-get-log", G_CALLBACK (get_log_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->skeleton, "handle-connect", G_CALLBACK (connect_cb), self,
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

  return self;
}
