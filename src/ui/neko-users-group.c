/* neko-users-group.c - the list of a Worker's users, with a search
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-users-group.h"

#include <glib/gi18n.h>

#include "neko-add-user-page.h"
#include "neko-user-page.h"
#include "neko-user-row.h"
#include "neko-window.h"

/* A row takes about a millisecond to make, and a Worker may have thousands of users: who looks for one searches. */
#define FIRST_ROWS 25
#define MORE_ROWS 100

struct _NekoUsersGroup {
  AdwPreferencesGroup parent_instance;

  NekoDirectory      *directory; /* (nullable) */
  GSignalGroup       *changes;   /* of the directory */
  char               *words;     /* that are looked for, in lower case */
  GtkCustomFilter    *filter;
  GtkFilterListModel *found;
  GtkSliceListModel  *shown;
  GtkListBox         *list;
  GtkEditable        *search;
  GtkButton          *more;
};

G_DEFINE_FINAL_TYPE (NekoUsersGroup, neko_users_group, ADW_TYPE_PREFERENCES_GROUP)


static gboolean
has_words (NekoUsersGroup *self,
           const char     *address)
{
  g_autofree char *lower = g_utf8_casefold (address, -1);

  return strstr (lower, self->words) != NULL;
}


static gboolean
match_cb (gpointer item,
          gpointer user_data)
{
  NekoUsersGroup *self = user_data;
  NekoRemoteUser *user = item;

  if (*self->words == '\0' || has_words (self, user->address))
    return TRUE;

  for (size_t i = 0; user->aliases != NULL && user->aliases[i] != NULL; i++) {
    if (has_words (self, user->aliases[i]))
      return TRUE;
  }

  return FALSE;
}


static void
show_more (NekoUsersGroup *self)
{
  guint found = g_list_model_get_n_items (G_LIST_MODEL (self->found));
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  guint count = MIN (found - shown, MORE_ROWS);
  g_autofree char *label = g_strdup_printf (ngettext ("Show %u _More", "Show %u _More", count), count);

  gtk_button_set_use_underline (self->more, TRUE);
  gtk_button_set_label (self->more, label);
  gtk_widget_set_visible (GTK_WIDGET (self->more), count > 0);
}


static void
show_count (NekoUsersGroup *self)
{
  guint count = self->directory != NULL ? g_list_model_get_n_items (neko_directory_get_users (self->directory)) : 0;
  g_autofree char *text = g_strdup_printf (ngettext ("%u user", "%u users", count), count);

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
}


static void
directory_changed_cb (NekoUsersGroup *self)
{
  GListModel *users = neko_directory_get_users (self->directory);

  if (gtk_filter_list_model_get_model (self->found) != users)
    gtk_filter_list_model_set_model (self->found, users);

  show_count (self);
  show_more (self);
}


static void
searched_cb (NekoUsersGroup *self)
{
  g_autofree char *words = g_strstrip (g_strdup (gtk_editable_get_text (self->search)));

  g_free (self->words);
  self->words = g_utf8_casefold (words, -1);
  gtk_slice_list_model_set_size (self->shown, FIRST_ROWS);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_more (self);
}


static void
more_cb (NekoUsersGroup *self)
{
  guint size = gtk_slice_list_model_get_size (self->shown);

  gtk_slice_list_model_set_size (self->shown, size + MORE_ROWS);
  show_more (self);

  /* The first row that is new has the focus, where the button may be gone. */
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, size)));
}


static void
add_cb (NekoUsersGroup *self)
{
  neko_window_push (GTK_WIDGET (self), neko_add_user_page_new (self->directory));
}


static void
activated_cb (NekoUsersGroup *self,
              NekoUserRow    *row)
{
  neko_window_push (GTK_WIDGET (self), neko_user_page_new (self->directory, neko_user_row_get_user (row)));
}


static GtkWidget *
create_row_cb (gpointer item,
               gpointer user_data)
{
  GtkWidget *row = neko_user_row_new (item);

  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), user_data, G_CONNECT_SWAPPED);

  return row;
}


/**
 * neko_users_group_set_directory:
 * @directory: (nullable): whose users are listed from now on
 */
void
neko_users_group_set_directory (NekoUsersGroup *self,
                                NekoDirectory  *directory)
{
  g_return_if_fail (NEKO_IS_USERS_GROUP (self));

  g_set_object (&self->directory, directory);
  g_signal_group_set_target (self->changes, directory);
  gtk_editable_set_text (self->search, "");
  gtk_filter_list_model_set_model (self->found, NULL);

  if (directory != NULL)
    directory_changed_cb (self);
}


static void
neko_users_group_dispose (GObject *object)
{
  NekoUsersGroup *self = NEKO_USERS_GROUP (object);

  g_clear_object (&self->changes);
  g_clear_object (&self->directory);

  /* It asks us, and a model may outlive us. */
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);

  g_clear_object (&self->filter);
  g_clear_object (&self->found);
  g_clear_object (&self->shown);

  G_OBJECT_CLASS (neko_users_group_parent_class)->dispose (object);
}


static void
neko_users_group_finalize (GObject *object)
{
  g_free (NEKO_USERS_GROUP (object)->words);

  G_OBJECT_CLASS (neko_users_group_parent_class)->finalize (object);
}


static void
neko_users_group_class_init (NekoUsersGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_users_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_users_group_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-users-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoUsersGroup, list);
  gtk_widget_class_bind_template_child (widget_class, NekoUsersGroup, more);
  gtk_widget_class_bind_template_child (widget_class, NekoUsersGroup, search);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
  gtk_widget_class_bind_template_callback (widget_class, searched_cb);
}


static void
neko_users_group_init (NekoUsersGroup *self)
{
  self->words = g_strdup ("");
  self->filter = gtk_custom_filter_new (match_cb, self, NULL);
  self->found = gtk_filter_list_model_new (NULL, GTK_FILTER (g_object_ref (self->filter)));
  self->shown = gtk_slice_list_model_new (G_LIST_MODEL (g_object_ref (self->found)), 0, FIRST_ROWS);
  self->changes = g_signal_group_new (NEKO_TYPE_DIRECTORY);
  g_signal_group_connect_swapped (self->changes, "changed", G_CALLBACK (directory_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->shown), create_row_cb, self, NULL);
}
