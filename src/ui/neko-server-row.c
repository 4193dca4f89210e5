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
describe_listening (NekoListener *listener)
{
  const char *address = neko_listener_get_address (listener);
  unsigned port = neko_listener_get_port (listener);

  if (address == NULL) {
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Listening on port %u"), port);
  }

  /* Translators: %u is a port number, %s the address of this computer in a network */
  return g_strdup_printf (_ ("Listening on port %u of %s, with TLS"), port, address);
}


static char *
describe (NekoListener *listener)
{
  switch (neko_listener_get_state (listener)) {
  case NEKO_LISTENER_LISTENING:
    return describe_listening (listener);

  case NEKO_LISTENER_PORT_TAKEN:
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Port %u is used by another program. Stop that program, or choose "
                               "another port; it is tried again by itself"),
                            neko_listener_get_port (listener));

  case NEKO_LISTENER_ADDRESS_ABSENT:
    /* Translators: %s is the address of this computer in a network */
    return g_strdup_printf (_ ("This computer does not have the address %s now; it is tried again "
                               "by itself"), neko_listener_get_address (listener));

  case NEKO_LISTENER_FAILED:
  case NEKO_LISTENER_BLOCKED:
    return g_strdup (neko_listener_get_problem (listener));

  case NEKO_LISTENER_STOPPED:
  default:
    return g_strdup (_ ("Stopped"));
  }
}


static void
server_changed_cb (NekoServerRow *self)
{
  GPtrArray *listeners = neko_server_get_listeners (self->server);
  NekoListener *first = neko_server_get_listener (self->server);
  gboolean is_fine = neko_listener_is_listening (first) && !neko_server_has_problem (self->server);
  g_autoptr (GString) state = g_string_new (NULL);

  for (guint i = 0; i < listeners->len; i++) {
    NekoListener *listener = g_ptr_array_index (listeners, i);
    g_autofree char *text = describe (listener);

    if (i == 0)
      g_string_append (state, text);
    else
      g_string_append_printf (state, "\n%s: %s", neko_listener_get_protocol (listener), text);
  }

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), state->str);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                is_fine ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
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
  g_signal_connect_object (server, "changed", G_CALLBACK (server_changed_cb), self,
                           G_CONNECT_SWAPPED);
  server_changed_cb (self);
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
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
}
