/* neko-server-row.c - whether a server listens, and why not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-server-row.h"

#include <glib/gi18n.h>

struct _NekoServerRow {
  AdwActionRow parent_instance;

  GtkWidget   *icon;
  NekoServer  *server; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (NekoServerRow, neko_server_row, ADW_TYPE_ACTION_ROW)


static char *
describe (NekoListener *listener)
{
  unsigned port = neko_listener_get_port (listener);

  if (neko_listener_is_listening (listener)) {
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Listening on port %u"), port);
  }

  if (neko_listener_is_port_taken (listener)) {
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Port %u is used by another program. Stop that program, or choose "
                               "another port; it is tried again by itself"), port);
  }

  if (neko_listener_get_problem (listener) != NULL)
    return g_strdup (neko_listener_get_problem (listener));

  return g_strdup (_ ("Stopped"));
}


static void
listener_changed_cb (NekoServerRow *self)
{
  NekoListener *listener = neko_server_get_listener (self->server);
  gboolean is_listening = neko_listener_is_listening (listener);
  g_autofree char *state = describe (listener);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), state);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                is_listening ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
}


/**
 * neko_server_row_set_server:
 *
 * Shows a server, and follows its state.
 */
void
neko_server_row_set_server (NekoServerRow *self,
                            NekoServer    *server)
{
  g_return_if_fail (NEKO_IS_SERVER_ROW (self));
  g_return_if_fail (self->server == NULL);

  self->server = g_object_ref (server);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), neko_server_get_protocol (server));
  g_signal_connect_object (neko_server_get_listener (server), "changed",
                           G_CALLBACK (listener_changed_cb), self, G_CONNECT_SWAPPED);
  listener_changed_cb (self);
}


static void
neko_server_row_dispose (GObject *object)
{
  g_clear_object (&NEKO_SERVER_ROW (object)->server);

  G_OBJECT_CLASS (neko_server_row_parent_class)->dispose (object);
}


static void
neko_server_row_class_init (NekoServerRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_server_row_dispose;
}


static void
neko_server_row_init (NekoServerRow *self)
{
  self->icon = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
}
