/* neko-status-icon.c - how the service is doing, in the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-status-icon.h"

#include "neko-log.h"
#include "neko-status-menu.h"
#include "neko-status-words.h"
#include "neko-tray-connection.h"
#include "neko-tray.h"

#define SETTING_TRAY "tray"

#define TITLE "Neko Mail"

#define ICON(state) NEKO_APPLICATION_ID "-" state "-symbolic"

/**
 * NekoStatusIcon:
 *
 * An icon for whoever wants one, wherever the desktop has a tray. All that it does can be done without it.
 */
struct _NekoStatusIcon {
  GObject          parent_instance;

  NekoService     *service;
  GActionGroup    *actions;
  GSettings       *settings;
  NekoStatusMenu  *menu;
  GCancellable    *opening;    /* (nullable): while there is no connection yet */
  GDBusConnection *connection; /* (nullable): the tray's own */
  NekoTray        *tray;       /* (nullable) */
  char            *words;      /* (nullable): that it shows */
  gboolean         has_new_mail;
};

G_DEFINE_FINAL_TYPE (NekoStatusIcon, neko_status_icon, G_TYPE_OBJECT)

enum {
  PROP_IS_SHOWN = 1,
  N_PROPERTIES,
};

enum {
  ACTIVATED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static unsigned signals[N_SIGNALS];


/* What the user did on purpose comes first, then what only the user can mend. */
static const char *
choose_icon (NekoStatusIcon *self)
{
  if (neko_service_is_paused (self->service))
    return ICON ("paused");

  if (neko_status_words_is_error (self->service))
    return ICON ("error");

  if (self->has_new_mail)
    return ICON ("new-mail");

  return neko_status_words_is_busy (self->service) ? ICON ("syncing") : ICON ("idle");
}


static void
show_words (NekoStatusIcon *self)
{
  g_autofree char *words = neko_status_words_dup_service (self->service, self->has_new_mail);

  if (g_strcmp0 (words, self->words) == 0)
    return;

  neko_tray_set_tooltip (self->tray, TITLE, words);
  g_free (self->words);
  self->words = g_steal_pointer (&words);
}


static void
update (NekoStatusIcon *self)
{
  const char *icon;

  if (self->tray == NULL)
    return;

  icon = choose_icon (self);
  neko_tray_set_icon_name (self->tray, icon);
  neko_tray_set_attention_icon_name (self->tray, icon);
  neko_tray_set_status (self->tray, g_str_equal (icon, ICON ("error")) ? NEKO_TRAY_NEEDS_ATTENTION
                                                                       : NEKO_TRAY_ACTIVE);
  show_words (self);
  neko_status_menu_update (self->menu, self->service);
}


static void
is_shown_cb (NekoStatusIcon *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SHOWN]);
}


static void
activated_cb (NekoStatusIcon *self,
              const char     *token)
{
  g_signal_emit (self, signals[ACTIVATED], 0, token);
}


static void
show (NekoStatusIcon *self)
{
  g_autoptr (GError) error = NULL;

  self->tray = neko_tray_new (self->connection, NEKO_APPLICATION_ID, TITLE);
  g_signal_connect_object (self->tray, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tray, "notify::is-shown", G_CALLBACK (is_shown_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
  neko_tray_set_menu (self->tray, neko_status_menu_get_model (self->menu), self->actions);

  if (!neko_tray_start (self->tray, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "no-icon", error, "There is no icon in the tray");
}


static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoStatusIcon) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = neko_tray_connection_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->opening);

  if (connection == NULL) {
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "no-icon", error, "There is no icon in the tray");
    return;
  }

  self->connection = g_steal_pointer (&connection);
  show (self);
}


/* With its connection the desktop forgets the icon. */
static void
hide (NekoStatusIcon *self)
{
  gboolean was_shown = neko_status_icon_is_shown (self);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->tray);
  g_clear_pointer (&self->words, g_free);

  if (self->connection != NULL)
    g_dbus_connection_close (self->connection, NULL, NULL, NULL);

  g_clear_object (&self->connection);

  if (was_shown)
    is_shown_cb (self);
}


static void
setting_changed_cb (NekoStatusIcon *self)
{
  if (!g_settings_get_boolean (self->settings, SETTING_TRAY)) {
    hide (self);
  } else if (self->tray == NULL && self->opening == NULL) {
    self->opening = g_cancellable_new ();
    neko_tray_connection_open_async (self->opening, opened_cb, g_object_ref (self));
  }
}


/**
 * neko_status_icon_is_shown:
 *
 * Returns: whether the user can see it
 */
gboolean
neko_status_icon_is_shown (NekoStatusIcon *self)
{
  g_return_val_if_fail (NEKO_IS_STATUS_ICON (self), FALSE);

  return self->tray != NULL && neko_tray_is_shown (self->tray);
}


void
neko_status_icon_set_new_mail (NekoStatusIcon *self,
                               gboolean        has_new_mail)
{
  g_return_if_fail (NEKO_IS_STATUS_ICON (self));

  self->has_new_mail = has_new_mail;
  update (self);
}


static void
neko_status_icon_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (id == PROP_IS_SHOWN)
    g_value_set_boolean (value, neko_status_icon_is_shown (NEKO_STATUS_ICON (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}


static void
neko_status_icon_dispose (GObject *object)
{
  NekoStatusIcon *self = NEKO_STATUS_ICON (object);

  hide (self);
  g_clear_object (&self->menu);
  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (neko_status_icon_parent_class)->dispose (object);
}


static void
neko_status_icon_class_init (NekoStatusIconClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = neko_status_icon_get_property;
  object_class->dispose = neko_status_icon_dispose;

  /**
   * NekoStatusIcon:is-shown:
   *
   * Whether the user can see it: it is wanted, and there is a tray.
   */
  properties[PROP_IS_SHOWN] = g_param_spec_boolean ("is-shown", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * NekoStatusIcon::activated:
   * @token: (nullable): lets a window come to the front
   *
   * Somebody clicked on it.
   */
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}


static void
neko_status_icon_init (NekoStatusIcon *self)
{
  self->menu = neko_status_menu_new ();
  self->settings = g_settings_new (NEKO_APPLICATION_ID);
  g_signal_connect_object (self->settings, "changed::" SETTING_TRAY, G_CALLBACK (setting_changed_cb),
                           self, G_CONNECT_SWAPPED);
}


/**
 * neko_status_icon_new:
 * @actions: for its menu, see neko_application_actions_add()
 *
 * Returns: (transfer full): an icon that is shown as long as the settings say so and there is a tray
 */
NekoStatusIcon *
neko_status_icon_new (NekoService  *service,
                      GActionGroup *actions)
{
  NekoStatusIcon *self = g_object_new (NEKO_TYPE_STATUS_ICON, NULL);

  self->service = g_object_ref (service);
  self->actions = g_object_ref (actions);
  g_signal_connect_object (service, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  setting_changed_cb (self);

  return self;
}
