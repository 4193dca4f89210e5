/* neko-service.c - everything that works without a screen, put together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-private.h"

#include "neko-listener-log.h"
#include "neko-log.h"
#include "neko-server-plan.h"

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoService, neko_service, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_AUTHENTICATOR,
                                                      neko_service_authenticator_init))

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


void
neko_service_tell_of_change (NekoService *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}


/* Called when a setting changed, and when the certificate was renewed by itself. */
static void
configure (NekoService *self)
{
  g_autoptr (NekoServerPlan) plan = NULL;

  /* The plan opens the certificate, which may change by that. */
  if (self->is_configuring)
    return;

  self->is_configuring = TRUE;
  plan = neko_server_plan_new (self->settings, self->certificate);
  self->is_configuring = FALSE;
  neko_server_configure (self->pop3, neko_server_plan_get_pop3 (plan));
  neko_server_configure (self->smtp, neko_server_plan_get_smtp (plan));
  neko_log_set_detailed (neko_service_settings_has_detailed_log (self->settings));
  neko_spool_set_limit (self->spool, neko_service_settings_get_spool_size (self->settings) * NEKO_MEBIBYTE);
  neko_service_tell_of_change (self);
}


/**
 * neko_service_start:
 *
 * Begins to listen and to connect the accounts. A port that is taken is no reason not to start: the
 * listener says so and tries again. One that was paused before it was stopped is so no longer.
 */
void
neko_service_start (NekoService *self)
{
  g_return_if_fail (NEKO_IS_SERVICE (self));

  neko_server_start (self->pop3);
  neko_server_start (self->smtp);

  if (!self->is_started)
    neko_service_begin_to_watch (self);

  self->is_started = TRUE;
  self->is_serving = TRUE;
  self->is_paused = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++)
    neko_mailbox_connect (neko_service_get_mailbox (self, i));
}


static void
server_stopped_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  unsigned *running = g_task_get_task_data (task);

  neko_server_stop_finish (NEKO_SERVER (source), result, NULL);

  if (--*running == 0)
    g_task_return_boolean (task, TRUE);
}


/**
 * neko_service_stop_async:
 * @cancellable: (nullable): cancelled to wait no longer
 *
 * Frees the ports, says goodbye on the connections, and waits for a moment until what they handed over
 * is done. It must not be called again before it is done; then the service can be started again.
 */
void
neko_service_stop_async (NekoService        *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  unsigned *running = g_new (unsigned, 1);

  g_return_if_fail (NEKO_IS_SERVICE (self));

  self->is_serving = FALSE;
  neko_statistics_save (self->statistics);
  *running = 2;
  g_task_set_source_tag (task, neko_service_stop_async);
  g_task_set_task_data (task, running, g_free);
  neko_server_stop_async (self->pop3, cancellable, server_stopped_cb, g_object_ref (task));
  neko_server_stop_async (self->smtp, cancellable, server_stopped_cb, g_object_ref (task));
}


/**
 * neko_service_stop_finish:
 *
 * Returns: %TRUE
 */
gboolean
neko_service_stop_finish (NekoService  *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


/**
 * neko_service_set_paused:
 *
 * Frees the ports and says goodbye on the connections, or listens again. The accounts stay connected.
 * One that is not started, or stopped, is not paused.
 */
void
neko_service_set_paused (NekoService *self,
                         gboolean     is_paused)
{
  g_return_if_fail (NEKO_IS_SERVICE (self));

  if (!self->is_serving || self->is_paused == is_paused)
    return;

  self->is_paused = is_paused;

  if (is_paused) {
    neko_log_event (G_LOG_LEVEL_MESSAGE, "paused", "Paused: mail programs cannot log in");
    neko_server_stop (self->pop3);
    neko_server_stop (self->smtp);
  } else {
    neko_log_event (G_LOG_LEVEL_MESSAGE, "resumed", "No longer paused");
    neko_server_start (self->pop3);
    neko_server_start (self->smtp);
  }

  neko_service_tell_of_change (self);
}


gboolean
neko_service_is_paused (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), FALSE);

  return self->is_paused;
}


/**
 * neko_service_empty_spool:
 *
 * Forgets the messages that wait on this computer; they come again when they are read.
 */
void
neko_service_empty_spool (NekoService *self)
{
  g_return_if_fail (NEKO_IS_SERVICE (self));

  neko_spool_empty (self->spool);
}


/**
 * neko_service_get_mailboxes:
 *
 * Returns: a list of #NekoMailbox, one for each account
 */
GListModel *
neko_service_get_mailboxes (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return G_LIST_MODEL (self->mailboxes);
}


NekoServer *
neko_service_get_pop3 (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->pop3;
}


NekoServer *
neko_service_get_smtp (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->smtp;
}


NekoServiceSettings *
neko_service_get_settings (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->settings;
}


NekoStatistics *
neko_service_get_statistics (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->statistics;
}


/**
 * neko_service_set_statistics:
 * @statistics: where to count, in place of some that are kept nowhere
 */
void
neko_service_set_statistics (NekoService    *self,
                             NekoStatistics *statistics)
{
  g_return_if_fail (NEKO_IS_SERVICE (self));

  g_set_object (&self->statistics, statistics);
  g_signal_connect_object (statistics, "changed", G_CALLBACK (neko_service_tell_of_change), self,
                           G_CONNECT_SWAPPED);
}


NekoCertificate *
neko_service_get_certificate (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), NULL);

  return self->certificate;
}


/**
 * neko_service_get_spool_size:
 *
 * Returns: how large the spool may be, in MiB, 0 for none
 */
unsigned
neko_service_get_spool_size (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), 0);

  return neko_spool_get_limit (self->spool) / NEKO_MEBIBYTE;
}


/**
 * neko_service_dup_spool_folder:
 *
 * Returns: (transfer full): where the spool's files are, of every service of this user
 */
char *
neko_service_dup_spool_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "neko-mail", NULL);
}


/**
 * neko_service_get_spool_used:
 *
 * Returns: octets of the spool's files now
 */
guint64
neko_service_get_spool_used (NekoService *self)
{
  g_return_val_if_fail (NEKO_IS_SERVICE (self), 0);

  return neko_spool_get_size (self->spool);
}


static void
neko_service_dispose (GObject *object)
{
  NekoService *self = NEKO_SERVICE (object);

  g_clear_object (&self->pop3);
  g_clear_object (&self->smtp);
  g_clear_object (&self->mailboxes);
  g_clear_object (&self->accounts);
  g_clear_object (&self->tokens);
  g_clear_object (&self->spool);
  g_clear_object (&self->statistics);
  g_clear_object (&self->sleep);
  g_clear_object (&self->settings);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (neko_service_parent_class)->dispose (object);
}


static void
neko_service_class_init (NekoServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_service_dispose;

  /**
   * NekoService::changed:
   *
   * What can be asked of it, or of its mailboxes, may be another one now. It comes often.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_service_init (NekoService *self)
{
  g_autofree char *folder = neko_service_dup_spool_folder ();

  self->statistics = neko_statistics_new (NULL, NULL);
  self->mailboxes = g_list_store_new (NEKO_TYPE_MAILBOX);
  self->spool = neko_spool_new (folder, 0);
  g_signal_connect_object (self->mailboxes, "items-changed", G_CALLBACK (neko_service_tell_of_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->spool, "changed", G_CALLBACK (neko_service_tell_of_change), self,
                           G_CONNECT_SWAPPED);
}


static void
follow_server (NekoService *self,
               NekoServer  *server)
{
  neko_listener_log_follow (server);
  g_signal_connect_object (server, "changed", G_CALLBACK (neko_service_tell_of_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (server, "connections-changed", G_CALLBACK (neko_service_tell_of_change), self,
                           G_CONNECT_SWAPPED);
}


/**
 * neko_service_new:
 * @accounts: the accounts to serve
 * @tokens: where their tokens are
 * @settings: followed while it runs
 * @certificate: opened where the settings need it
 *
 * Returns: (transfer full): a service that is not started
 */
NekoService *
neko_service_new (NekoAccountStore    *accounts,
                  NekoTokenStore      *tokens,
                  NekoServiceSettings *settings,
                  NekoCertificate     *certificate)
{
  NekoService *self = g_object_new (NEKO_TYPE_SERVICE, NULL);

  self->accounts = g_object_ref (accounts);
  self->tokens = g_object_ref (tokens);
  self->settings = g_object_ref (settings);
  self->certificate = g_object_ref (certificate);
  self->pop3 = neko_server_new_pop3 (0, NEKO_AUTHENTICATOR (self));
  self->smtp = neko_server_new_smtp (0, NEKO_AUTHENTICATOR (self));
  follow_server (self, self->pop3);
  follow_server (self, self->smtp);
  g_signal_connect_object (settings, "changed", G_CALLBACK (configure), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (certificate, "changed", G_CALLBACK (configure), self, G_CONNECT_SWAPPED);
  configure (self);
  neko_service_follow_accounts (self);

  return self;
}
