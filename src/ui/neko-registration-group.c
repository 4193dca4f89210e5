/* neko-registration-group.c - who makes accounts on a Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-registration-group.h"

#include <glib/gi18n.h>

#include "neko-invites-page.h"
#include "neko-remote-registration.h"
#include "neko-window.h"

struct _NekoRegistrationGroup {
  AdwPreferencesGroup    parent_instance;

  NekoDirectory         *directory;   /* (nullable) */
  GCancellable          *cancellable; /* of what that Worker is asked */
  unsigned               changes;     /* that are on their way */
  NekoRemoteRegistration mode;        /* that the Worker told of */
  gboolean               is_showing;  /* it; nobody chose it */
  AdwComboRow           *mode_row;
};

G_DEFINE_FINAL_TYPE (NekoRegistrationGroup, neko_registration_group, ADW_TYPE_PREFERENCES_GROUP)

/* In the order of the rows. */
static const char *const meanings[] = {
  [NEKO_REMOTE_REGISTRATION_CLOSED] = N_ ("Only administrators make accounts"),
  [NEKO_REMOTE_REGISTRATION_INVITE] = N_ ("Whoever has an invite makes an account"),
  [NEKO_REMOTE_REGISTRATION_OPEN] = N_ ("Anybody who knows the Worker’s address makes an account"),
};


static void
show_mode (NekoRegistrationGroup *self,
           NekoRemoteRegistration mode)
{
  self->is_showing = TRUE;
  adw_combo_row_set_selected (self->mode_row, mode);
  self->is_showing = FALSE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->mode_row), _ (meanings[mode]));
}


static void
got_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (NekoRegistrationGroup) self = user_data;
  NekoRemoteRegistration mode;

  /* Where the Worker cannot be asked, the list of users says so. */
  if (!neko_remote_registration_get_finish (result, &mode, NULL) || self->changes > 0)
    return;

  self->mode = mode;

  gtk_widget_set_sensitive (GTK_WIDGET (self->mode_row), TRUE);
  show_mode (self, mode);
}


static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (NekoRegistrationGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  self->changes--;
  neko_remote_registration_set_finish (result, &error);

  if (self->directory == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error != NULL) {
    g_autofree char *text = neko_directory_explain (self->directory, error);

    neko_window_toast (GTK_WIDGET (self), text);
  }

  /* Of more than one change the last counts. */
  if (self->changes == 0 && error != NULL)
    show_mode (self, self->mode);
  else if (self->changes == 0)
    self->mode = adw_combo_row_get_selected (self->mode_row);

  neko_registration_group_refresh (self);
}


static void
chosen_cb (NekoRegistrationGroup *self)
{
  guint selected = adw_combo_row_get_selected (self->mode_row);

  if (self->is_showing || self->directory == NULL || selected >= G_N_ELEMENTS (meanings))
    return;

  self->changes++;
  show_mode (self, selected);
  neko_remote_registration_set_async (neko_directory_get_client (self->directory), selected, self->cancellable,
                                      set_cb, g_object_ref (self));
}


static void
invites_cb (NekoRegistrationGroup *self)
{
  neko_window_push (GTK_WIDGET (self), neko_invites_page_new (self->directory));
}


/**
 * neko_registration_group_refresh:
 *
 * Asks the Worker again.
 */
void
neko_registration_group_refresh (NekoRegistrationGroup *self)
{
  g_return_if_fail (NEKO_IS_REGISTRATION_GROUP (self));

  if (self->directory == NULL || self->changes > 0)
    return;

  neko_remote_registration_get_async (neko_directory_get_client (self->directory), self->cancellable, got_cb,
                                      g_object_ref (self));
}


/**
 * neko_registration_group_set_directory:
 * @directory: (nullable): of which Worker it is from now on
 */
void
neko_registration_group_set_directory (NekoRegistrationGroup *self,
                                       NekoDirectory         *directory)
{
  g_return_if_fail (NEKO_IS_REGISTRATION_GROUP (self));

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_set_object (&self->directory, directory);
  gtk_widget_set_sensitive (GTK_WIDGET (self->mode_row), FALSE);
}


static void
neko_registration_group_dispose (GObject *object)
{
  NekoRegistrationGroup *self = NEKO_REGISTRATION_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->directory);

  G_OBJECT_CLASS (neko_registration_group_parent_class)->dispose (object);
}


static void
neko_registration_group_finalize (GObject *object)
{
  g_object_unref (NEKO_REGISTRATION_GROUP (object)->cancellable);

  G_OBJECT_CLASS (neko_registration_group_parent_class)->finalize (object);
}


static void
neko_registration_group_class_init (NekoRegistrationGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_registration_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_registration_group_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-registration-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoRegistrationGroup, mode_row);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, invites_cb);
}


static void
neko_registration_group_init (NekoRegistrationGroup *self)
{
  self->cancellable = g_cancellable_new ();
  self->is_showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_showing = FALSE;
}
