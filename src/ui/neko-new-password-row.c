/* neko-new-password-row.c - a password for somebody else: a good one is offered, another can be typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-new-password-row.h"

#include <glib/gi18n.h>
#include <stdint.h>

#include "neko-new-password.h"
#include "neko-secret.h"
#include "neko-window.h"

/* Read out or copied by hand, perhaps: in groups, without what is taken for something else. 80 random bits. */
#define GROUPS 4
#define GROUP_LENGTH 4

static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";

G_STATIC_ASSERT (sizeof alphabet == 32 + 1);

struct _NekoNewPasswordRow {
  AdwEntryRow parent_instance;
};

G_DEFINE_FINAL_TYPE (NekoNewPasswordRow, neko_new_password_row, ADW_TYPE_ENTRY_ROW)


const char *
neko_new_password_row_get_password (NekoNewPasswordRow *self)
{
  g_return_val_if_fail (NEKO_IS_NEW_PASSWORD_ROW (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self));
}


/**
 * neko_new_password_row_is_good:
 *
 * Returns: whether the Worker takes such a password
 */
gboolean
neko_new_password_row_is_good (NekoNewPasswordRow *self)
{
  return neko_new_password_has_good_length (neko_new_password_row_get_password (self));
}


static void
offer (NekoNewPasswordRow *self)
{
  uint8_t random[GROUPS * GROUP_LENGTH];
  char password[GROUPS * (GROUP_LENGTH + 1)];
  size_t length = 0;

  /* Without random numbers somebody has to think of a password. */
  if (!neko_secret_random (random, sizeof random, NULL))
    return;

  for (size_t i = 0; i < sizeof random; i++) {
    if (i > 0 && i % GROUP_LENGTH == 0)
      password[length++] = '-';

    password[length++] = alphabet[random[i] % 32];
  }

  password[length] = '\0';
  gtk_editable_set_text (GTK_EDITABLE (self), password);
  neko_secret_wipe (password, sizeof password);
  neko_secret_wipe (random, sizeof random);
}


static void
copy (NekoNewPasswordRow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), neko_new_password_row_get_password (self));
  neko_window_toast (GTK_WIDGET (self), _ ("Password copied"));
}


static void
add_button (NekoNewPasswordRow *self,
            const char         *icon,
            const char         *label,
            void (             *callback ) (NekoNewPasswordRow *))
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (callback), self, G_CONNECT_SWAPPED);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self), button);
}


static void
neko_new_password_row_class_init (NekoNewPasswordRowClass *klass)
{
}


static void
neko_new_password_row_init (NekoNewPasswordRow *self)
{
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (self), GTK_INPUT_PURPOSE_PASSWORD);
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (self), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_PRIVATE);
  add_button (self, "view-refresh-symbolic", _ ("Offer Another Password"), offer);
  add_button (self, "edit-copy-symbolic", _ ("Copy Password"), copy);
  offer (self);
}
