/* neko-submit-box.c - the end of a form: a button, what is wrong, and whether it is being done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-submit-box.h"

struct _NekoSubmitBox {
  AdwBin     parent_instance;

  GtkLabel  *problem;
  GtkButton *button;
  GtkWidget *spinner;
  gboolean   is_ready; /* the form is complete */
  gboolean   is_busy;
};

G_DEFINE_FINAL_TYPE (NekoSubmitBox, neko_submit_box, ADW_TYPE_BIN)

enum {
  SUBMIT,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
clicked_cb (NekoSubmitBox *self)
{
  g_signal_emit (self, signals[SUBMIT], 0);
}


static void
update (NekoSubmitBox *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->is_ready && !self->is_busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), self->is_busy);
}


void
neko_submit_box_set_label (NekoSubmitBox *self,
                           const char    *label)
{
  g_return_if_fail (NEKO_IS_SUBMIT_BOX (self));

  gtk_button_set_label (self->button, label);
}


/**
 * neko_submit_box_set_problem:
 * @problem: (nullable): what is wrong, %NULL for nothing
 */
void
neko_submit_box_set_problem (NekoSubmitBox *self,
                             const char    *problem)
{
  g_return_if_fail (NEKO_IS_SUBMIT_BOX (self));

  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}


/**
 * neko_submit_box_set_ready:
 * @is_ready: whether there is something to be done
 */
void
neko_submit_box_set_ready (NekoSubmitBox *self,
                           gboolean       is_ready)
{
  g_return_if_fail (NEKO_IS_SUBMIT_BOX (self));

  self->is_ready = is_ready;
  update (self);
}


/**
 * neko_submit_box_set_busy:
 * @is_busy: whether it is being done
 */
void
neko_submit_box_set_busy (NekoSubmitBox *self,
                          gboolean       is_busy)
{
  g_return_if_fail (NEKO_IS_SUBMIT_BOX (self));

  self->is_busy = is_busy;
  update (self);
}


static void
neko_submit_box_class_init (NekoSubmitBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /**
   * NekoSubmitBox::submit:
   *
   * The button was clicked.
   */
  signals[SUBMIT] = g_signal_new ("submit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-submit-box.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoSubmitBox, button);
  gtk_widget_class_bind_template_child (widget_class, NekoSubmitBox, problem);
  gtk_widget_class_bind_template_child (widget_class, NekoSubmitBox, spinner);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}


static void
neko_submit_box_init (NekoSubmitBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
