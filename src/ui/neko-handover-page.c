/* neko-handover-page.c - what an admin hands over to somebody, shown once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-handover-page.h"

#include <glib/gi18n.h>

#include "neko-copy-row.h"
#include "neko-window.h"

/**
 * NekoHandoverPage:
 *
 * Nobody can ask for a password or a code again, so there is a page to copy from, in parts or as a text to send.
 */
struct _NekoHandoverPage {
  NekoSubpage          parent_instance;

  AdwPreferencesGroup *group;
  GtkLabel            *text;
};

G_DEFINE_FINAL_TYPE (NekoHandoverPage, neko_handover_page, NEKO_TYPE_SUBPAGE)


static void
copy_cb (NekoHandoverPage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_text (self->text));
  neko_window_toast (GTK_WIDGET (self), _ ("Text copied"));
}


static void
add_row (NekoHandoverPage *self,
         const char       *title,
         const char       *value)
{
  GtkWidget *row = neko_copy_row_new (title, value);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_preferences_group_add (self->group, row);
}


static void
neko_handover_page_class_init (NekoHandoverPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-handover-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoHandoverPage, group);
  gtk_widget_class_bind_template_child (widget_class, NekoHandoverPage, text);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}


static void
neko_handover_page_init (NekoHandoverPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_handover_page_new_account:
 * @title: what was done
 *
 * Returns: (transfer floating): a page with a new password
 */
NekoSubpage *
neko_handover_page_new_account (const char *title,
                                const char *url,
                                const char *address,
                                const char *password)
{
  NekoHandoverPage *self = g_object_new (NEKO_TYPE_HANDOVER_PAGE, "title", title, NULL);
  /* Translators: for who gets the account; the address of a Worker, a mail address, and a password */
  g_autofree char *text = g_strdup_printf (_ ("Here is your mail account. Install Neko Mail, choose “Add Account”, "
                                              "and enter:\n\nWorker: %s\nMail address: %s\nPassword: %s\n\nThen change "
                                              "the password."), url, address, password);

  adw_preferences_group_set_description (self->group, _ ("The password is not shown again. Hand it over now, in a way "
                                                         "that nobody else can read."));
  add_row (self, _ ("Worker"), url);
  add_row (self, _ ("Mail address"), address);
  add_row (self, _ ("Password"), password);
  gtk_label_set_text (self->text, text);

  return NEKO_SUBPAGE (self);
}


/**
 * neko_handover_page_new_invite:
 *
 * Returns: (transfer floating): a page with the code of a new invite
 */
NekoSubpage *
neko_handover_page_new_invite (const char *url,
                               const char *code)
{
  NekoHandoverPage *self = g_object_new (NEKO_TYPE_HANDOVER_PAGE, "title", _ ("New Invite"), NULL);
  /* Translators: for who is invited; the address of a Worker, and a code */
  g_autofree char *text = g_strdup_printf (_ ("You are invited to a mail account. Install Neko Mail, choose “Add "
                                              "Account”, and enter:\n\nWorker: %s\nInvite: %s\n\nThe invite can be used "
                                              "once."), url, code);

  adw_preferences_group_set_description (self->group, _ ("The invite is not shown again. Whoever has it can make an "
                                                         "account with it, once."));
  add_row (self, _ ("Worker"), url);
  add_row (self, _ ("Invite"), code);
  gtk_label_set_text (self->text, text);

  return NEKO_SUBPAGE (self);
}
