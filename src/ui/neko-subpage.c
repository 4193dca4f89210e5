/* neko-subpage.c - a page that lies over the window's pages until one goes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-subpage.h"

#include <glib/gi18n.h>

/**
 * NekoSubpage:
 *
 * A header bar with a button that goes back, over a content. To be derived from: what derives sets "title"
 * and "content", and is shown by neko_window_push().
 */
typedef struct {
  AdwHeaderBar *header;
  GtkWidget    *title;
  GtkWidget    *box;
  GtkWidget    *content; /* (nullable) */
  GtkWidget    *end;     /* (nullable): in the header, opposite to the button */
} NekoSubpagePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (NekoSubpage, neko_subpage, ADW_TYPE_BIN)

enum {
  PROP_TITLE = 1,
  PROP_CONTENT,
  PROP_END,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];


static void
set_content (NekoSubpage *self,
             GtkWidget   *content)
{
  NekoSubpagePrivate *private = neko_subpage_get_instance_private (self);

  if (private->content != NULL)
    gtk_box_remove (GTK_BOX (private->box), private->content);

  private->content = content;

  if (content != NULL) {
    gtk_widget_set_vexpand (content, TRUE);
    gtk_box_append (GTK_BOX (private->box), content);
  }
}


static void
set_end (NekoSubpage *self,
         GtkWidget   *end)
{
  NekoSubpagePrivate *private = neko_subpage_get_instance_private (self);

  if (private->end != NULL)
    adw_header_bar_remove (private->header, private->end);

  private->end = end;

  if (end != NULL)
    adw_header_bar_pack_end (private->header, end);
}


/**
 * neko_subpage_set_title:
 * @title: what it is about, which a screen reader says too
 */
void
neko_subpage_set_title (NekoSubpage *self,
                        const char  *title)
{
  NekoSubpagePrivate *private = neko_subpage_get_instance_private (self);

  g_return_if_fail (NEKO_IS_SUBPAGE (self));

  adw_window_title_set_title (ADW_WINDOW_TITLE (private->title), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}


static void
neko_subpage_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  NekoSubpagePrivate *private = neko_subpage_get_instance_private (NEKO_SUBPAGE (object));

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, adw_window_title_get_title (ADW_WINDOW_TITLE (private->title)));
    break;

  case PROP_CONTENT:
    g_value_set_object (value, private->content);
    break;

  case PROP_END:
    g_value_set_object (value, private->end);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_subpage_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  NekoSubpage *self = NEKO_SUBPAGE (object);

  switch (id) {
  case PROP_TITLE:
    neko_subpage_set_title (self, g_value_get_string (value));
    break;

  case PROP_CONTENT:
    set_content (self, g_value_get_object (value));
    break;

  case PROP_END:
    set_end (self, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_subpage_class_init (NekoSubpageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = neko_subpage_get_property;
  object_class->set_property = neko_subpage_set_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_END] = g_param_spec_object ("end", NULL, NULL, GTK_TYPE_WIDGET,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}


static void
neko_subpage_init (NekoSubpage *self)
{
  NekoSubpagePrivate *private = neko_subpage_get_instance_private (self);
  GtkWidget *back = gtk_button_new_from_icon_name ("go-previous-symbolic");

  gtk_widget_set_tooltip_text (back, _ ("Back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (back), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Back"),
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (back), "win.back");

  private->title = adw_window_title_new ("", "");
  private->header = ADW_HEADER_BAR (adw_header_bar_new ());
  adw_header_bar_set_title_widget (private->header, private->title);
  adw_header_bar_pack_start (private->header, back);

  private->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (private->box), GTK_WIDGET (private->header));
  adw_bin_set_child (ADW_BIN (self), private->box);
}
