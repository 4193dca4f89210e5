/* neko-load-view.c - what has to be asked for before it can be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-load-view.h"

/**
 * NekoLoadView:
 *
 * A spinner first, then the content, or a problem with a button that emits "try-again".
 */
struct _NekoLoadView {
  AdwBin         parent_instance;

  GtkStack      *stack;
  GtkWidget     *spinner;
  AdwStatusPage *problem;
  AdwBin        *bin;
};

G_DEFINE_FINAL_TYPE (NekoLoadView, neko_load_view, ADW_TYPE_BIN)

enum {
  PROP_CONTENT = 1,
  N_PROPERTIES,
};

enum {
  TRY_AGAIN,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static unsigned signals[N_SIGNALS];


static void
show (NekoLoadView *self,
      const char   *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), g_str_equal (name, "waiting"));
}


void
neko_load_view_show_waiting (NekoLoadView *self)
{
  g_return_if_fail (NEKO_IS_LOAD_VIEW (self));

  show (self, "waiting");
}


/**
 * neko_load_view_show_problem:
 * @problem: for people to read, without markup
 */
void
neko_load_view_show_problem (NekoLoadView *self,
                             const char   *problem)
{
  g_autofree char *markup = g_markup_escape_text (problem, -1);

  g_return_if_fail (NEKO_IS_LOAD_VIEW (self));

  adw_status_page_set_description (self->problem, markup);
  show (self, "problem");
}


void
neko_load_view_show_content (NekoLoadView *self)
{
  g_return_if_fail (NEKO_IS_LOAD_VIEW (self));

  show (self, "content");
}


gboolean
neko_load_view_has_content (NekoLoadView *self)
{
  g_return_val_if_fail (NEKO_IS_LOAD_VIEW (self), FALSE);

  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), "content");
}


static void
try_again_cb (NekoLoadView *self)
{
  neko_load_view_show_waiting (self);
  g_signal_emit (self, signals[TRY_AGAIN], 0);
}


static void
neko_load_view_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (id) {
  case PROP_CONTENT:
    g_value_set_object (value, adw_bin_get_child (NEKO_LOAD_VIEW (object)->bin));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_load_view_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id) {
  case PROP_CONTENT:
    adw_bin_set_child (NEKO_LOAD_VIEW (object)->bin, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_load_view_class_init (NekoLoadViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = neko_load_view_get_property;
  object_class->set_property = neko_load_view_set_property;

  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[TRY_AGAIN] = g_signal_new ("try-again", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-load-view.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoLoadView, bin);
  gtk_widget_class_bind_template_child (widget_class, NekoLoadView, problem);
  gtk_widget_class_bind_template_child (widget_class, NekoLoadView, spinner);
  gtk_widget_class_bind_template_child (widget_class, NekoLoadView, stack);
  gtk_widget_class_bind_template_callback (widget_class, try_again_cb);
}


static void
neko_load_view_init (NekoLoadView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
