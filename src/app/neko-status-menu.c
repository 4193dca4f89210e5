/* neko-status-menu.c - the menu of the icon in the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-status-menu.h"

#include <glib/gi18n.h>

#include "neko-status-words.h"

struct _NekoStatusMenu {
  GObject parent_instance;

  GMenu  *menu;
  GMenu  *accounts; /* a section of it */
  GStrv   labels;   /* in there */
};

G_DEFINE_FINAL_TYPE (NekoStatusMenu, neko_status_menu, G_TYPE_OBJECT)


static char *
dup_label (NekoMailbox *mailbox)
{
  g_autofree char *words = neko_status_words_dup_mailbox (mailbox);
  g_auto (GStrv) parts = g_strsplit (neko_mailbox_get_address (mailbox), "_", -1);
  /* A single one would mark the letter to press. */
  g_autofree char *address = g_strjoinv ("__", parts);

  /* Translators: in a menu; %1$s is a mail address, %2$s how that account is doing, like "In step" */
  return g_strdup_printf (_ ("%1$s: %2$s"), address, words);
}


static GStrv
list_labels (NekoService *service)
{
  GListModel *mailboxes = neko_service_get_mailboxes (service);
  guint count = g_list_model_get_n_items (mailboxes);
  guint shown = MIN (count, NEKO_STATUS_MENU_ACCOUNTS);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < shown; i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);
    g_autofree char *label = dup_label (mailbox);

    g_strv_builder_add (builder, label);
  }

  if (shown < count) {
    g_autofree char *label = g_strdup_printf (ngettext ("and %u more account", "and %u more accounts",
                                                        count - shown), count - shown);

    g_strv_builder_add (builder, label);
  }

  return g_strv_builder_end (builder);
}


/**
 * neko_status_menu_update:
 *
 * Shows the accounts of @service as they are now. Their lines have no action, so they are grey.
 */
void
neko_status_menu_update (NekoStatusMenu *self,
                         NekoService    *service)
{
  g_auto (GStrv) labels = NULL;

  g_return_if_fail (NEKO_IS_STATUS_MENU (self));

  labels = list_labels (service);

  if (g_strv_equal ((const char *const *) labels, (const char *const *) self->labels))
    return;

  g_menu_remove_all (self->accounts);

  for (size_t i = 0; labels[i] != NULL; i++)
    g_menu_append (self->accounts, labels[i], NULL);

  g_strfreev (self->labels);
  self->labels = g_steal_pointer (&labels);
}


/**
 * neko_status_menu_get_model:
 *
 * Returns: a menu that follows, with actions as neko_application_actions_add() adds them
 */
GMenuModel *
neko_status_menu_get_model (NekoStatusMenu *self)
{
  g_return_val_if_fail (NEKO_IS_STATUS_MENU (self), NULL);

  return G_MENU_MODEL (self->menu);
}


static void
neko_status_menu_finalize (GObject *object)
{
  NekoStatusMenu *self = NEKO_STATUS_MENU (object);

  g_object_unref (self->menu);
  g_object_unref (self->accounts);
  g_strfreev (self->labels);

  G_OBJECT_CLASS (neko_status_menu_parent_class)->finalize (object);
}


static void
neko_status_menu_class_init (NekoStatusMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_status_menu_finalize;
}


static void
add_section (NekoStatusMenu *self,
             const char     *label,
             const char     *action)
{
  g_autoptr (GMenu) section = g_menu_new ();

  g_menu_append (section, label, action);
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
}


static void
neko_status_menu_init (NekoStatusMenu *self)
{
  g_autoptr (GMenu) servers = g_menu_new ();

  self->menu = g_menu_new ();
  self->accounts = g_menu_new ();
  self->labels = g_new0 (char *, 1);
  g_menu_append (servers, _ ("_Pause the Servers"), "pause");
  g_menu_append (servers, _ ("_Check for Mail"), "check");

  add_section (self, _ ("_Open Neko Mail"), "open");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (self->accounts));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (servers));
  add_section (self, _ ("_Quit"), "quit");
}


NekoStatusMenu *
neko_status_menu_new (void)
{
  return g_object_new (NEKO_TYPE_STATUS_MENU, NULL);
}
