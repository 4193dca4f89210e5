/* neko-report.c - how Neko Mail is doing, as text for whoever helps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-report.h"

#include <adwaita.h>
#include <libsoup/soup.h>

#include "neko-activity-item.h"
#include "neko-mask.h"
#include "neko-surroundings.h"

#define LINES 200 /* of the log */

/* What is told of the program in the background, and nothing else it may tell one day. */
static const char *const members[] = {
  "program",
  "version",
  "started",
  "paused",
  "listeners",
  "pop3Sessions",
  "smtpSessions",
  "accounts",
  "spoolOctets",
  "spoolLimit",
};

/* It has the names of mail programs, which people choose. */
#define MEMBER_LEFT_OUT "passwordUse"


static void
append_title (GString    *report,
              const char *title)
{
  g_string_append_printf (report, "%s%s\n", report->len > 0 ? "\n" : "", title);
}


static void
append_line (GString    *report,
             const char *name,
             const char *value)
{
  g_string_append_printf (report, "  %s: %s\n", name, value != NULL && *value != '\0' ? value : "unknown");
}


static void
append_version (GString    *report,
                const char *name,
                unsigned    major,
                unsigned    minor,
                unsigned    micro)
{
  g_autofree char *version = g_strdup_printf ("%u.%u.%u", major, minor, micro);

  append_line (report, name, version);
}


/* In Flatpak that is the runtime. */
static void
append_versions (GString *report)
{
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  gboolean is_flatpak = neko_surroundings_are_flatpak ();

  append_title (report, "Versions");
  append_line (report, "Neko Mail", NEKO_VERSION);
  append_version (report, "GLib", glib_major_version, glib_minor_version, glib_micro_version);
  append_version (report, "GTK", gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version ());
  append_version (report, "libadwaita", adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version ());
  append_version (report, "libsoup", soup_get_major_version (), soup_get_minor_version (), soup_get_micro_version ());
  append_line (report, "System", system);
  append_line (report, "Flatpak", is_flatpak ? "yes" : "no");
  append_line (report, "Desktop", g_getenv ("XDG_CURRENT_DESKTOP"));
  append_line (report, "Session", g_getenv ("XDG_SESSION_TYPE"));
}


static void
append_settings (GString   *report,
                 GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;
  size_t length;

  append_title (report, "Settings that differ");
  length = report->len;
  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);

  for (size_t i = 0; keys[i] != NULL; i++) {
    g_autoptr (GVariant) value = g_settings_get_user_value (settings, keys[i]);
    g_autofree char *text = value != NULL ? g_variant_print (value, FALSE) : NULL;

    if (text != NULL)
      append_line (report, keys[i], text);
  }

  if (report->len == length)
    g_string_append (report, "  none\n");
}


static void
append_value (GString    *report,
              const char *name,
              GVariant   *value,
              unsigned    depth);


static void
append_members (GString  *report,
                GVariant *members_of_it,
                unsigned  depth)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, members_of_it);

  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value)) {
    if (!g_str_equal (name, MEMBER_LEFT_OUT))
      append_value (report, name, value, depth);
  }
}


static void
append_value (GString    *report,
              const char *name,
              GVariant   *value,
              unsigned    depth)
{
  g_autofree char *text = NULL;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}"))) {
    text = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                               : g_variant_print (value, FALSE);
    g_string_append_printf (report, "%*s%s: %s\n", 2 * (int) depth, "", name, text);
    return;
  }

  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

    g_string_append_printf (report, "%*s%s, number %" G_GSIZE_FORMAT ":\n", 2 * (int) depth, "", name, i + 1);
    append_members (report, child, depth + 1);
  }
}


static void
append_status (GString   *report,
               NekoModel *model)
{
  append_title (report, "Status");

  if (neko_model_get_control (model) == NULL) {
    g_string_append (report, "  does not run\n");
    return;
  }

  for (size_t i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autoptr (GVariant) value = neko_model_dup_status (model, members[i], NULL);

    if (value != NULL)
      append_value (report, members[i], value, 1);
  }
}


/* A user name that is nobody's may be a password in the wrong field. */
static char *
dup_line (NekoModel        *model,
          NekoActivityItem *item)
{
  const char *user = neko_activity_item_get_argument (item, 1);

  if (!g_str_equal (neko_activity_item_get_event (item), "not-logged-in") ||
      neko_model_find_account (model, user) != NULL)
    return g_strdup (neko_activity_item_get_text (item));

  return g_strdup_printf ("%s: somebody unknown could not log in from %s: %s",
                          neko_activity_item_get_argument (item, 0), neko_activity_item_get_argument (item, 2),
                          neko_activity_item_get_argument (item, 5));
}


static void
append_entry (GString          *report,
              NekoModel        *model,
              NekoActivityItem *item)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (neko_activity_item_get_time (item) /
                                                                G_USEC_PER_SEC);
  g_autofree char *time_text = time != NULL ? g_date_time_format (time, "%F %T%z") : g_strdup ("?");
  g_autofree char *line = dup_line (model, item);

  g_string_append_printf (report, "  %s %s", time_text, line);

  if (neko_activity_item_get_count (item) > 1)
    g_string_append_printf (report, " (%u times)", neko_activity_item_get_count (item));

  g_string_append_c (report, '\n');
}


static void
append_log (GString    *report,
            NekoModel  *model,
            GListModel *activity)
{
  guint count = MIN (g_list_model_get_n_items (activity), LINES);

  append_title (report, "Log");

  for (guint i = count; i > 0; i--) {
    g_autoptr (NekoActivityItem) item = g_list_model_get_item (activity, i - 1);

    append_entry (report, model, item);
  }
}


static void
add_host (NekoMask   *mask,
          const char *url,
          unsigned    number)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *name = g_strdup_printf ("Worker %u", number);

  /* One on this computer is nobody's. */
  if (uri != NULL && g_uri_get_host (uri) != NULL && !g_str_has_prefix (g_uri_get_host (uri), "127."))
    neko_mask_add (mask, g_uri_get_host (uri), name);
}


static void
add_account (NekoMask    *mask,
             NekoAccount *account,
             unsigned     number)
{
  const char *address = neko_account_get_address (account);
  const char *at = strrchr (address, '@');
  g_autofree char *name = g_strdup_printf ("account %u", number);
  g_autofree char *domain = g_strdup_printf ("domain %u", number);

  neko_mask_add (mask, address, name);

  if (at != NULL)
    neko_mask_add (mask, at + 1, domain);

  add_host (mask, neko_account_get_url (account), number);
}


static NekoMask *
new_mask (NekoModel *model)
{
  NekoMask *mask = neko_mask_new ();
  GListModel *accounts = neko_model_get_accounts (model);

  neko_mask_add (mask, g_get_home_dir (), "~");

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccountItem) item = g_list_model_get_item (accounts, i);

    add_account (mask, neko_account_item_get_account (item), i + 1);
  }

  return mask;
}


/**
 * neko_report_dup_text:
 * @activity: a list of #NekoActivityItem, the newest first
 * @has_names: whether it names addresses, domains and other computers
 *
 * Returns: (transfer full): in English, as who helps may know no other language the user does. It has no secret and
 *   nothing of a message
 */
char *
neko_report_dup_text (NekoModel  *model,
                      GListModel *activity,
                      gboolean    has_names)
{
  g_autoptr (GString) report = g_string_new (NULL);
  g_autoptr (NekoMask) mask = NULL;

  append_versions (report);
  append_settings (report, neko_model_get_settings (model));
  append_status (report, model);
  append_log (report, model, activity);

  if (has_names)
    return g_string_free (g_steal_pointer (&report), FALSE);

  mask = new_mask (model);

  return neko_mask_dup_text (mask, report->str);
}
