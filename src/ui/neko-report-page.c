/* neko-report-page.c - a report, to be seen before it is copied
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-report-page.h"

#include <glib/gi18n.h>

#include "neko-report.h"
#include "neko-window.h"

struct _NekoReportPage {
  NekoSubpage  parent_instance;

  NekoModel   *model;
  GListModel  *activity;
  GtkSwitch   *names;
  GtkTextView *text;
  char        *report;
};

G_DEFINE_FINAL_TYPE (NekoReportPage, neko_report_page, NEKO_TYPE_SUBPAGE)


/* What is copied is what is seen: it does not follow what happens. */
static void
show (NekoReportPage *self)
{
  g_free (self->report);
  self->report = neko_report_dup_text (self->model, self->activity, gtk_switch_get_active (self->names));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), self->report, -1);
}


static void
copy_cb (NekoReportPage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->report);
  neko_window_toast (GTK_WIDGET (self), _ ("Report copied"));
}


static void
neko_report_page_dispose (GObject *object)
{
  NekoReportPage *self = NEKO_REPORT_PAGE (object);

  g_clear_object (&self->model);
  g_clear_object (&self->activity);

  G_OBJECT_CLASS (neko_report_page_parent_class)->dispose (object);
}


static void
neko_report_page_finalize (GObject *object)
{
  g_free (NEKO_REPORT_PAGE (object)->report);

  G_OBJECT_CLASS (neko_report_page_parent_class)->finalize (object);
}


static void
neko_report_page_class_init (NekoReportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_report_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_report_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-report-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoReportPage, names);
  gtk_widget_class_bind_template_child (widget_class, NekoReportPage, text);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, show);
}


static void
neko_report_page_init (NekoReportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_report_page_new:
 * @activity: a list of #NekoActivityItem, the newest first
 *
 * Returns: (transfer floating): a page with a report as it is now
 */
NekoSubpage *
neko_report_page_new (NekoModel  *model,
                      GListModel *activity)
{
  NekoReportPage *self = g_object_new (NEKO_TYPE_REPORT_PAGE, NULL);

  self->model = g_object_ref (model);
  self->activity = g_object_ref (activity);
  show (self);

  return NEKO_SUBPAGE (self);
}
