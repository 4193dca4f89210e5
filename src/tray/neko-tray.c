/* neko-tray.c - our item in the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray.h"

#include "neko-tray-bus.h"
#include "neko-tray-menu.h"
#include "neko-tray-watcher.h"

/* Where libappindicator has them, in case a host does not ask. */
#define ITEM_PATH "/StatusNotifierItem"
#define MENU_PATH "/MenuBar"

/**
 * NekoTray:
 *
 * A StatusNotifierItem with a menu. Where the desktop has no tray it waits for one, which costs nothing.
 *
 * A watcher forgets an item when its connection to the bus is closed, and never before: a tray that can be switched
 * off needs a connection of its own, from neko_tray_connection_open_async().
 */
struct _NekoTray {
  GObject          parent_instance;

  GDBusConnection *connection;
  NekoTrayItem    *skeleton;
  NekoTrayMenu    *menu;
  NekoTrayWatcher *watcher; /* (nullable): before it is started */
  char            *token;   /* (nullable): lets the next window come to the front */
};

G_DEFINE_FINAL_TYPE (NekoTray, neko_tray, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_IS_SHOWN,
  N_PROPERTIES,
};

enum {
  ACTIVATED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static unsigned signals[N_SIGNALS];

static const char *const status_names[] = {
  [NEKO_TRAY_PASSIVE] = "Passive",
  [NEKO_TRAY_ACTIVE] = "Active",
  [NEKO_TRAY_NEEDS_ATTENTION] = "NeedsAttention",
};


static gboolean
provide_token_cb (NekoTray              *self,
                  GDBusMethodInvocation *invocation,
                  const char            *token)
{
  g_free (self->token);
  self->token = *token != '\0' ? g_strdup (token) : NULL;
  neko_tray_item_complete_provide_xdg_activation_token (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


/* A token is good for one window. */
static void
tell_activated (NekoTray *self)
{
  g_autofree char *token = g_steal_pointer (&self->token);

  g_signal_emit (self, signals[ACTIVATED], 0, token);
}


static gboolean
activate_cb (NekoTray              *self,
             GDBusMethodInvocation *invocation)
{
  neko_tray_item_complete_activate (self->skeleton, invocation);
  tell_activated (self);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
secondary_activate_cb (NekoTray              *self,
                       GDBusMethodInvocation *invocation)
{
  neko_tray_item_complete_secondary_activate (self->skeleton, invocation);
  tell_activated (self);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


/* The host shows the menu, as it has one. */
static gboolean
context_menu_cb (NekoTray              *self,
                 GDBusMethodInvocation *invocation)
{
  neko_tray_item_complete_context_menu (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static gboolean
scroll_cb (NekoTray              *self,
           GDBusMethodInvocation *invocation)
{
  neko_tray_item_complete_scroll (self->skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}


static void
is_shown_cb (NekoTray *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SHOWN]);
}


static void
neko_tray_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  if (id == PROP_IS_SHOWN)
    g_value_set_boolean (value, neko_tray_is_shown (NEKO_TRAY (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}


static void
neko_tray_dispose (GObject *object)
{
  NekoTray *self = NEKO_TRAY (object);

  g_clear_object (&self->watcher);
  g_clear_object (&self->menu);

  if (self->skeleton != NULL &&
      g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));

  g_clear_object (&self->skeleton);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (neko_tray_parent_class)->dispose (object);
}


static void
neko_tray_finalize (GObject *object)
{
  g_free (NEKO_TRAY (object)->token);

  G_OBJECT_CLASS (neko_tray_parent_class)->finalize (object);
}


static void
neko_tray_class_init (NekoTrayClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = neko_tray_get_property;
  G_OBJECT_CLASS (klass)->dispose = neko_tray_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_tray_finalize;

  /**
   * NekoTray:is-shown:
   *
   * Whether there is a tray in which the item is, so that a window can be found again there.
   */
  properties[PROP_IS_SHOWN] = g_param_spec_boolean ("is-shown", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  /**
   * NekoTray::activated:
   * @token: (nullable): for xdg-activation, where the host gave one
   *
   * Somebody clicked on the item.
   */
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}


static GVariant *
no_pixmap (void)
{
  return g_variant_new ("a(iiay)", NULL);
}


/* Hosts ask for all properties at once, and xfce4-panel wants to find each. */
static void
set_constants (NekoTrayItem *skeleton)
{
  neko_tray_item_set_category (skeleton, "Communications");
  neko_tray_item_set_window_id (skeleton, 0);
  neko_tray_item_set_icon_theme_path (skeleton, "");
  neko_tray_item_set_menu (skeleton, MENU_PATH);
  neko_tray_item_set_item_is_menu (skeleton, FALSE);
  neko_tray_item_set_icon_pixmap (skeleton, no_pixmap ());
  neko_tray_item_set_overlay_icon_name (skeleton, "");
  neko_tray_item_set_overlay_icon_pixmap (skeleton, no_pixmap ());
  neko_tray_item_set_attention_icon_pixmap (skeleton, no_pixmap ());
  neko_tray_item_set_attention_movie_name (skeleton, "");
}


static void
neko_tray_init (NekoTray *self)
{
  static const struct {
    const char *signal;
    GCallback   callback;
  } methods[] = {
    { "handle-activate",                     G_CALLBACK (activate_cb)           },
    { "handle-context-menu",                 G_CALLBACK (context_menu_cb)       },
    { "handle-provide-xdg-activation-token", G_CALLBACK (provide_token_cb)      },
    { "handle-scroll",                       G_CALLBACK (scroll_cb)             },
    { "handle-secondary-activate",           G_CALLBACK (secondary_activate_cb) },
  };

  self->skeleton = neko_tray_item_skeleton_new ();
  self->menu = neko_tray_menu_new ();
  set_constants (self->skeleton);
  neko_tray_item_set_status (self->skeleton, status_names[NEKO_TRAY_ACTIVE]);
  neko_tray_item_set_icon_name (self->skeleton, "");
  neko_tray_item_set_attention_icon_name (self->skeleton, "");

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (self->skeleton, methods[i].signal, methods[i].callback, self,
                             G_CONNECT_SWAPPED);
}


/**
 * neko_tray_new:
 * @connection: to the session bus, one for this item alone
 * @id: the same for each run, not translated
 * @title: what it is, for people
 *
 * Returns: (transfer full): an item that is active, and that nobody sees before neko_tray_start()
 */
NekoTray *
neko_tray_new (GDBusConnection *connection,
               const char      *id,
               const char      *title)
{
  NekoTray *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (g_dbus_connection_get_unique_name (connection) != NULL, NULL);

  self = g_object_new (NEKO_TYPE_TRAY, NULL);
  self->connection = g_object_ref (connection);
  neko_tray_item_set_id (self->skeleton, id);
  neko_tray_item_set_title (self->skeleton, title);
  neko_tray_set_tooltip (self, title, "");

  return self;
}


/**
 * neko_tray_start:
 *
 * Shows the item, now or whenever there is a tray, until @self is gone and its connection closed.
 *
 * Returns: %FALSE with @error set where something else is on @connection already
 */
gboolean
neko_tray_start (NekoTray *self,
                 GError  **error)
{
  g_return_val_if_fail (NEKO_IS_TRAY (self), FALSE);
  g_return_val_if_fail (self->watcher == NULL, FALSE);

  if (!neko_tray_menu_export (self->menu, self->connection, MENU_PATH, error) ||
      !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton),
                                         self->connection, ITEM_PATH, error))
    return FALSE;

  self->watcher = neko_tray_watcher_new (self->connection);
  g_signal_connect_object (self->watcher, "notify::is-shown", G_CALLBACK (is_shown_cb), self,
                           G_CONNECT_SWAPPED);

  return TRUE;
}


gboolean
neko_tray_is_shown (NekoTray *self)
{
  g_return_val_if_fail (NEKO_IS_TRAY (self), FALSE);

  return self->watcher != NULL && neko_tray_watcher_is_shown (self->watcher);
}


void
neko_tray_set_status (NekoTray      *self,
                      NekoTrayStatus status)
{
  g_return_if_fail (NEKO_IS_TRAY (self));

  if (g_str_equal (neko_tray_item_get_status (self->skeleton), status_names[status]))
    return;

  neko_tray_item_set_status (self->skeleton, status_names[status]);
  neko_tray_item_emit_new_status (self->skeleton, status_names[status]);
}


/* A name that the host finds in its theme: in a Flatpak only what begins with the application's id. */
void
neko_tray_set_icon_name (NekoTray   *self,
                         const char *icon_name)
{
  g_return_if_fail (NEKO_IS_TRAY (self));

  if (g_str_equal (neko_tray_item_get_icon_name (self->skeleton), icon_name))
    return;

  neko_tray_item_set_icon_name (self->skeleton, icon_name);
  neko_tray_item_emit_new_icon (self->skeleton);
}


void
neko_tray_set_attention_icon_name (NekoTray   *self,
                                   const char *icon_name)
{
  g_return_if_fail (NEKO_IS_TRAY (self));

  if (g_str_equal (neko_tray_item_get_attention_icon_name (self->skeleton), icon_name))
    return;

  neko_tray_item_set_attention_icon_name (self->skeleton, icon_name);
  neko_tray_item_emit_new_attention_icon (self->skeleton);
}


/**
 * neko_tray_set_tooltip:
 * @title: one line, as it is
 * @text: more; hosts take it for markup, which is why it is escaped here
 */
void
neko_tray_set_tooltip (NekoTray   *self,
                       const char *title,
                       const char *text)
{
  g_autofree char *markup = NULL;
  GVariant *tooltip;

  g_return_if_fail (NEKO_IS_TRAY (self));

  markup = g_markup_escape_text (text, -1);
  tooltip = g_variant_new ("(s@a(iiay)ss)", "", no_pixmap (), title, markup);
  neko_tray_item_set_tool_tip (self->skeleton, tooltip);
  neko_tray_item_emit_new_tool_tip (self->skeleton);
}


/**
 * neko_tray_set_menu:
 * @model: (nullable): what to show, %NULL for nothing. In labels, `_` marks the letter to press, `__` is one
 * @actions: (nullable): where the actions are, by the names that @model has for them; %NULL where @model is
 *
 * Shows sections, submenus, hidden items and check marks of boolean actions. Both are followed from now on.
 */
void
neko_tray_set_menu (NekoTray     *self,
                    GMenuModel   *model,
                    GActionGroup *actions)
{
  g_return_if_fail (NEKO_IS_TRAY (self));

  neko_tray_menu_set_model (self->menu, model, actions);
}
