/* neko-network-group.c - mail programs on other computers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-network-group.h"

#include <glib/gi18n.h>
#include <string.h>

#include "neko-listener-text.h"
#include "neko-local-addresses.h"
#include "neko-note-row.h"
#include "neko-setting-row.h"

#define SETTING_LISTEN_ADDRESS "listen-address"

#define ALL_IPV4 "0.0.0.0"
#define ALL "::"

struct _NekoNetworkGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  AdwActionRow       *open_row;
  GtkSwitch          *open_switch;
  AdwComboRow        *address_row;
  NekoNoteRow        *warning_row;
  NekoNoteRow        *problem_row;
  GtkStringList      *labels;
  GPtrArray          *addresses;   /* of NekoLocalAddress, as labels */
  gboolean            is_showing;  /* what it shows is not what the user chose */
};

G_DEFINE_FINAL_TYPE (NekoNetworkGroup, neko_network_group, ADW_TYPE_PREFERENCES_GROUP)


static gboolean
has_ipv6 (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++) {
    NekoLocalAddress *local = g_ptr_array_index (list, i);

    if (strchr (local->address, ':') != NULL)
      return TRUE;
  }

  return FALSE;
}


static gboolean
has_address (GPtrArray  *list,
             const char *address)
{
  for (guint i = 0; i < list->len; i++) {
    if (g_str_equal (((NekoLocalAddress *) g_ptr_array_index (list, i))->address, address))
      return TRUE;
  }

  return FALSE;
}


static void
add_address (GPtrArray  *list,
             const char *address)
{
  NekoLocalAddress *added = g_new0 (NekoLocalAddress, 1);

  added->address = g_strdup (address);
  g_ptr_array_add (list, added);
}


static char *
dup_label (const NekoLocalAddress *local)
{
  if (g_str_equal (local->address, ALL))
    return g_strdup (_ ("All addresses"));

  if (g_str_equal (local->address, ALL_IPV4))
    return g_strdup (_ ("All addresses of IPv4"));

  return local->name != NULL ? g_strdup_printf ("%s (%s)", local->address, local->name)
                             : g_strdup (local->address);
}


static gboolean
is_same (GPtrArray *first,
         GPtrArray *second)
{
  for (guint i = 0; i < first->len && first->len == second->len; i++) {
    if (!g_str_equal (((NekoLocalAddress *) g_ptr_array_index (first, i))->address,
                      ((NekoLocalAddress *) g_ptr_array_index (second, i))->address))
      return FALSE;
  }

  return first->len == second->len;
}


/* The narrower ones come first: the first one is what the switch turns on. A list that is open must not be made
 * anew under the pointer, and GTK 4.8 does not return where one is that is just chosen from. */
static void
list_addresses (NekoNetworkGroup *self,
                const char       *chosen)
{
  g_autoptr (GPtrArray) list = neko_local_addresses_list ();

  add_address (list, has_ipv6 (list) ? ALL : ALL_IPV4);

  if (*chosen != '\0' && !has_address (list, chosen))
    add_address (list, chosen);

  if (is_same (list, self->addresses))
    return;

  gtk_string_list_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)), NULL);

  for (guint i = 0; i < list->len; i++)
    gtk_string_list_take (self->labels, dup_label (g_ptr_array_index (list, i)));

  g_ptr_array_unref (self->addresses);
  self->addresses = g_steal_pointer (&list);
}


static guint
find_address (NekoNetworkGroup *self,
              const char       *address)
{
  for (guint i = 0; i < self->addresses->len; i++) {
    if (g_str_equal (((NekoLocalAddress *) g_ptr_array_index (self->addresses, i))->address, address))
      return i;
  }

  return 0;
}


/* Where the command line says something else, it is told by the listeners. */
static char *
dup_chosen (NekoNetworkGroup *self)
{
  g_autoptr (GVariant) listeners = NULL;

  if (!neko_model_is_overridden (self->model, SETTING_LISTEN_ADDRESS))
    return g_settings_get_string (neko_model_get_settings (self->model), SETTING_LISTEN_ADDRESS);

  listeners = neko_model_dup_status (self->model, "listeners", G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; listeners != NULL && i < g_variant_n_children (listeners); i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);
    NekoListenerInfo info;

    neko_listener_info_read (&info, listener);

    if (!g_str_equal (info.address, "localhost"))
      return g_strdup (info.address);
  }

  return g_strdup ("");
}


static char *
dup_warning (const char *chosen)
{
  if (g_str_equal (chosen, ALL) || g_str_equal (chosen, ALL_IPV4))
    return g_strdup (_ ("Every computer in any network that this one is in can try to log in. Mail programs there have "
                        "to use TLS, and a bridge password. Switch it off in networks that you do not trust"));

  /* Translators: %s is the address of this computer in a network */
  return g_strdup_printf (_ ("Every computer that can reach %s can try to log in. Mail programs there have to use "
                             "TLS, and a bridge password. Switch it off in networks that you do not trust"), chosen);
}


static void
show_chosen (NekoNetworkGroup *self)
{
  g_autofree char *chosen = dup_chosen (self);
  gboolean is_open = *chosen != '\0';
  g_autofree char *warning = is_open ? dup_warning (chosen) : NULL;

  self->is_showing = TRUE;
  list_addresses (self, chosen);
  gtk_switch_set_active (self->open_switch, is_open);
  adw_combo_row_set_selected (self->address_row, find_address (self, chosen));
  gtk_widget_set_visible (GTK_WIDGET (self->address_row), is_open);
  neko_note_row_warn (self->warning_row, warning);
  self->is_showing = FALSE;
}


static void
show_problem (NekoNetworkGroup *self)
{
  g_autoptr (GVariant) listeners = neko_model_dup_status (self->model, "listeners",
                                                          G_VARIANT_TYPE ("aa{sv}"));
  g_autofree char *problem = NULL;

  for (gsize i = 0; listeners != NULL && i < g_variant_n_children (listeners); i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);
    NekoListenerInfo info;

    neko_listener_info_read (&info, listener);

    if (g_str_equal (info.state, "address-absent") && problem == NULL)
      problem = neko_listener_text_dup (&info);
  }

  neko_note_row_warn (self->problem_row, problem);
}


static void
model_changed_cb (NekoNetworkGroup *self)
{
  gboolean is_overridden = neko_model_is_overridden (self->model, SETTING_LISTEN_ADDRESS);

  neko_setting_row_reflect (self->open_row, self->model, SETTING_LISTEN_ADDRESS,
                            _ ("Mail programs on other computers, and on phones, can use Neko Mail on this one"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->address_row), !is_overridden);

  if (is_overridden)
    show_chosen (self);

  show_problem (self);
}


/* The first one, where none was chosen before. */
static void
choose_cb (NekoNetworkGroup *self)
{
  guint position = adw_combo_row_get_selected (self->address_row);
  const char *address = "";

  if (self->is_showing)
    return;

  if (gtk_switch_get_active (self->open_switch) && position < self->addresses->len)
    address = ((NekoLocalAddress *) g_ptr_array_index (self->addresses, position))->address;

  g_settings_set_string (neko_model_get_settings (self->model), SETTING_LISTEN_ADDRESS, address);
}


/**
 * neko_network_group_set_model:
 *
 * Shows and sets where @model lets other computers in.
 */
void
neko_network_group_set_model (NekoNetworkGroup *self,
                              NekoModel        *model)
{
  g_return_if_fail (NEKO_IS_NETWORK_GROUP (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (neko_model_get_settings (model), "changed::" SETTING_LISTEN_ADDRESS,
                           G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);

  /* Addresses come and go; they are looked for whenever the page is. */
  g_signal_connect_object (self, "map", G_CALLBACK (show_chosen), self, 0);
  show_chosen (self);
  model_changed_cb (self);
}


static void
neko_network_group_dispose (GObject *object)
{
  NekoNetworkGroup *self = NEKO_NETWORK_GROUP (object);

  g_clear_object (&self->model);

  G_OBJECT_CLASS (neko_network_group_parent_class)->dispose (object);
}


static void
neko_network_group_finalize (GObject *object)
{
  NekoNetworkGroup *self = NEKO_NETWORK_GROUP (object);

  g_object_unref (self->labels);
  g_ptr_array_unref (self->addresses);

  G_OBJECT_CLASS (neko_network_group_parent_class)->finalize (object);
}


static void
neko_network_group_class_init (NekoNetworkGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_network_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_network_group_finalize;

  g_type_ensure (NEKO_TYPE_NOTE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-network-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoNetworkGroup, address_row);
  gtk_widget_class_bind_template_child (widget_class, NekoNetworkGroup, open_row);
  gtk_widget_class_bind_template_child (widget_class, NekoNetworkGroup, open_switch);
  gtk_widget_class_bind_template_child (widget_class, NekoNetworkGroup, problem_row);
  gtk_widget_class_bind_template_child (widget_class, NekoNetworkGroup, warning_row);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
}


static void
neko_network_group_init (NekoNetworkGroup *self)
{
  self->labels = gtk_string_list_new (NULL);
  self->addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) neko_local_address_free);
  self->is_showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->address_row, G_LIST_MODEL (self->labels));
  self->is_showing = FALSE;
}
