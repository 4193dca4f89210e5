/* neko-user-addresses-group.c - what mail a user gets besides that to the own address
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-user-addresses-group.h"

#include <glib/gi18n.h>

#include "neko-remove-button.h"

struct _NekoUserAddressesGroup {
  AdwPreferencesGroup parent_instance;

  NekoDirectory      *directory;
  NekoRemoteUser     *user;       /* as it was told of last */
  GtkEditable        *add_row;
  GStrv               aliases;    /* (nullable): those that are shown */
  GStrv               domains;    /* (nullable): the same */
  GPtrArray          *rows;       /* GtkWidget, borrowed: of aliases, then of domains */
  GPtrArray          *toggles;    /* GtkSwitch, borrowed: of the domains, in their order */
  gboolean            is_showing; /* what is true; nobody changed it */
};

G_DEFINE_FINAL_TYPE (NekoUserAddressesGroup, neko_user_addresses_group, ADW_TYPE_PREFERENCES_GROUP)


static void
change_aliases (NekoUserAddressesGroup *self,
                GStrvBuilder           *builder)
{
  g_auto (GStrv) aliases = g_strv_builder_end (builder);
  const NekoRemoteUserChange change = {
    .parts = NEKO_REMOTE_USER_ALIASES,
    .aliases = (const char *const *) aliases,
  };

  neko_directory_change_user (self->directory, GTK_WIDGET (self), self->user->address, &change);
}


static GStrvBuilder *
aliases_without (NekoUserAddressesGroup *self,
                 const char             *address)
{
  GStrvBuilder *builder = g_strv_builder_new ();

  for (size_t i = 0; self->user->aliases != NULL && self->user->aliases[i] != NULL; i++) {
    if (!g_str_equal (self->user->aliases[i], address))
      g_strv_builder_add (builder, self->user->aliases[i]);
  }

  return builder;
}


/* Whoever enters no domain means the one that the user's own address has. */
static void
add_cb (NekoUserAddressesGroup *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->add_row)));
  const char *domain = strchr (text, '@') == NULL ? strrchr (self->user->address, '@') : "";
  g_autofree char *address = g_strconcat (text, domain, NULL);
  g_autoptr (GStrvBuilder) builder = aliases_without (self, address);

  if (*text == '\0')
    return;

  g_strv_builder_add (builder, address);
  change_aliases (self, builder);
}


static void
remove_cb (GtkWidget              *button,
           NekoUserAddressesGroup *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  g_autoptr (GStrvBuilder) builder = aliases_without (self, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));

  change_aliases (self, builder);
}


static void
toggled_cb (NekoUserAddressesGroup *self)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  NekoRemoteUserChange change = { .parts = NEKO_REMOTE_USER_CATCH_ALL };

  if (self->is_showing)
    return;

  for (guint i = 0; i < self->toggles->len; i++) {
    if (gtk_switch_get_active (g_ptr_array_index (self->toggles, i)))
      g_ptr_array_add (chosen, self->domains[i]);
  }

  g_ptr_array_add (chosen, NULL);
  change.catch_all = (const char *const *) chosen->pdata;
  neko_directory_change_user (self->directory, GTK_WIDGET (self), self->user->address, &change);
}


static GtkWidget *
add_row (NekoUserAddressesGroup *self,
         const char             *title,
         GtkWidget              *suffix)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);

  return row;
}


static void
add_alias (NekoUserAddressesGroup *self,
           const char             *address)
{
  /* Translators: %s is a mail address */
  g_autofree char *label = g_strdup_printf (_ ("Remove %s"), address);
  GtkWidget *button = neko_remove_button_new (label);

  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
  add_row (self, address, button);
}


/* Returns: (nullable): who has a domain's catch-all, where that is somebody else */
static const char *
find_other (NekoUserAddressesGroup *self,
            const char             *domain)
{
  GListModel *users = neko_directory_get_users (self->directory);

  for (guint i = 0; i < g_list_model_get_n_items (users); i++) {
    g_autoptr (NekoRemoteUser) user = g_list_model_get_item (users, i);

    if (user->catch_all != NULL && g_strv_contains ((const char *const *) user->catch_all, domain))
      return g_str_equal (user->address, self->user->address) ? NULL : user->address;
  }

  return NULL;
}


static void
add_domain (NekoUserAddressesGroup *self,
            const char             *domain)
{
  /* Translators: %s is a domain */
  g_autofree char *title = g_strdup_printf (_ ("Everything else at %s"), domain);
  GtkWidget *toggle = gtk_switch_new ();
  GtkWidget *row = add_row (self, title, toggle);

  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  g_ptr_array_add (self->toggles, toggle);
}


static void
show_domain (NekoUserAddressesGroup *self,
             const char             *domain,
             GtkWidget              *toggle)
{
  const char *other = find_other (self, domain);
  /* Translators: %s is a mail address */
  g_autofree char *subtitle = other != NULL ? g_strdup_printf (_ ("Mail to unknown addresses; %s gets it now"), other)
                              : g_strdup (_ ("Mail to unknown addresses"));

  gtk_switch_set_active (GTK_SWITCH (toggle), self->user->catch_all != NULL &&
                         g_strv_contains ((const char *const *) self->user->catch_all, domain));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (gtk_widget_get_ancestor (toggle, ADW_TYPE_ACTION_ROW)), subtitle);
}


static gboolean
is_same (GStrv              shown,
         const char *const *now)
{
  return shown != NULL && g_strv_equal ((const char *const *) shown, now);
}


/* New rows would take the focus away, so only what is another list is made again. */
static void
make_rows (NekoUserAddressesGroup *self)
{
  const char *const none[] = { NULL };
  const char *const *aliases = self->user->aliases != NULL ? (const char *const *) self->user->aliases : none;
  const char *const *domains = neko_directory_get_domains (self->directory);

  if (is_same (self->aliases, aliases) && is_same (self->domains, domains))
    return;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));

  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->toggles, 0);
  g_strfreev (self->aliases);
  g_strfreev (self->domains);
  self->aliases = g_strdupv ((char **) aliases);
  self->domains = g_strdupv ((char **) domains);

  for (size_t i = 0; aliases[i] != NULL; i++)
    add_alias (self, aliases[i]);

  for (size_t i = 0; domains[i] != NULL; i++)
    add_domain (self, domains[i]);
}


static void
show_addresses (NekoUserAddressesGroup *self)
{
  self->is_showing = TRUE;
  make_rows (self);

  for (guint i = 0; i < self->toggles->len; i++)
    show_domain (self, self->domains[i], g_ptr_array_index (self->toggles, i));

  self->is_showing = FALSE;
}


/* What was entered and taken is in the list; what was refused stays, to be mended. */
static void
take_entered (NekoUserAddressesGroup *self)
{
  g_autofree char *text = g_ascii_strdown (gtk_editable_get_text (self->add_row), -1);

  for (size_t i = 0; self->user->aliases != NULL && self->user->aliases[i] != NULL; i++) {
    if (*g_strstrip (text) != '\0' && g_str_has_prefix (self->user->aliases[i], text)) {
      gtk_editable_set_text (self->add_row, "");
      return;
    }
  }
}


static void
directory_changed_cb (NekoUserAddressesGroup *self)
{
  NekoRemoteUser *user = neko_directory_find_user (self->directory, self->user->address);

  if (user == NULL)
    return;

  if (g_set_object (&self->user, user))
    take_entered (self);

  show_addresses (self);
}


/**
 * neko_user_addresses_group_set_user:
 * @user: one of @directory, and followed from now on
 */
void
neko_user_addresses_group_set_user (NekoUserAddressesGroup *self,
                                    NekoDirectory          *directory,
                                    NekoRemoteUser         *user)
{
  g_return_if_fail (NEKO_IS_USER_ADDRESSES_GROUP (self));
  g_return_if_fail (self->user == NULL);

  self->directory = g_object_ref (directory);
  self->user = g_object_ref (user);
  g_signal_connect_object (directory, "changed", G_CALLBACK (directory_changed_cb), self, G_CONNECT_SWAPPED);
  show_addresses (self);
}


static void
neko_user_addresses_group_dispose (GObject *object)
{
  NekoUserAddressesGroup *self = NEKO_USER_ADDRESSES_GROUP (object);

  g_clear_object (&self->directory);
  g_clear_object (&self->user);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->toggles, g_ptr_array_unref);

  G_OBJECT_CLASS (neko_user_addresses_group_parent_class)->dispose (object);
}


static void
neko_user_addresses_group_finalize (GObject *object)
{
  NekoUserAddressesGroup *self = NEKO_USER_ADDRESSES_GROUP (object);

  g_strfreev (self->aliases);
  g_strfreev (self->domains);

  G_OBJECT_CLASS (neko_user_addresses_group_parent_class)->finalize (object);
}


static void
neko_user_addresses_group_class_init (NekoUserAddressesGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_user_addresses_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_user_addresses_group_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-user-addresses-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoUserAddressesGroup, add_row);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
}


static void
neko_user_addresses_group_init (NekoUserAddressesGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  self->toggles = g_ptr_array_new ();
}
