/* neko-check-page.c - the self-test of a Worker as a list of what is well and what is not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-check-page.h"

#include <glib/gi18n.h>

#include "neko-check-text.h"
#include "neko-load-view.h"
#include "neko-window.h"

struct _NekoCheckPage {
  NekoSubpage         parent_instance;

  NekoDirectory      *directory;
  GCancellable       *cancellable;
  NekoLoadView       *view;
  AdwPreferencesPage *page;
  GtkWidget          *summary_row;
  GPtrArray          *groups;   /* AdwPreferencesGroup, borrowed: of the server, and of each domain */
};

G_DEFINE_FINAL_TYPE (NekoCheckPage, neko_check_page, NEKO_TYPE_SUBPAGE)


static GtkWidget *
new_icon (const NekoRemoteCheck *check)
{
  const char *name = check->is_ok ? "emblem-ok-symbolic" : "dialog-warning-symbolic";
  const char *label = check->is_ok ? _ ("All right") : _ ("Problem");
  const char *style = check->is_ok ? "success" : "warning";
  GtkWidget *icon;

  if (neko_check_text_is_unknown (check)) {
    name = "dialog-question-symbolic";
    label = _ ("Not known");
    style = "dim-label";
  }

  icon = gtk_image_new_from_icon_name (name);
  gtk_widget_add_css_class (icon, style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return icon;
}


static void
add_row (AdwPreferencesGroup   *group,
         const NekoRemoteCheck *check)
{
  g_autofree char *title = neko_check_text_dup_title (check);
  g_autofree char *advice = neko_check_text_dup_advice (check);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), advice != NULL ? advice : "");
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), new_icon (check));
  adw_preferences_group_add (group, row);
}


static AdwPreferencesGroup *
add_group (NekoCheckPage *self,
           const char    *domain)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = domain != NULL ? g_markup_escape_text (domain, -1) : g_strdup (_ ("Server"));

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
  g_ptr_array_add (self->groups, group);

  return ADW_PREFERENCES_GROUP (group);
}


/* The Worker tells of itself first, then of one domain after the other. */
static void
show_checks (NekoCheckPage *self,
             GPtrArray     *checks)
{
  AdwPreferencesGroup *group = NULL;
  const char *domain = NULL;

  for (guint i = 0; i < self->groups->len; i++)
    adw_preferences_page_remove (self->page, g_ptr_array_index (self->groups, i));

  g_ptr_array_set_size (self->groups, 0);

  for (guint i = 0; i < checks->len; i++) {
    const NekoRemoteCheck *check = g_ptr_array_index (checks, i);

    if (group == NULL || g_strcmp0 (domain, check->domain) != 0)
      group = add_group (self, check->domain);

    domain = check->domain;
    add_row (group, check);
  }
}


static void
show_summary (NekoCheckPage *self,
              GPtrArray     *checks)
{
  g_autofree char *title = NULL;
  unsigned problems = 0;
  unsigned unknowns = 0;

  for (guint i = 0; i < checks->len; i++) {
    const NekoRemoteCheck *check = g_ptr_array_index (checks, i);

    if (neko_check_text_is_unknown (check))
      unknowns++;
    else if (!check->is_ok)
      problems++;
  }

  if (problems > 0)
    title = g_strdup_printf (ngettext ("%u problem found", "%u problems found", problems), problems);
  else
    title = g_strdup (unknowns > 0 ? _ ("No problems found in what could be checked") : _ ("All is well"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->summary_row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->summary_row),
                               unknowns > 0 ? _ ("DNS could not be asked about everything, which says nothing about "
                                                 "the settings. Check again in a minute") : "");
}


static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoCheckPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) checks = neko_remote_diagnostics_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (checks == NULL) {
    g_autofree char *text = neko_directory_explain (self->directory, error);

    neko_load_view_show_problem (self->view, text);
    return;
  }

  show_checks (self, checks);
  show_summary (self, checks);
  neko_load_view_show_content (self->view);
}


static void
check (NekoCheckPage *self)
{
  neko_load_view_show_waiting (self->view);
  neko_remote_diagnostics_async (neko_directory_get_client (self->directory), self->cancellable, checked_cb,
                                 g_object_ref (self));
}


/* A test takes a while: nobody waits for the one of a page that was left. */
static void
neko_check_page_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (NEKO_CHECK_PAGE (widget)->cancellable);

  GTK_WIDGET_CLASS (neko_check_page_parent_class)->unroot (widget);
}


static void
neko_check_page_finalize (GObject *object)
{
  NekoCheckPage *self = NEKO_CHECK_PAGE (object);

  g_object_unref (self->cancellable);
  g_clear_object (&self->directory);
  g_ptr_array_unref (self->groups);

  G_OBJECT_CLASS (neko_check_page_parent_class)->finalize (object);
}


static void
neko_check_page_class_init (NekoCheckPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_check_page_finalize;
  widget_class->unroot = neko_check_page_unroot;

  g_type_ensure (NEKO_TYPE_LOAD_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-check-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoCheckPage, page);
  gtk_widget_class_bind_template_child (widget_class, NekoCheckPage, summary_row);
  gtk_widget_class_bind_template_child (widget_class, NekoCheckPage, view);
  gtk_widget_class_bind_template_callback (widget_class, check);
}


static void
neko_check_page_init (NekoCheckPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->groups = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_check_page_new:
 *
 * Returns: (transfer floating): a page that lets the Worker test itself
 */
NekoSubpage *
neko_check_page_new (NekoDirectory *directory)
{
  NekoCheckPage *self = g_object_new (NEKO_TYPE_CHECK_PAGE, NULL);

  self->directory = g_object_ref (directory);
  g_signal_connect_object (directory, "closed", G_CALLBACK (neko_window_leave), self, G_CONNECT_SWAPPED);
  check (self);

  return NEKO_SUBPAGE (self);
}
