/* neko-users-page.c - the users of a Worker, and what else its admins see to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-users-page.h"

#include "neko-check-page.h"
#include "neko-directory.h"
#include "neko-history-page.h"
#include "neko-load-view.h"
#include "neko-registration-group.h"
#include "neko-users-group.h"
#include "neko-window.h"

/**
 * NekoUsersPage:
 *
 * Is of use while an account is an admin's, which "is-available" tells.
 */
struct _NekoUsersPage {
  AdwBin                 parent_instance;

  NekoModel             *model;
  GtkStringList         *addresses;    /* of the admins among the accounts */
  NekoDirectory         *directory;    /* (nullable): there is none */
  GSignalGroup          *changes;      /* of the directory */
  GtkWindow             *window;       /* (nullable): while the page is shown */
  gboolean               is_choosing;  /* among other admins than before */
  GtkWidget             *admins;
  AdwComboRow           *admin_row;
  NekoLoadView          *view;
  NekoUsersGroup        *users_group;
  NekoRegistrationGroup *registration_group;
};

G_DEFINE_FINAL_TYPE (NekoUsersPage, neko_users_page, ADW_TYPE_BIN)

enum {
  PROP_IS_AVAILABLE = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];


static void
refresh (NekoUsersPage *self)
{
  if (self->directory == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  neko_directory_refresh (self->directory);
  neko_registration_group_refresh (self->registration_group);
}


/* What was listed once is shown on where asking again fails: the next thing that somebody does will say so. */
static void
directory_changed_cb (NekoUsersPage *self)
{
  const char *problem = neko_directory_get_problem (self->directory);

  if (neko_directory_is_loaded (self->directory))
    neko_load_view_show_content (self->view);
  else if (problem != NULL)
    neko_load_view_show_problem (self->view, problem);
  else
    neko_load_view_show_waiting (self->view);
}


static void
set_item (NekoUsersPage   *self,
          NekoAccountItem *item)
{
  if (self->directory != NULL && neko_directory_get_item (self->directory) == item)
    return;

  if (self->directory != NULL)
    neko_directory_close (self->directory);

  g_clear_object (&self->directory);

  if (item != NULL)
    self->directory = neko_directory_new (item);

  g_signal_group_set_target (self->changes, self->directory);
  neko_users_group_set_directory (self->users_group, self->directory);
  neko_registration_group_set_directory (self->registration_group, self->directory);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_AVAILABLE]);

  if (item != NULL)
    directory_changed_cb (self);

  refresh (self);
}


static void
choose (NekoUsersPage *self)
{
  guint position = adw_combo_row_get_selected (self->admin_row);
  const char *address = gtk_string_list_get_string (self->addresses, position);
  NekoAccountItem *item = address != NULL ? neko_model_find_account (self->model, address) : NULL;

  if (item != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->admin_row),
                                 neko_account_get_url (neko_account_item_get_account (item)));

  set_item (self, item);
}


static void
admin_chosen_cb (NekoUsersPage *self)
{
  if (!self->is_choosing)
    choose (self);
}


static gboolean
is_admin (NekoAccountItem *item)
{
  const NekoProfile *profile = neko_account_item_get_profile (item);

  return profile != NULL && profile->is_admin && neko_account_item_get_client (item) != NULL;
}


/* Whoever was chosen stays so, or the first one is. */
static void
take_admins (NekoUsersPage     *self,
             const char *const *addresses)
{
  g_autofree char *chosen = NULL;

  if (self->directory != NULL)
    chosen = g_strdup (neko_account_item_get_address (neko_directory_get_item (self->directory)));

  self->is_choosing = TRUE;
  gtk_string_list_splice (self->addresses, 0, g_list_model_get_n_items (G_LIST_MODEL (self->addresses)), addresses);
  adw_combo_row_set_selected (self->admin_row, 0);

  for (guint i = 0; chosen != NULL && addresses[i] != NULL; i++) {
    if (g_str_equal (addresses[i], chosen))
      adw_combo_row_set_selected (self->admin_row, i);
  }

  self->is_choosing = FALSE;
  gtk_widget_set_visible (self->admins, g_strv_length ((char **) addresses) > 1);
}


static gboolean
has_admins (NekoUsersPage     *self,
            const char *const *addresses)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->addresses));

  if (g_strv_length ((char **) addresses) != count)
    return FALSE;

  for (guint i = 0; i < count; i++) {
    if (!g_str_equal (gtk_string_list_get_string (self->addresses, i), addresses[i]))
      return FALSE;
  }

  return TRUE;
}


static void
look_for_admins (NekoUsersPage *self)
{
  GListModel *accounts = neko_model_get_accounts (self->model);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccountItem) item = g_list_model_get_item (accounts, i);

    if (is_admin (item))
      g_strv_builder_add (builder, neko_account_item_get_address (item));
  }

  addresses = g_strv_builder_end (builder);

  if (!has_admins (self, (const char *const *) addresses))
    take_admins (self, (const char *const *) addresses);

  /* An account that was removed and added again is another one. */
  choose (self);
}


static void
accounts_changed_cb (NekoUsersPage *self,
                     guint          position,
                     guint          removed,
                     guint          added,
                     GListModel    *accounts)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr (NekoAccountItem) item = g_list_model_get_item (accounts, i);

    g_signal_connect_object (item, "changed", G_CALLBACK (look_for_admins), self, G_CONNECT_SWAPPED);
  }

  look_for_admins (self);
}


static void
check_cb (NekoUsersPage *self)
{
  neko_window_push (GTK_WIDGET (self), neko_check_page_new (self->directory));
}


static void
history_cb (NekoUsersPage *self)
{
  neko_window_push (GTK_WIDGET (self), neko_history_page_new (self->directory));
}


/* Others administer too: whoever comes back to the window sees what they did. */
static void
active_cb (NekoUsersPage *self)
{
  if (gtk_window_is_active (self->window))
    refresh (self);
}


static void
neko_users_page_map (GtkWidget *widget)
{
  NekoUsersPage *self = NEKO_USERS_PAGE (widget);

  GTK_WIDGET_CLASS (neko_users_page_parent_class)->map (widget);

  self->window = GTK_WINDOW (gtk_widget_get_root (widget));
  g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (active_cb), self, G_CONNECT_SWAPPED);
  refresh (self);
}


static void
neko_users_page_unmap (GtkWidget *widget)
{
  NekoUsersPage *self = NEKO_USERS_PAGE (widget);

  g_signal_handlers_disconnect_by_func (self->window, active_cb, self);
  self->window = NULL;

  GTK_WIDGET_CLASS (neko_users_page_parent_class)->unmap (widget);
}


static void
neko_users_page_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (id) {
  case PROP_IS_AVAILABLE:
    g_value_set_boolean (value, NEKO_USERS_PAGE (object)->directory != NULL);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_users_page_dispose (GObject *object)
{
  NekoUsersPage *self = NEKO_USERS_PAGE (object);

  g_clear_object (&self->changes);
  g_clear_object (&self->directory);
  g_clear_object (&self->addresses);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (neko_users_page_parent_class)->dispose (object);
}


static void
neko_users_page_class_init (NekoUsersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = neko_users_page_get_property;
  object_class->dispose = neko_users_page_dispose;
  widget_class->map = neko_users_page_map;
  widget_class->unmap = neko_users_page_unmap;

  properties[PROP_IS_AVAILABLE] = g_param_spec_boolean ("is-available", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (NEKO_TYPE_LOAD_VIEW);
  g_type_ensure (NEKO_TYPE_REGISTRATION_GROUP);
  g_type_ensure (NEKO_TYPE_USERS_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-users-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoUsersPage, admin_row);
  gtk_widget_class_bind_template_child (widget_class, NekoUsersPage, admins);
  gtk_widget_class_bind_template_child (widget_class, NekoUsersPage, registration_group);
  gtk_widget_class_bind_template_child (widget_class, NekoUsersPage, users_group);
  gtk_widget_class_bind_template_child (widget_class, NekoUsersPage, view);
  gtk_widget_class_bind_template_callback (widget_class, admin_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, history_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh);
}


static void
neko_users_page_init (NekoUsersPage *self)
{
  self->addresses = gtk_string_list_new (NULL);
  self->changes = g_signal_group_new (NEKO_TYPE_DIRECTORY);
  self->is_choosing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->admin_row, G_LIST_MODEL (self->addresses));
  self->is_choosing = FALSE;
  g_signal_group_connect_swapped (self->changes, "changed", G_CALLBACK (directory_changed_cb), self);
}


/**
 * neko_users_page_new:
 *
 * Returns: (transfer floating): a page that follows @model
 */
GtkWidget *
neko_users_page_new (NekoModel *model)
{
  NekoUsersPage *self = g_object_new (NEKO_TYPE_USERS_PAGE, NULL);
  GListModel *accounts = neko_model_get_accounts (model);

  self->model = g_object_ref (model);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (self, 0, 0, g_list_model_get_n_items (accounts), accounts);

  return GTK_WIDGET (self);
}
