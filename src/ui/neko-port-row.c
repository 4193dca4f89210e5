/* neko-port-row.c - a port of the mail servers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-port-row.h"

#include <glib/gi18n.h>

#include "neko-listener-text.h"
#include "neko-note-row.h"
#include "neko-setting-row.h"

static const char *const port_settings[] = { "pop3-port", "smtp-port", "pop3s-port", "smtps-port" };

/**
 * NekoPortRow:
 *
 * The number is typed and then applied: buttons that count it up would open one port after the other, and so
 * would a wheel that only wants to scroll the page.
 */
struct _NekoPortRow {
  AdwEntryRow  parent_instance;

  NekoModel   *model;
  char        *setting;  /* its key */
  char        *protocol; /* as the listeners of the status have it */
  NekoNoteRow *note;     /* borrowed; the row below */
};

G_DEFINE_FINAL_TYPE (NekoPortRow, neko_port_row, ADW_TYPE_ENTRY_ROW)

enum {
  PROP_SETTING = 1,
  PROP_PROTOCOL,
  PROP_NOTE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];


/* There is one for each address. The first one that has a problem says most; that an address is not there is said
 * where the address is chosen. */
static gboolean
find_listener (NekoPortRow      *self,
               GVariant         *listeners,
               NekoListenerInfo *found)
{
  gsize count = listeners != NULL ? g_variant_n_children (listeners) : 0;
  gboolean is_found = FALSE;

  for (gsize i = 0; i < count; i++) {
    /* The list holds its texts. */
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);
    NekoListenerInfo info;

    neko_listener_info_read (&info, listener);

    if (!g_str_equal (info.protocol, self->protocol))
      continue;

    if (!is_found)
      *found = info;

    is_found = TRUE;

    if (info.problem != NULL && !g_str_equal (info.state, "address-absent")) {
      *found = info;
      return TRUE;
    }
  }

  return is_found;
}


static gboolean
is_chosen_twice (NekoPortRow *self,
                 unsigned     port)
{
  GSettings *settings = neko_model_get_settings (self->model);
  unsigned count = 0;

  for (size_t i = 0; i < G_N_ELEMENTS (port_settings); i++)
    count += g_settings_get_uint (settings, port_settings[i]) == port ? 1 : 0;

  return count > 1;
}


/* Returns: (transfer full) (nullable): why it does not listen */
static char *
dup_problem (NekoPortRow            *self,
             const NekoListenerInfo *info)
{
  if (info->problem == NULL || g_str_equal (info->state, "address-absent"))
    return NULL;

  if (g_str_equal (info->state, "blocked") && is_chosen_twice (self, info->port))
    return g_strdup (_ ("This port is chosen for another server too. Choose another one"));

  return neko_listener_text_dup (info);
}


static void
show_number (NekoPortRow *self,
             unsigned     port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);

  if (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self)), text))
    return;

  gtk_editable_set_text (GTK_EDITABLE (self), text);

  /* What was not typed is not to be applied. */
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), FALSE);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), TRUE);
}


static void
mark (NekoPortRow *self,
      gboolean     is_good)
{
  if (is_good)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_INVALID,
                               is_good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
}


static void
show_setting (NekoPortRow *self)
{
  mark (self, TRUE);

  if (!neko_model_is_overridden (self->model, self->setting))
    show_number (self, g_settings_get_uint (neko_model_get_settings (self->model), self->setting));
}


static void
model_changed_cb (NekoPortRow *self)
{
  g_autoptr (GVariant) listeners = neko_model_dup_status (self->model, "listeners",
                                                          G_VARIANT_TYPE ("aa{sv}"));
  gboolean is_overridden = neko_model_is_overridden (self->model, self->setting);
  g_autofree char *problem = NULL;
  NekoListenerInfo info;

  /* What is wrong with what was typed is said until it is right. */
  if (gtk_widget_has_css_class (GTK_WIDGET (self), "error"))
    return;

  if (find_listener (self, listeners, &info)) {
    problem = dup_problem (self, &info);

    if (is_overridden)
      show_number (self, info.port);
  }

  gtk_widget_set_sensitive (GTK_WIDGET (self), !is_overridden);

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    neko_note_row_warn (self->note, NULL);
  else if (problem == NULL && is_overridden)
    neko_note_row_explain (self->note, neko_setting_row_get_reason ());
  else
    neko_note_row_warn (self->note, problem);
}


static void
apply_cb (NekoPortRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self));
  guint64 port;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL)) {
    mark (self, FALSE);
    neko_note_row_warn (self->note, _ ("A port is a number from 1 to 65535"));
    return;
  }

  mark (self, TRUE);
  g_settings_set_uint (neko_model_get_settings (self->model), self->setting, port);
  model_changed_cb (self);
}


/**
 * neko_port_row_set_model:
 *
 * Shows and sets the port of @model, and says in the note below why it does not work.
 */
void
neko_port_row_set_model (NekoPortRow *self,
                         NekoModel   *model)
{
  g_autofree char *signal = NULL;

  g_return_if_fail (NEKO_IS_PORT_ROW (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  signal = g_strconcat ("changed::", self->setting, NULL);
  g_signal_connect_object (neko_model_get_settings (model), signal, G_CALLBACK (show_setting), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::visible", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_setting (self);
  model_changed_cb (self);
}


static void
neko_port_row_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  NekoPortRow *self = NEKO_PORT_ROW (object);

  switch (id) {
  case PROP_SETTING:
    g_value_set_string (value, self->setting);
    break;

  case PROP_PROTOCOL:
    g_value_set_string (value, self->protocol);
    break;

  case PROP_NOTE:
    g_value_set_object (value, self->note);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_port_row_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  NekoPortRow *self = NEKO_PORT_ROW (object);

  switch (id) {
  case PROP_SETTING:
    g_free (self->setting);
    self->setting = g_value_dup_string (value);
    break;

  case PROP_PROTOCOL:
    g_free (self->protocol);
    self->protocol = g_value_dup_string (value);
    break;

  case PROP_NOTE:
    self->note = g_value_get_object (value);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_port_row_dispose (GObject *object)
{
  g_clear_object (&NEKO_PORT_ROW (object)->model);

  G_OBJECT_CLASS (neko_port_row_parent_class)->dispose (object);
}


static void
neko_port_row_finalize (GObject *object)
{
  NekoPortRow *self = NEKO_PORT_ROW (object);

  g_free (self->setting);
  g_free (self->protocol);

  G_OBJECT_CLASS (neko_port_row_parent_class)->finalize (object);
}


static void
neko_port_row_class_init (NekoPortRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = neko_port_row_get_property;
  object_class->set_property = neko_port_row_set_property;
  object_class->dispose = neko_port_row_dispose;
  object_class->finalize = neko_port_row_finalize;

  properties[PROP_SETTING] = g_param_spec_string ("setting", NULL, NULL, NULL,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROTOCOL] = g_param_spec_string ("protocol", NULL, NULL, NULL,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NOTE] = g_param_spec_object ("note", NULL, NULL, NEKO_TYPE_NOTE_ROW,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}


static void
neko_port_row_init (NekoPortRow *self)
{
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), TRUE);
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (self), GTK_INPUT_PURPOSE_DIGITS);
  g_signal_connect_object (self, "apply", G_CALLBACK (apply_cb), self, 0);
}
