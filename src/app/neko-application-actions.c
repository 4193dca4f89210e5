/* neko-application-actions.c - what the tray, notifications and the desktop can ask of the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-application-actions.h"

#include "neko-log.h"

#define ACTION_PAUSE "pause"

/* Who writes mail is who reads it. */
#define MAIL_SCHEME "mailto"


static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  g_application_activate (user_data);
}


static void
mail_opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "mail-not-opened", error, "No mail program can be opened");
}


/* Opened with a mail to write it would not show the mail that came. Inside a sandbox programs are not known by
 * name, and the desktop opens one for an empty mail. */
static void
mail_program_found_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GAppLaunchContext) context = user_data;
  g_autoptr (GAppInfo) program = g_app_info_get_default_for_uri_scheme_finish (result, NULL);
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    g_app_info_launch_default_for_uri_async (MAIL_SCHEME ":", context, NULL, mail_opened_cb, NULL);
  else if (!g_app_info_launch (program, NULL, context, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "mail-not-opened", error, "The mail program cannot be opened");
}


static void
open_mail_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  g_autoptr (GAppLaunchContext) context = g_app_launch_context_new ();
  g_autofree char *token = neko_application_steal_token (user_data);

  neko_application_forget_mail (user_data);

  if (token != NULL) {
    g_app_launch_context_setenv (context, "DESKTOP_STARTUP_ID", token);
    g_app_launch_context_setenv (context, "XDG_ACTIVATION_TOKEN", token);
  }

  g_app_info_get_default_for_uri_scheme_async (MAIL_SCHEME, NULL, mail_program_found_cb,
                                               g_steal_pointer (&context));
}


static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  neko_application_stop (user_data);
}


/* The state is what the service says it is, see service_changed_cb(). */
static void
change_pause_cb (GSimpleAction *action,
                 GVariant      *value,
                 NekoService   *service)
{
  neko_service_set_paused (service, g_variant_get_boolean (value));
}


static void
service_changed_cb (NekoService   *service,
                    GSimpleAction *pause)
{
  g_simple_action_set_state (pause, g_variant_new_boolean (neko_service_is_paused (service)));
}


static void
check_cb (NekoService *service)
{
  neko_service_check (service);
}


static void
add_service_actions (GActionMap  *map,
                     NekoService *service)
{
  g_autoptr (GSimpleAction) check = g_simple_action_new ("check", NULL);
  g_autoptr (GSimpleAction) pause = g_simple_action_new_stateful (ACTION_PAUSE, NULL,
                                                                  g_variant_new_boolean (FALSE));

  g_signal_connect_object (check, "activate", G_CALLBACK (check_cb), service, G_CONNECT_SWAPPED);
  g_signal_connect_object (pause, "change-state", G_CALLBACK (change_pause_cb), service, 0);
  g_signal_connect_object (service, "changed", G_CALLBACK (service_changed_cb), pause, 0);
  g_action_map_add_action (map, G_ACTION (check));
  g_action_map_add_action (map, G_ACTION (pause));
}


/**
 * neko_application_actions_add:
 *
 * Adds the actions "check", "open", "open-mail", "pause", which is a switch, and "quit" to @application. They are
 * reached over the bus too.
 */
void
neko_application_actions_add (NekoApplication *application,
                              NekoService     *service)
{
  const GActionEntry entries[] = {
    { .name = "open", .activate = open_cb },
    { .name = "open-mail", .activate = open_mail_cb },
    { .name = "quit", .activate = quit_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  add_service_actions (G_ACTION_MAP (application), service);
}
