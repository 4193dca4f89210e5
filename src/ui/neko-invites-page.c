/* neko-invites-page.c - the invites to a Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-invites-page.h"

#include <glib/gi18n.h>

#include "neko-account-text.h"
#include "neko-handover-page.h"
#include "neko-load-view.h"
#include "neko-number-row.h"
#include "neko-remote-invites.h"
#include "neko-remove-button.h"
#include "neko-window.h"

#define DEFAULT_DAYS 7

struct _NekoInvitesPage {
  NekoSubpage    parent_instance;

  NekoDirectory *directory;
  GCancellable  *cancellable;
  gboolean       is_creating;
  NekoLoadView  *view;
  GtkEditable   *note_row;
  NekoNumberRow *days_row;
  GtkWidget     *create_button;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (NekoInvitesPage, neko_invites_page, NEKO_TYPE_SUBPAGE)

static void refresh (NekoInvitesPage *self);


static void
tell (NekoInvitesPage *self,
      const GError    *error)
{
  g_autofree char *text = neko_directory_explain (self->directory, error);

  neko_window_toast (GTK_WIDGET (self), text);
}


static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoInvitesPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (neko_remote_invites_delete_finish (result, &error))
    neko_window_toast (GTK_WIDGET (self), _ ("The invite cannot be used any more"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    tell (self, error);

  refresh (self);
}


static void
delete_cb (GtkWidget       *button,
           NekoInvitesPage *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);

  gtk_widget_set_sensitive (button, FALSE);
  neko_remote_invites_delete_async (neko_directory_get_client (self->directory), gtk_widget_get_name (row),
                                    self->cancellable, deleted_cb, g_object_ref (self));
}


static void
add_row (NekoInvitesPage        *self,
         const NekoRemoteInvite *invite)
{
  const char *note = *invite->note != '\0' ? invite->note : _ ("Without a note");
  g_autoptr (GDateTime) expires = g_date_time_new_from_unix_local (invite->expires);
  g_autofree char *day = expires != NULL ? g_date_time_format (expires, "%x") : g_strdup ("?");
  /* Translators: a day, and the mail address of an administrator */
  g_autofree char *text = g_strdup_printf (_ ("Can be used until %s; made by %s"), day, invite->created_by);
  /* Translators: %s is the note of an invite */
  g_autofree char *label = g_strdup_printf (_ ("Delete the Invite “%s”"), note);
  GtkWidget *button = neko_remove_button_new (label);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), note);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_widget_set_name (row, invite->id);
  g_signal_connect_object (button, "clicked", G_CALLBACK (delete_cb), self, 0);
  gtk_list_box_append (self->list, row);
}


static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoInvitesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) invites = neko_remote_invites_list_finish (result, &error);
  GtkListBoxRow *row;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (invites == NULL) {
    g_autofree char *text = neko_directory_explain (self->directory, error);

    neko_load_view_show_problem (self->view, text);
    return;
  }

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  for (guint i = 0; i < invites->len; i++)
    add_row (self, g_ptr_array_index (invites, i));

  neko_load_view_show_content (self->view);
}


static void
refresh (NekoInvitesPage *self)
{
  neko_remote_invites_list_async (neko_directory_get_client (self->directory), self->cancellable, listed_cb,
                                  g_object_ref (self));
}


static void
changed_cb (NekoInvitesPage *self)
{
  guint64 days;

  gtk_widget_set_sensitive (self->create_button,
                            !self->is_creating && neko_number_row_get_value (self->days_row, &days));
}


static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoInvitesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteInvite) invite = neko_remote_invites_create_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_creating = FALSE;
  changed_cb (self);

  if (invite == NULL) {
    tell (self, error);
    return;
  }

  gtk_editable_set_text (self->note_row, "");
  neko_window_push (GTK_WIDGET (self), neko_handover_page_new_invite (neko_directory_get_url (self->directory),
                                                                      invite->code));
  refresh (self);
}


static void
create_cb (NekoInvitesPage *self)
{
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (self->note_row)));
  guint64 days;

  if (self->is_creating || !neko_number_row_get_value (self->days_row, &days))
    return;

  self->is_creating = TRUE;
  changed_cb (self);
  neko_remote_invites_create_async (neko_directory_get_client (self->directory), note, days, self->cancellable,
                                    created_cb, g_object_ref (self));
}


static void
neko_invites_page_dispose (GObject *object)
{
  NekoInvitesPage *self = NEKO_INVITES_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->directory);

  G_OBJECT_CLASS (neko_invites_page_parent_class)->dispose (object);
}


static void
neko_invites_page_finalize (GObject *object)
{
  g_object_unref (NEKO_INVITES_PAGE (object)->cancellable);

  G_OBJECT_CLASS (neko_invites_page_parent_class)->finalize (object);
}


static void
neko_invites_page_class_init (NekoInvitesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_invites_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_invites_page_finalize;

  g_type_ensure (NEKO_TYPE_LOAD_VIEW);
  g_type_ensure (NEKO_TYPE_NUMBER_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-invites-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoInvitesPage, create_button);
  gtk_widget_class_bind_template_child (widget_class, NekoInvitesPage, days_row);
  gtk_widget_class_bind_template_child (widget_class, NekoInvitesPage, list);
  gtk_widget_class_bind_template_child (widget_class, NekoInvitesPage, note_row);
  gtk_widget_class_bind_template_child (widget_class, NekoInvitesPage, view);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh);
}


static void
neko_invites_page_init (NekoInvitesPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  neko_number_row_set_range (self->days_row, 1, NEKO_REMOTE_INVITE_DAYS_MAX);
  neko_number_row_set_value (self->days_row, DEFAULT_DAYS);
}


/**
 * neko_invites_page_new:
 *
 * Returns: (transfer floating): a page
 */
NekoSubpage *
neko_invites_page_new (NekoDirectory *directory)
{
  NekoInvitesPage *self = g_object_new (NEKO_TYPE_INVITES_PAGE, NULL);

  self->directory = g_object_ref (directory);
  g_signal_connect_object (directory, "closed", G_CALLBACK (neko_window_leave), self, G_CONNECT_SWAPPED);
  refresh (self);

  return NEKO_SUBPAGE (self);
}
