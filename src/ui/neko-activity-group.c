/* neko-activity-group.c - what happened, narrowed to what one looks for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-activity-group.h"

#include <glib/gi18n.h>

#include "neko-activity-row.h"

/* Rows that are made at a time: the log has more than one reads, and each costs something. */
#define PORTION 50

/* The choices, in the order of the template. */
enum {
  SHOW_EVERYTHING,
  SHOW_CONNECTIONS,
  SHOW_RECEIVED,
  SHOW_SENT,
  SHOW_PROBLEMS,
};

struct _NekoActivityGroup {
  AdwPreferencesGroup parent_instance;

  GListModel         *items; /* (nullable): NekoActivityItem */
  GtkFilter          *wanted;
  GtkFilterListModel *narrowed;
  GListStore         *shown; /* the first of them */
  guint               limit; /* of what is shown */
  GtkDropDown        *filter;
  GtkEditable        *search;
  GtkStack           *stack;
  GtkListBox         *list;
  GtkWidget          *more;
  GStrv               words; /* (nullable): to be found, without case */
};

G_DEFINE_FINAL_TYPE (NekoActivityGroup, neko_activity_group, ADW_TYPE_PREFERENCES_GROUP)


static gboolean
is_chosen (NekoActivityGroup *self,
           NekoActivityItem  *item)
{
  switch (gtk_drop_down_get_selected (self->filter)) {
  case SHOW_CONNECTIONS:
    return neko_activity_item_get_category (item) == NEKO_ACTIVITY_CONNECTIONS;

  case SHOW_RECEIVED:
    return neko_activity_item_get_category (item) == NEKO_ACTIVITY_RECEIVED;

  case SHOW_SENT:
    return neko_activity_item_get_category (item) == NEKO_ACTIVITY_SENT;

  case SHOW_PROBLEMS:
    return neko_activity_item_is_problem (item);

  case SHOW_EVERYTHING:
  default:
    return TRUE;
  }
}


/* Also by the words of the log, which is what one has from somebody else. */
static gboolean
is_found (NekoActivityGroup *self,
          NekoActivityItem  *item)
{
  const char *detail = neko_activity_item_get_detail (item);
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (self->words == NULL || *self->words == NULL)
    return TRUE;

  text = g_strjoin ("\n", neko_activity_item_get_title (item), neko_activity_item_get_text (item), detail, NULL);
  folded = g_utf8_casefold (text, -1);

  for (size_t i = 0; self->words[i] != NULL; i++) {
    if (strstr (folded, self->words[i]) == NULL)
      return FALSE;
  }

  return TRUE;
}


static gboolean
is_wanted_cb (gpointer item,
              gpointer user_data)
{
  return is_chosen (user_data, item) && is_found (user_data, item);
}


static void
show_state (NekoActivityGroup *self)
{
  guint narrowed = g_list_model_get_n_items (G_LIST_MODEL (self->narrowed));
  const char *page = "list";

  if (self->items == NULL || g_list_model_get_n_items (self->items) == 0)
    page = "nothing";
  else if (narrowed == 0)
    page = "not-found";

  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_set_visible (self->more, narrowed > self->limit);
}


static void
splice (NekoActivityGroup *self,
        guint              position,
        guint              removed,
        guint              added)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->narrowed), position + i));

  g_list_store_splice (self->shown, position, removed, items->pdata, added);
}


/* As many as there are, up to the limit. */
static void
fill (NekoActivityGroup *self)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  guint wanted = MIN (self->limit, g_list_model_get_n_items (G_LIST_MODEL (self->narrowed)));

  if (count > wanted)
    splice (self, wanted, count - wanted, 0);
  else if (count < wanted)
    splice (self, count, 0, wanted - count);

  show_state (self);
}


static void
narrow (NekoActivityGroup *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->search)));
  g_autofree char *folded = g_utf8_casefold (text, -1);

  g_strfreev (self->words);
  self->words = *folded != '\0' ? g_strsplit_set (folded, " \t", -1) : NULL;
  self->limit = PORTION;
  g_list_store_remove_all (self->shown);
  gtk_filter_changed (self->wanted, GTK_FILTER_CHANGE_DIFFERENT);
  fill (self);
}


static void
more_cb (NekoActivityGroup *self)
{
  self->limit += PORTION;
  fill (self);
}


static int
measure (GtkWidget *widget,
         int        width)
{
  int height = 0;

  if (widget != NULL)
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);

  return height;
}


/* Whoever reads further down goes on to read there when something happens. The rows that came get their places
 * only when all is laid out, so they are measured. */
static void
keep_place (NekoActivityGroup *self,
            guint              added)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);
  int width = gtk_widget_get_width (GTK_WIDGET (self->list));
  double x, top;
  GtkAdjustment *adjustment;

  if (scroller == NULL || width <= 0 ||
      !gtk_widget_translate_coordinates (GTK_WIDGET (self->list), scroller, 0, 0, &x, &top) || top >= 0)
    return;

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));

  for (guint i = 0; i < added; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) +
                              measure (GTK_WIDGET (row), width));
  }
}


/* A row that stays is the same one as before: GtkSliceListModel would make each of them anew. */
static void
narrowed_changed_cb (NekoActivityGroup *self,
                     guint              position,
                     guint              removed,
                     guint              added)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->shown));

  if (position < count || position == 0) {
    added = MIN (added, self->limit - position);
    splice (self, position, MIN (removed, count - position), added);

    if (position == 0 && removed == 0 && count > 0)
      keep_place (self, added);
  }

  fill (self);
}


static GtkWidget *
create_row_cb (gpointer item,
               gpointer user_data)
{
  return neko_activity_row_new (item);
}


static GDateTime *
get_day (GtkListBoxRow *row)
{
  NekoActivityItem *item = neko_activity_row_get_item (NEKO_ACTIVITY_ROW (row));

  return g_date_time_new_from_unix_local (neko_activity_item_get_time (item) / G_USEC_PER_SEC);
}


static gboolean
is_same_day (GDateTime *first,
             GDateTime *second)
{
  return g_date_time_get_year (first) == g_date_time_get_year (second) &&
         g_date_time_get_day_of_year (first) == g_date_time_get_day_of_year (second);
}


static char *
describe_day (GDateTime *day)
{
  g_autoptr (GDateTime) today = g_date_time_new_now_local ();
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (today, -1);

  if (is_same_day (day, today))
    return g_strdup (_ ("Today"));

  if (is_same_day (day, yesterday))
    return g_strdup (_ ("Yesterday"));

  return g_date_time_format (day, "%x");
}


static void
update_header_cb (GtkListBoxRow *row,
                  GtkListBoxRow *before,
                  gpointer       user_data)
{
  g_autoptr (GDateTime) day = get_day (row);
  g_autoptr (GDateTime) day_before = before != NULL ? get_day (before) : NULL;
  g_autofree char *text = NULL;
  GtkWidget *label;

  if (day == NULL || (day_before != NULL && is_same_day (day, day_before))) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }

  text = describe_day (day);
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_list_box_row_set_header (row, label);
}


/**
 * neko_activity_group_set_items:
 * @items: a list of #NekoActivityItem, the newest first
 *
 * Shows them, and follows them; it takes one list only.
 */
void
neko_activity_group_set_items (NekoActivityGroup *self,
                               GListModel        *items)
{
  g_return_if_fail (NEKO_IS_ACTIVITY_GROUP (self));
  g_return_if_fail (self->items == NULL);

  self->items = g_object_ref (items);
  gtk_filter_list_model_set_model (self->narrowed, items);
  show_state (self);
}


static void
neko_activity_group_dispose (GObject *object)
{
  NekoActivityGroup *self = NEKO_ACTIVITY_GROUP (object);

  g_clear_object (&self->items);
  g_clear_object (&self->shown);
  g_clear_object (&self->narrowed);
  g_clear_object (&self->wanted);
  g_clear_pointer (&self->words, g_strfreev);

  G_OBJECT_CLASS (neko_activity_group_parent_class)->dispose (object);
}


static void
neko_activity_group_class_init (NekoActivityGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_activity_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-activity-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoActivityGroup, filter);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityGroup, list);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityGroup, more);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityGroup, search);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityGroup, stack);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow);
}


static void
neko_activity_group_init (NekoActivityGroup *self)
{
  self->wanted = GTK_FILTER (gtk_custom_filter_new (is_wanted_cb, self, NULL));
  self->narrowed = gtk_filter_list_model_new (NULL, g_object_ref (self->wanted));
  self->shown = g_list_store_new (NEKO_TYPE_ACTIVITY_ITEM);
  self->limit = PORTION;

  gtk_widget_init_template (GTK_WIDGET (self));

  /* The button in it, which has the focus, does not get its name from GTK 4.8. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->filter))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("What is shown"), -1);
  gtk_list_box_set_header_func (self->list, update_header_cb, NULL, NULL);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->shown), create_row_cb, NULL, NULL);

  g_signal_connect_object (self->narrowed, "items-changed", G_CALLBACK (narrowed_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
}
