/* neko-window.c - the window: its pages, and what lies over them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-window.h"

#include <glib/gi18n.h>

#include "neko-accounts-page.h"
#include "neko-activity-page.h"
#include "neko-add-account-page.h"
#include "neko-help.h"
#include "neko-settings-page.h"
#include "neko-surroundings.h"
#include "neko-users-page.h"

#define RESOURCES "/io/github/nekomail/NekoMail/"

#define SETTING_RUN_IN_BACKGROUND "run-in-background"
#define SETTING_BACKGROUND_TOLD "background-told"

struct _NekoWindow {
  AdwWindow             parent_instance;

  NekoModel            *model;
  AdwToastOverlay      *toasts;
  AdwLeaflet           *leaflet;
  GtkStack             *stack;
  AdwViewStack         *pages;
  AdwViewSwitcherTitle *switcher;
  gboolean              is_paused;
};

G_DEFINE_FINAL_TYPE (NekoWindow, neko_window, ADW_TYPE_WINDOW)

enum {
  PROP_PAUSED = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];


static NekoWindow *
find_window (gpointer widget)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, NEKO_TYPE_WINDOW);

  return window != NULL ? NEKO_WINDOW (window) : NULL;
}


/* What somebody began on a page may end when it was left, and then concerns the window that there is.
 * Returns: (nullable) */
static NekoWindow *
find_window_for (gpointer origin)
{
  GListModel *windows = gtk_window_get_toplevels ();
  NekoWindow *window = find_window (origin);

  for (guint i = 0; window == NULL && i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) other = g_list_model_get_item (windows, i);

    /* GTK holds it on. */
    if (NEKO_IS_WINDOW (other))
      window = NEKO_WINDOW (other);
  }

  return window;
}


static GtkWidget *
get_leaf (NekoWindow *self,
          guint       position)
{
  g_autoptr (GtkSelectionModel) leaves = adw_leaflet_get_pages (self->leaflet);
  g_autoptr (AdwLeafletPage) leaf = g_list_model_get_item (G_LIST_MODEL (leaves), position);

  return leaf != NULL ? adw_leaflet_page_get_child (leaf) : NULL;
}


static guint
find_leaf (NekoWindow *self,
           GtkWidget  *child)
{
  guint position = 0;

  while (get_leaf (self, position) != NULL && get_leaf (self, position) != child)
    position++;

  return position;
}


/* The pages that were left, by whatever way, are over. */
static void
navigated_cb (NekoWindow *self)
{
  guint position = find_leaf (self, adw_leaflet_get_visible_child (self->leaflet));

  if (adw_leaflet_get_child_transition_running (self->leaflet))
    return;

  while (get_leaf (self, position + 1) != NULL)
    adw_leaflet_remove (self->leaflet, get_leaf (self, position + 1));
}


/**
 * neko_window_push:
 * @origin: (type GtkWidget): whatever is in the window, or was
 * @subpage: (transfer floating): is shown over the window's pages
 */
void
neko_window_push (GtkWidget   *origin,
                  NekoSubpage *subpage)
{
  NekoWindow *self = find_window_for (origin);

  g_return_if_fail (NEKO_IS_SUBPAGE (subpage));

  if (self == NULL) {
    g_object_ref_sink (subpage);
    g_object_unref (subpage);
    return;
  }

  adw_leaflet_append (self->leaflet, GTK_WIDGET (subpage));
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (subpage));
  gtk_widget_child_focus (GTK_WIDGET (subpage), GTK_DIR_TAB_FORWARD);
}


/**
 * neko_window_replace:
 * @origin: a page that is done
 * @subpage: (transfer floating): shown in its place; from there one goes back to what was before @origin
 */
void
neko_window_replace (NekoSubpage *origin,
                     NekoSubpage *subpage)
{
  NekoWindow *self = find_window (origin);

  neko_window_push (GTK_WIDGET (origin), subpage);

  if (self != NULL)
    adw_leaflet_remove (self->leaflet, GTK_WIDGET (origin));
}


/**
 * neko_window_leave:
 *
 * Goes back from @subpage, and from whatever lies over it, to what was before; where that is done already it stays
 * so. @subpage may be gone after that.
 */
void
neko_window_leave (NekoSubpage *subpage)
{
  NekoWindow *self = find_window (subpage);
  guint position = self != NULL ? find_leaf (self, GTK_WIDGET (subpage)) : 0;

  if (position > 0 && find_leaf (self, adw_leaflet_get_visible_child (self->leaflet)) >= position)
    adw_leaflet_set_visible_child (self->leaflet, get_leaf (self, position - 1));
}


/**
 * neko_window_toast:
 * @origin: whatever is in the window, or was
 * @message: what is shown for a moment, without markup
 */
void
neko_window_toast (GtkWidget  *origin,
                   const char *message)
{
  NekoWindow *self = find_window_for (origin);

  if (self != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", message);
}


/**
 * neko_window_end:
 *
 * Hides the window and leaves all pages that lie over its own, by which what they have begun ends.
 */
void
neko_window_end (NekoWindow *self)
{
  g_return_if_fail (NEKO_IS_WINDOW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  adw_leaflet_set_visible_child (self->leaflet, get_leaf (self, 0));
}


static void
toast_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  g_autofree char *title = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);
  AdwToast *toast = adw_toast_new (title);

  adw_toast_overlay_add_toast (NEKO_WINDOW (widget)->toasts, toast);
}


static void
back_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  adw_leaflet_navigate (NEKO_WINDOW (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}


static void
add_account_cb (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  neko_window_push (widget, neko_add_account_page_new (NEKO_WINDOW (widget)->model));
}


static void
check_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  NekoControl *control = neko_model_get_control (NEKO_WINDOW (widget)->model);

  if (control != NULL)
    neko_control_call_check (control, NULL, NULL, NULL);
}


/* By its name on the bus, under which the desktop starts it, too. Where it is not installed nobody knows that
 * name, but then it lies where this program does. */
static void
start_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  g_autofree char *beside = neko_surroundings_find_program ("neko-mail");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program = NULL;
  NekoModel *model = NEKO_WINDOW (widget)->model;
  const char *token_file = neko_model_get_token_file (model);

  /* The tokens are where they were, whatever the keyring has. */
  program = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, beside != NULL ? beside : "neko-mail",
                              "--background", "--gapplication-app-id", neko_model_get_program (model),
                              token_file != NULL ? "--token-file" : NULL, token_file, NULL);

  if (program == NULL)
    neko_window_toast (widget, error->message);
}


static void
about_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  adw_show_about_window (GTK_WINDOW (widget),
                         "application-icon", NEKO_APPLICATION_ID,
                         "application-name", "Neko Mail",
                         "version", NEKO_VERSION,
                         "comments", _ ("Mail for your own domain, with no server of your own"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: put your names here, one on a line, with addresses if you like */
                         "translator-credits", _ ("translator-credits"),
                         NULL);
}


static void
help_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  neko_help_show (NEKO_WINDOW (widget));
}


static void
shortcuts_cb (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (RESOURCES "neko-shortcuts.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (widget));
  gtk_window_present (shortcuts);
}


/* The program in the background ends the window, when it has said goodbye to the mail programs. */
static void
quit (NekoWindow *self)
{
  NekoControl *control = neko_model_get_control (self->model);

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  if (control != NULL)
    neko_control_call_quit (control, NULL, NULL, NULL);
  else
    g_application_quit (g_application_get_default ());
}


static void
quit_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  quit (NEKO_WINDOW (widget));
}


static void
close_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}


static void
answered_cb (NekoWindow *self,
             const char *response)
{
  GSettings *settings = neko_model_get_settings (self->model);

  if (g_str_equal (response, "quit")) {
    quit (self);
  } else if (g_str_equal (response, "keep")) {
    g_settings_set_boolean (settings, SETTING_BACKGROUND_TOLD, TRUE);
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  }
}


static const char *
get_way_back (NekoWindow *self)
{
  if (neko_model_is_set (self->model, "trayShown"))
    return _ ("Mail programs can read and send mail only while Neko Mail runs. It needs no window for that. To come "
              "back, click its icon in the panel, or start Neko Mail again.");

  return _ ("Mail programs can read and send mail only while Neko Mail runs. It needs no window for that. To come "
            "back, start Neko Mail again.");
}


/* A program that goes on without a window surprises whoever does not know how to come back. */
static void
tell_of_background (NekoWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Keep Neko Mail Running?"),
                                              NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), get_way_back (self));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _ ("_Cancel"),
                                    "quit", _ ("_Quit"),
                                    "keep", _ ("_Keep Running"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "keep",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}


static gboolean
neko_window_close_request (GtkWindow *window)
{
  NekoWindow *self = NEKO_WINDOW (window);
  GSettings *settings = neko_model_get_settings (self->model);

  if (!g_settings_get_boolean (settings, SETTING_RUN_IN_BACKGROUND) ||
      neko_model_get_control (self->model) == NULL)
    quit (self);
  else if (!g_settings_get_boolean (settings, SETTING_BACKGROUND_TOLD))
    tell_of_background (self);
  else
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  /* It is shown again, or ends with the program. */
  return TRUE;
}


static void
show_paused (NekoWindow *self)
{
  gboolean is_paused = neko_model_is_set (self->model, "paused");

  if (is_paused == self->is_paused)
    return;

  self->is_paused = is_paused;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAUSED]);
}


/* An update replaces the files of a program that runs on. What the two tell each other may be another now. */
static gboolean
is_updated (NekoWindow *self)
{
  g_autoptr (GVariant) version = neko_model_dup_status (self->model, "version", G_VARIANT_TYPE_STRING);

  return version != NULL && !g_str_equal (g_variant_get_string (version, NULL), NEKO_VERSION);
}


static const char *
choose_page (NekoWindow *self)
{
  gboolean has_accounts = g_list_model_get_n_items (neko_model_get_accounts (self->model)) > 0;

  if (neko_model_is_known (self->model) && neko_model_get_control (self->model) == NULL)
    return "stopped";

  if (is_updated (self))
    return "updated";

  return has_accounts ? "pages" : "welcome";
}


static void
model_changed_cb (NekoWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, choose_page (self));
  show_paused (self);
}


static void
neko_window_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (id) {
  case PROP_PAUSED:
    g_value_set_boolean (value, NEKO_WINDOW (object)->is_paused);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


/* What becomes of it the program in the background tells. */
static void
neko_window_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  NekoControl *control = neko_model_get_control (NEKO_WINDOW (object)->model);

  switch (id) {
  case PROP_PAUSED:
    if (control != NULL)
      neko_control_call_set_paused (control, g_value_get_boolean (value), NULL, NULL, NULL);

    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}


static void
neko_window_dispose (GObject *object)
{
  g_clear_object (&NEKO_WINDOW (object)->model);

  G_OBJECT_CLASS (neko_window_parent_class)->dispose (object);
}


static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.about", NULL, about_cb);
  gtk_widget_class_install_action (widget_class, "win.add-account", NULL, add_account_cb);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "win.check", NULL, check_cb);
  gtk_widget_class_install_action (widget_class, "win.close", NULL, close_cb);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, help_cb);
  gtk_widget_class_install_action (widget_class, "win.quit", NULL, quit_cb);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, shortcuts_cb);
  gtk_widget_class_install_action (widget_class, "win.start", NULL, start_cb);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_cb);
  gtk_widget_class_install_property_action (widget_class, "win.pause", "paused");

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, 0, "win.help", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "win.check", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "win.add-account",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_q, GDK_CONTROL_MASK, "win.quit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question, GDK_CONTROL_MASK,
                                       "win.show-help-overlay", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "win.close", NULL);
}


static void
neko_window_class_init (NekoWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = neko_window_get_property;
  object_class->set_property = neko_window_set_property;
  object_class->dispose = neko_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = neko_window_close_request;

  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RESOURCES "neko-window.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, navigated_cb);
  install_actions (widget_class);
}


static void
neko_window_init (NekoWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


static AdwViewStackPage *
add_page (NekoWindow *self,
          GtkWidget  *page,
          const char *name,
          const char *title,
          const char *icon)
{
  AdwViewStackPage *stack_page = adw_view_stack_add_titled (self->pages, page, name, title);

  adw_view_stack_page_set_icon_name (stack_page, icon);

  return stack_page;
}


/**
 * neko_window_new:
 *
 * Returns: a window that reflects @model
 */
NekoWindow *
neko_window_new (NekoModel *model)
{
  NekoWindow *self = g_object_new (NEKO_TYPE_WINDOW, NULL);
  GtkWidget *users = neko_users_page_new (model);
  AdwViewStackPage *users_page;

  self->model = g_object_ref (model);
  add_page (self, neko_accounts_page_new (model), "accounts", _ ("Accounts"), "mail-unread-symbolic");
  users_page = add_page (self, users, "users", _ ("Users"), "system-users-symbolic");
  g_object_bind_property (users, "is-available", users_page, "visible", G_BINDING_SYNC_CREATE);
  add_page (self, neko_activity_page_new (model), "activity", _ ("Activity"), "document-open-recent-symbolic");
  add_page (self, neko_settings_page_new (model), "settings", _ ("Settings"), "preferences-system-symbolic");
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (neko_model_get_accounts (model), "items-changed",
                           G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);

  return self;
}
