/* neko-add-account-page.c - asks for a Worker and an account there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-add-account-page.h"

#include <glib/gi18n.h>

#include "neko-connect-page.h"
#include "neko-error-text.h"
#include "neko-new-password.h"
#include "neko-remote-error.h"
#include "neko-remote-info.h"
#include "neko-sign-in.h"
#include "neko-submit-box.h"
#include "neko-window.h"

/* After the last key, before the Worker is asked. */
#define TYPING_TIME 500 /* milliseconds */

struct _NekoAddAccountPage {
  NekoSubpage      parent_instance;

  NekoModel       *model;
  NekoAccountItem *item;          /* (nullable): the one to sign in to again */
  NekoRemoteInfo  *info;         /* (nullable): nothing is known of the Worker that is entered */
  char            *url;          /* (nullable): that it is known of */
  GCancellable    *asking;       /* (nullable): the Worker is not asked who it is */
  GCancellable    *signing_in;   /* (nullable) */
  unsigned         typing;       /* a timer */

  GtkWidget       *url_row;
  GtkWidget       *info_row;
  GtkStack        *info_stack;
  GtkWidget       *info_spinner;
  GtkWidget       *info_icon;
  GtkWidget       *account_group;
  GtkWidget       *kind_row;
  GtkWidget       *setup_key_row;
  GtkWidget       *invite_row;
  GtkWidget       *address_row;
  GtkWidget       *password_row;
  GtkWidget       *repeat_row;
  GtkWidget       *submit_group;
  NekoSubmitBox   *submit_box;
};

G_DEFINE_FINAL_TYPE (NekoAddAccountPage, neko_add_account_page, NEKO_TYPE_SUBPAGE)


static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}


static NekoSignInKind
get_kind (NekoAddAccountPage *self)
{
  if (self->info != NULL && !self->info->is_set_up)
    return NEKO_SIGN_IN_SET_UP;

  if (gtk_widget_get_visible (self->kind_row) &&
      adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind_row)) == 1)
    return NEKO_SIGN_IN_REGISTER;

  return NEKO_SIGN_IN_KNOWN;
}


static gboolean
needs_invite (NekoAddAccountPage *self)
{
  return get_kind (self) == NEKO_SIGN_IN_REGISTER &&
         self->info->registration == NEKO_REMOTE_REGISTRATION_INVITE;
}


static gboolean
is_complete (NekoAddAccountPage *self)
{
  NekoSignInKind kind = get_kind (self);

  if (self->info == NULL || *get_text (self->address_row) == '\0' || *get_text (self->password_row) == '\0')
    return FALSE;

  if (kind == NEKO_SIGN_IN_KNOWN)
    return TRUE;

  return neko_new_password_is_good (self->password_row, self->repeat_row) &&
         (kind != NEKO_SIGN_IN_SET_UP || *get_text (self->setup_key_row) != '\0') &&
         (!needs_invite (self) || *get_text (self->invite_row) != '\0');
}


/* Which field an error is about. */
static const struct {
  NekoRemoteError code;
  size_t          field;
} fields[] = {
  { NEKO_REMOTE_ERROR_SETUP_KEY, G_STRUCT_OFFSET (NekoAddAccountPage, setup_key_row) },
  { NEKO_REMOTE_ERROR_INVITE,    G_STRUCT_OFFSET (NekoAddAccountPage, invite_row)    },
  { NEKO_REMOTE_ERROR_ADDRESS,   G_STRUCT_OFFSET (NekoAddAccountPage, address_row)   },
  { NEKO_REMOTE_ERROR_TAKEN,     G_STRUCT_OFFSET (NekoAddAccountPage, address_row)   },
  { NEKO_REMOTE_ERROR_DOMAIN,    G_STRUCT_OFFSET (NekoAddAccountPage, address_row)   },
  { NEKO_REMOTE_ERROR_TAGGED,    G_STRUCT_OFFSET (NekoAddAccountPage, address_row)   },
  { NEKO_REMOTE_ERROR_RESERVED,  G_STRUCT_OFFSET (NekoAddAccountPage, address_row)   },
  { NEKO_REMOTE_ERROR_PASSWORD,  G_STRUCT_OFFSET (NekoAddAccountPage, password_row)  },
};


static GtkWidget *
get_field (NekoAddAccountPage *self,
           size_t              index)
{
  return G_STRUCT_MEMBER (GtkWidget *, self, fields[index].field);
}


/* What can be said before it is sent. */
static void
field_changed_cb (NekoAddAccountPage *self)
{
  g_autofree char *problem = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++)
    neko_new_password_mark (get_field (self, i), FALSE);

  if (get_kind (self) != NEKO_SIGN_IN_KNOWN)
    problem = neko_new_password_check (self->password_row, self->repeat_row);

  neko_submit_box_set_problem (self->submit_box, problem);
  neko_submit_box_set_ready (self->submit_box, is_complete (self));
}


static void
show_fields (NekoAddAccountPage *self)
{
  NekoSignInKind kind = get_kind (self);
  gboolean is_known = self->info != NULL;
  const char *description = NULL;

  gtk_widget_set_visible (self->account_group, is_known);
  gtk_widget_set_visible (self->submit_group, is_known);
  gtk_widget_set_visible (self->setup_key_row, kind == NEKO_SIGN_IN_SET_UP);
  gtk_widget_set_visible (self->invite_row, is_known && needs_invite (self));
  gtk_widget_set_visible (self->repeat_row, kind != NEKO_SIGN_IN_KNOWN);

  if (kind == NEKO_SIGN_IN_SET_UP)
    description = _ ("This Worker is new. Whoever set it up has its setup key. This first account is an administrator: it "
                     "reads only its own mail, and makes accounts for others.");
  else if (kind == NEKO_SIGN_IN_REGISTER)
    description = _ ("Choose an address and a password for your new account.");

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->account_group), description);
  neko_submit_box_set_label (self->submit_box, kind == NEKO_SIGN_IN_KNOWN ? _ ("Sign In") : _ ("Make Account"));
  field_changed_cb (self);
}


/* One that is set up may let people make an account by themselves. */
static void
show_kinds (NekoAddAccountPage *self)
{
  g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL);
  gboolean is_invite = self->info != NULL && self->info->registration == NEKO_REMOTE_REGISTRATION_INVITE;

  gtk_string_list_append (kinds, _ ("I have one"));
  gtk_string_list_append (kinds, is_invite ? _ ("I have an invite") : _ ("Make a new one"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->kind_row), G_LIST_MODEL (kinds));
  gtk_widget_set_visible (self->kind_row, self->item == NULL && self->info != NULL && self->info->is_set_up &&
                          self->info->registration != NEKO_REMOTE_REGISTRATION_CLOSED);
  show_fields (self);
}


/* @icon is %NULL while it is being asked. */
static void
show_info (NekoAddAccountPage *self,
           const char         *icon,
           const char         *title,
           const char         *subtitle)
{
  gtk_widget_set_visible (self->info_row, title != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->info_row), title != NULL ? title : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->info_row), subtitle != NULL ? subtitle : "");
  gtk_spinner_set_spinning (GTK_SPINNER (self->info_spinner), title != NULL && icon == NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->info_icon), icon);
  gtk_stack_set_visible_child (self->info_stack, icon != NULL ? self->info_icon : self->info_spinner);
}


static void
show_worker (NekoAddAccountPage *self)
{
  g_autofree char *domains = g_strjoinv (", ", self->info->domains);
  /* Translators: %s is a version, like 1.0 */
  g_autofree char *title = g_strdup_printf (_ ("A Worker of Neko Mail %s"), self->info->version);
  g_autofree char *subtitle = NULL;

  if (!self->info->is_set_up)
    subtitle = g_strdup (_ ("It is new: there is no account yet"));
  else if (*domains != '\0')
    /* Translators: %s is a list of domains */
    subtitle = g_strdup_printf (_ ("For %s"), domains);

  show_info (self, "emblem-ok-symbolic", title, subtitle);
}


static void
info_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoAddAccountPage) self = user_data;
  g_autoptr (GError) error = NULL;
  NekoRemoteInfo *info = neko_remote_info_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->asking);
  self->info = info;

  if (info != NULL) {
    show_worker (self);
  } else {
    g_autofree char *text = neko_error_text (error);

    show_info (self, "dialog-warning-symbolic", _ ("No Worker was found"), text);
  }

  show_kinds (self);
}


static char *
dup_url (NekoAddAccountPage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (get_text (self->url_row)));

  if (*text == '\0')
    return NULL;

  if (strstr (text, "://") != NULL)
    return g_steal_pointer (&text);

  return g_strconcat ("https://", text, NULL);
}


static void
forget_worker (NekoAddAccountPage *self)
{
  g_clear_handle_id (&self->typing, g_source_remove);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->info, neko_remote_info_free);
  g_clear_pointer (&self->url, g_free);
}


static void
ask_worker (NekoAddAccountPage *self)
{
  forget_worker (self);
  self->url = dup_url (self);
  self->asking = g_cancellable_new ();
  show_info (self, NULL, _ ("Looking for the Worker…"), NULL);
  neko_remote_info_async (self->url, self->asking, info_cb, g_object_ref (self));
}


static gboolean
typed_cb (gpointer user_data)
{
  NekoAddAccountPage *self = user_data;

  self->typing = 0;
  ask_worker (self);

  return G_SOURCE_REMOVE;
}


static void
url_changed_cb (NekoAddAccountPage *self)
{
  g_autofree char *url = dup_url (self);

  forget_worker (self);
  show_info (self, NULL, NULL, NULL);
  show_kinds (self);

  if (url != NULL)
    self->typing = g_timeout_add (TYPING_TIME, typed_cb, self);
}


/* Returns: (nullable): %NULL where it cannot be told */
static GtkWidget *
find_field (NekoAddAccountPage *self,
            const GError       *error)
{
  if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_PASSWORD))
    return self->password_row;

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID))
    return self->address_row;

  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (g_error_matches (error, NEKO_REMOTE_ERROR, fields[i].code))
      return get_field (self, i);
  }

  return NULL;
}


static void
show_failure (NekoAddAccountPage *self,
              const GError       *error)
{
  g_autofree char *text = neko_error_text (error);
  GtkWidget *field = find_field (self, error);

  neko_submit_box_set_problem (self->submit_box, text);

  if (field != NULL) {
    neko_new_password_mark (field, TRUE);
    gtk_widget_grab_focus (field);
  }

  /* Somebody else was quicker. */
  if (g_error_matches (error, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_SET_UP))
    ask_worker (self);
}


static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoAddAccountPage) self = user_data;
  g_autoptr (GError) error = NULL;
  NekoAccountItem *item = neko_sign_in_finish (NEKO_MODEL (source), result, &error);

  g_clear_object (&self->signing_in);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  neko_submit_box_set_busy (self->submit_box, FALSE);

  if (item == NULL)
    show_failure (self, error);
  else if (self->item != NULL)
    neko_window_leave (NEKO_SUBPAGE (self));
  else
    neko_window_replace (NEKO_SUBPAGE (self), neko_connect_page_new (self->model, item));
}


static void
submit (NekoAddAccountPage *self)
{
  g_autofree char *address = g_strstrip (g_strdup (get_text (self->address_row)));
  g_autofree char *invite = g_strstrip (g_strdup (get_text (self->invite_row)));
  NekoSignInForm form = {
    .kind = get_kind (self), .url = self->url, .address = address, .password = get_text (self->password_row),
  };

  if (self->signing_in != NULL || !is_complete (self))
    return;

  if (form.kind == NEKO_SIGN_IN_SET_UP)
    form.key = get_text (self->setup_key_row);
  else if (needs_invite (self))
    form.key = invite;

  neko_submit_box_set_problem (self->submit_box, NULL);
  self->signing_in = g_cancellable_new ();
  neko_submit_box_set_busy (self->submit_box, TRUE);
  neko_sign_in_async (self->model, &form, self->signing_in, signed_in_cb, g_object_ref (self));
}


static void
neko_add_account_page_dispose (GObject *object)
{
  NekoAddAccountPage *self = NEKO_ADD_ACCOUNT_PAGE (object);

  forget_worker (self);
  g_clear_object (&self->model);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (neko_add_account_page_parent_class)->dispose (object);
}


/* Whoever goes away does not want it any more. */
static void
neko_add_account_page_unroot (GtkWidget *widget)
{
  NekoAddAccountPage *self = NEKO_ADD_ACCOUNT_PAGE (widget);

  forget_worker (self);
  g_cancellable_cancel (self->signing_in);

  GTK_WIDGET_CLASS (neko_add_account_page_parent_class)->unroot (widget);
}


static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, account_group);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, info_icon);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, info_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, info_spinner);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, info_stack);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, invite_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, kind_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, repeat_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, setup_key_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, submit_box);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, submit_group);
  gtk_widget_class_bind_template_child (widget_class, NekoAddAccountPage, url_row);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_fields);
  gtk_widget_class_bind_template_callback (widget_class, submit);
  gtk_widget_class_bind_template_callback (widget_class, url_changed_cb);
}


static void
neko_add_account_page_class_init (NekoAddAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_add_account_page_dispose;
  widget_class->unroot = neko_add_account_page_unroot;
  g_type_ensure (NEKO_TYPE_SUBMIT_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-add-account-page.ui");
  bind_template (widget_class);
}


static void
neko_add_account_page_init (NekoAddAccountPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_add_account_page_new:
 *
 * Returns: (transfer floating): a page that adds an account, and then shows how to use it
 */
NekoSubpage *
neko_add_account_page_new (NekoModel *model)
{
  NekoAddAccountPage *self = g_object_new (NEKO_TYPE_ADD_ACCOUNT_PAGE, NULL);

  self->model = g_object_ref (model);

  return NEKO_SUBPAGE (self);
}


/**
 * neko_add_account_page_new_again:
 * @item: an account that is here, whose token is not good any more
 *
 * Returns: (transfer floating): a page that signs in to it again
 */
NekoSubpage *
neko_add_account_page_new_again (NekoModel       *model,
                                 NekoAccountItem *item)
{
  NekoAddAccountPage *self = g_object_new (NEKO_TYPE_ADD_ACCOUNT_PAGE, "title", _ ("Sign In Again"), NULL);

  self->model = g_object_ref (model);
  self->item = g_object_ref (item);
  gtk_editable_set_text (GTK_EDITABLE (self->url_row), neko_account_get_url (neko_account_item_get_account (item)));
  gtk_editable_set_text (GTK_EDITABLE (self->address_row), neko_account_item_get_address (item));
  gtk_editable_set_editable (GTK_EDITABLE (self->url_row), FALSE);
  gtk_editable_set_editable (GTK_EDITABLE (self->address_row), FALSE);
  ask_worker (self);

  return NEKO_SUBPAGE (self);
}
