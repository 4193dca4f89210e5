/* neko-history-page.c - what the admins of a Worker did, the newest first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-history-page.h"

#include <glib/gi18n.h>

#include "neko-history-text.h"
#include "neko-load-view.h"
#include "neko-window.h"

/* The Worker tells as many at once, and fewer where there are no more. */
#define PAGE 200

struct _NekoHistoryPage {
  NekoSubpage    parent_instance;

  NekoDirectory *directory;
  GCancellable  *cancellable;
  guint64        last;        /* number of the oldest entry that is shown, 0 for none */
  gboolean       is_loading;
  NekoLoadView  *view;
  GtkListBox    *list;
  GtkWidget     *more;
};

G_DEFINE_FINAL_TYPE (NekoHistoryPage, neko_history_page, NEKO_TYPE_SUBPAGE)


static void
add_row (NekoHistoryPage            *self,
         const NekoRemoteAuditEntry *entry)
{
  g_autofree char *title = neko_history_text_dup_title (entry);
  g_autofree char *details = neko_history_text_dup_details (entry);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), details);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (self->list, row);
}


static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoHistoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = neko_remote_audit_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_loading = FALSE;

  if (entries == NULL) {
    g_autofree char *text = neko_directory_explain (self->directory, error);

    if (neko_load_view_has_content (self->view))
      neko_window_toast (GTK_WIDGET (self), text);
    else
      neko_load_view_show_problem (self->view, text);

    return;
  }

  for (guint i = 0; i < entries->len; i++) {
    const NekoRemoteAuditEntry *entry = g_ptr_array_index (entries, i);

    add_row (self, entry);
    self->last = entry->number;
  }

  gtk_widget_set_visible (self->more, entries->len >= PAGE && self->last > 1);
  neko_load_view_show_content (self->view);
}


static void
load (NekoHistoryPage *self)
{
  if (self->is_loading)
    return;

  self->is_loading = TRUE;
  neko_remote_audit_list_async (neko_directory_get_client (self->directory), self->last, self->cancellable, loaded_cb,
                                g_object_ref (self));
}


static void
neko_history_page_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (NEKO_HISTORY_PAGE (widget)->cancellable);

  GTK_WIDGET_CLASS (neko_history_page_parent_class)->unroot (widget);
}


static void
neko_history_page_finalize (GObject *object)
{
  NekoHistoryPage *self = NEKO_HISTORY_PAGE (object);

  g_object_unref (self->cancellable);
  g_clear_object (&self->directory);

  G_OBJECT_CLASS (neko_history_page_parent_class)->finalize (object);
}


static void
neko_history_page_class_init (NekoHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_history_page_finalize;
  widget_class->unroot = neko_history_page_unroot;

  g_type_ensure (NEKO_TYPE_LOAD_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, NekoHistoryPage, more);
  gtk_widget_class_bind_template_child (widget_class, NekoHistoryPage, view);
  gtk_widget_class_bind_template_callback (widget_class, load);
}


static void
neko_history_page_init (NekoHistoryPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_history_page_new:
 *
 * Returns: (transfer floating): a page
 */
NekoSubpage *
neko_history_page_new (NekoDirectory *directory)
{
  NekoHistoryPage *self = g_object_new (NEKO_TYPE_HISTORY_PAGE, NULL);

  self->directory = g_object_ref (directory);
  g_signal_connect_object (directory, "closed", G_CALLBACK (neko_window_leave), self, G_CONNECT_SWAPPED);
  load (self);

  return NEKO_SUBPAGE (self);
}
