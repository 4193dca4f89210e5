/* neko-connect-page.c - what a mail program needs to use an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-connect-page.h"

#include <glib/gi18n.h>

#include "neko-copy-row.h"
#include "neko-error-text.h"
#include "neko-mail-programs.h"
#include "neko-service-settings.h"
#include "neko-thunderbird-row.h"
#include "neko-window.h"

struct _NekoConnectPage {
  NekoSubpage          parent_instance;

  NekoModel           *model;
  NekoAccountItem     *item;
  GtkEditable         *name_row;
  NekoCopyRow         *password_row;
  NekoCopyRow         *user_row;
  NekoCopyRow         *host_row;
  NekoCopyRow         *pop3_port_row;
  NekoCopyRow         *smtp_port_row;
  AdwActionRow        *security_row;
  AdwPreferencesGroup *programs_group;
  NekoCopyRow         *mutt_row;
  NekoThunderbirdRow  *thunderbird_row;
};

G_DEFINE_FINAL_TYPE (NekoConnectPage, neko_connect_page, NEKO_TYPE_SUBPAGE)


static void
make_password_cb (NekoConnectPage *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) password = NULL;

  password = neko_account_store_add_password (neko_model_get_store (self->model),
                                              neko_account_item_get_account (self->item), name, &error);

  if (password == NULL) {
    g_autofree char *text = neko_error_text (error);

    neko_window_toast (GTK_WIDGET (self), text);
    return;
  }

  /* Translators: %s is a mail program */
  title = g_strdup_printf (_ ("Password for %s"), name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password_row), title);
  neko_copy_row_set_value (self->password_row, password);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  gtk_editable_set_text (self->name_row, "");
}


/* A port that is not listened on tells how it will be as soon as that works. */
static unsigned
find_port (NekoConnectPage *self,
           const char      *protocol)
{
  g_autoptr (GVariant) list = neko_model_dup_status (self->model, "listeners", G_VARIANT_TYPE ("aa{sv}"));
  gsize count = list != NULL ? g_variant_n_children (list) : 0;

  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (list, i);
    const char *name = "";
    guint64 port = 0;

    g_variant_lookup (listener, "protocol", "&s", &name);

    if (g_str_equal (name, protocol) && g_variant_lookup (listener, "port", "t", &port) && port != 0)
      return port;
  }

  return g_settings_get_uint (neko_model_get_settings (self->model),
                              g_str_equal (protocol, "POP3") ? NEKO_SETTING_POP3_PORT : NEKO_SETTING_SMTP_PORT);
}


static void
show_number (NekoCopyRow *row,
             unsigned     number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  neko_copy_row_set_value (row, text);
}


static void
show_settings (NekoConnectPage *self)
{
  unsigned pop3_port = find_port (self, "POP3");
  unsigned smtp_port = find_port (self, "SMTP");
  const char *address = neko_account_item_get_address (self->item);
  g_autofree char *mutt = neko_mail_programs_dup_mutt (address, pop3_port, smtp_port);
  gboolean has_tls = g_settings_get_boolean (neko_model_get_settings (self->model), NEKO_SETTING_TLS);

  show_number (self->pop3_port_row, pop3_port);
  show_number (self->smtp_port_row, smtp_port);
  neko_copy_row_set_value (self->mutt_row, mutt);
  neko_thunderbird_row_set_ports (self->thunderbird_row, address, pop3_port, smtp_port);
  adw_action_row_set_subtitle (self->security_row,
                               has_tls ? _ ("None or STARTTLS: nothing leaves this computer")
                                       : _ ("None: nothing leaves this computer"));
}


static GtkWidget *
new_step (const char *text,
          unsigned    number)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_strdup_printf ("%u. %s", number, text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);

  return row;
}


static AdwExpanderRow *
add_program (NekoConnectPage       *self,
             const NekoMailProgram *program,
             GtkWidget             *first)
{
  AdwExpanderRow *row = ADW_EXPANDER_ROW (adw_expander_row_new ());

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), program->name);

  if (first != NULL)
    adw_expander_row_add_row (row, first);

  for (unsigned i = 0; program->steps[i] != NULL; i++)
    adw_expander_row_add_row (row, new_step (_ (program->steps[i]), i + 1));

  adw_preferences_group_add (self->programs_group, GTK_WIDGET (row));

  return row;
}


static void
add_programs (NekoConnectPage *self)
{
  size_t count;
  const NekoMailProgram *programs = neko_mail_programs_get (&count);

  for (size_t i = 0; i < count; i++) {
    gboolean is_thunderbird = g_str_equal (programs[i].name, "Thunderbird");
    AdwExpanderRow *row = add_program (self, &programs[i],
                                       is_thunderbird ? GTK_WIDGET (self->thunderbird_row) : NULL);

    if (g_str_equal (programs[i].name, "mutt"))
      adw_expander_row_add_row (row, GTK_WIDGET (self->mutt_row));
  }
}


static void
neko_connect_page_dispose (GObject *object)
{
  NekoConnectPage *self = NEKO_CONNECT_PAGE (object);

  g_clear_object (&self->model);
  g_clear_object (&self->item);
  g_clear_object (&self->mutt_row);
  g_clear_object (&self->thunderbird_row);

  G_OBJECT_CLASS (neko_connect_page_parent_class)->dispose (object);
}


static void
neko_connect_page_class_init (NekoConnectPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_connect_page_dispose;

  g_type_ensure (NEKO_TYPE_COPY_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-connect-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, host_row);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, pop3_port_row);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, programs_group);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, security_row);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, smtp_port_row);
  gtk_widget_class_bind_template_child (widget_class, NekoConnectPage, user_row);
  gtk_widget_class_bind_template_callback (widget_class, make_password_cb);
}


static void
neko_connect_page_init (NekoConnectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->mutt_row = NEKO_COPY_ROW (g_object_ref_sink (neko_copy_row_new (_ ("Settings of mutt"), "")));
  self->thunderbird_row = NEKO_THUNDERBIRD_ROW (g_object_ref_sink (neko_thunderbird_row_new ()));
  add_programs (self);
}


/**
 * neko_connect_page_new:
 *
 * Returns: (transfer floating): a page for the account of @item
 */
NekoSubpage *
neko_connect_page_new (NekoModel       *model,
                       NekoAccountItem *item)
{
  NekoConnectPage *self = g_object_new (NEKO_TYPE_CONNECT_PAGE, NULL);

  self->model = g_object_ref (model);
  self->item = g_object_ref (item);
  neko_copy_row_set_value (self->user_row, neko_account_item_get_address (item));
  g_signal_connect_object (model, "changed", G_CALLBACK (show_settings), self, G_CONNECT_SWAPPED);
  show_settings (self);

  return NEKO_SUBPAGE (self);
}
