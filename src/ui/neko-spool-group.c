/* neko-spool-group.c - messages that wait on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-spool-group.h"

#include <glib/gi18n.h>

#include "neko-error-text.h"
#include "neko-service-settings.h"
#include "neko-setting-row.h"
#include "neko-size-text.h"
#include "neko-window.h"

struct _NekoSpoolGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  GCancellable       *cancellable;
  AdwComboRow        *size_row;
  AdwActionRow       *used_row;
  GtkStringList      *labels;
  GArray             *sizes;       /* of guint, in MiB, as labels */
  gboolean            is_showing;  /* what it shows is not what the user chose */
};

G_DEFINE_FINAL_TYPE (NekoSpoolGroup, neko_spool_group, ADW_TYPE_PREFERENCES_GROUP)

static const guint usual_sizes[] = { 0, 16, 64, 256, 1024, NEKO_SPOOL_SIZE_LIMIT }; /* MiB */


static guint64
get_number (NekoSpoolGroup *self,
            const char     *name)
{
  g_autoptr (GVariant) value = neko_model_dup_status (self->model, name, G_VARIANT_TYPE_UINT64);

  return value != NULL ? g_variant_get_uint64 (value) : 0;
}


static guint
add_size (NekoSpoolGroup *self,
          guint           size)
{
  g_autofree char *label = neko_size_text_dup (size * NEKO_MEGABYTE);

  g_array_append_val (self->sizes, size);
  gtk_string_list_append (self->labels, size > 0 ? label : _ ("Nothing"));

  return self->sizes->len - 1;
}


static guint
find_size (NekoSpoolGroup *self,
           guint           size)
{
  for (guint i = 0; i < self->sizes->len; i++) {
    if (g_array_index (self->sizes, guint, i) == size)
      return i;
  }

  return add_size (self, size);
}


static guint
get_size (NekoSpoolGroup *self)
{
  if (neko_model_is_overridden (self->model, NEKO_SETTING_SPOOL_SIZE))
    return get_number (self, "spoolLimit") / NEKO_MEBIBYTE;

  return g_settings_get_uint (neko_model_get_settings (self->model), NEKO_SETTING_SPOOL_SIZE);
}


static void
show_size (NekoSpoolGroup *self)
{
  self->is_showing = TRUE;
  adw_combo_row_set_selected (self->size_row, find_size (self, get_size (self)));
  self->is_showing = FALSE;
}


static void
selected_cb (NekoSpoolGroup *self)
{
  guint position = adw_combo_row_get_selected (self->size_row);

  if (!self->is_showing && position < self->sizes->len)
    g_settings_set_uint (neko_model_get_settings (self->model), NEKO_SETTING_SPOOL_SIZE,
                         g_array_index (self->sizes, guint, position));
}


static void
model_changed_cb (NekoSpoolGroup *self)
{
  g_autofree char *used = neko_size_text_dup (get_number (self, "spoolOctets"));

  adw_action_row_set_subtitle (self->used_row, used);
  neko_setting_row_reflect (ADW_ACTION_ROW (self->size_row), self->model, NEKO_SETTING_SPOOL_SIZE,
                            _ ("Messages that a mail program is about to read, so that it need not wait"));

  if (neko_model_is_overridden (self->model, NEKO_SETTING_SPOOL_SIZE))
    show_size (self);
}


static void
emptied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoSpoolGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (neko_control_call_empty_spool_finish (NEKO_CONTROL (source), result, &error))
    text = g_strdup (_ ("Emptied. Messages come again when they are read"));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = neko_error_text (error);

  if (text != NULL)
    neko_window_toast (GTK_WIDGET (self), text);
}


static void
empty_cb (NekoSpoolGroup *self)
{
  NekoControl *control = neko_model_get_control (self->model);

  if (control != NULL)
    neko_control_call_empty_spool (control, self->cancellable, emptied_cb, g_object_ref (self));
}


/**
 * neko_spool_group_set_model:
 *
 * Shows and sets what @model keeps on this computer.
 */
void
neko_spool_group_set_model (NekoSpoolGroup *self,
                            NekoModel      *model)
{
  g_return_if_fail (NEKO_IS_SPOOL_GROUP (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (neko_model_get_settings (model), "changed::" NEKO_SETTING_SPOOL_SIZE,
                           G_CALLBACK (show_size), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  show_size (self);
  model_changed_cb (self);
}


static void
neko_spool_group_dispose (GObject *object)
{
  NekoSpoolGroup *self = NEKO_SPOOL_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (neko_spool_group_parent_class)->dispose (object);
}


static void
neko_spool_group_finalize (GObject *object)
{
  NekoSpoolGroup *self = NEKO_SPOOL_GROUP (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->labels);
  g_array_unref (self->sizes);

  G_OBJECT_CLASS (neko_spool_group_parent_class)->finalize (object);
}


static void
neko_spool_group_class_init (NekoSpoolGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_spool_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_spool_group_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-spool-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoSpoolGroup, size_row);
  gtk_widget_class_bind_template_child (widget_class, NekoSpoolGroup, used_row);
  gtk_widget_class_bind_template_callback (widget_class, empty_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}


static void
neko_spool_group_init (NekoSpoolGroup *self)
{
  self->cancellable = g_cancellable_new ();
  self->labels = gtk_string_list_new (NULL);
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  self->is_showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));

  for (size_t i = 0; i < G_N_ELEMENTS (usual_sizes); i++)
    add_size (self, usual_sizes[i]);

  adw_combo_row_set_model (self->size_row, G_LIST_MODEL (self->labels));
  self->is_showing = FALSE;
}
