/* neko-status-command.c - neko-maild status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-status-command.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

#include "neko-account-command.h"
#include "neko-instance.h"


static const char *
get_text (GVariantDict *dict,
          const char   *name)
{
  const char *text = "";

  g_variant_dict_lookup (dict, name, "&s", &text);

  return text;
}


static guint64
get_number (GVariantDict *dict,
            const char   *name)
{
  guint64 number = 0;

  g_variant_dict_lookup (dict, name, "t", &number);

  return number;
}


static gboolean
get_boolean (GVariantDict *dict,
             const char   *name)
{
  gboolean boolean = FALSE;

  g_variant_dict_lookup (dict, name, "b", &boolean);

  return boolean;
}


static char *
dup_time (guint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (time, "%Y-%m-%d %H:%M");
}


static void
show_listener (GVariantDict *listener,
               GVariantDict *status)
{
  const char *problem = get_text (listener, "problem");
  g_autofree char *place = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, get_text (listener, "address"),
                                            get_number (listener, "port"));

  printf ("  %-5s  %-22s  %s\n", get_text (listener, "protocol"), place,
          *problem != '\0' ? problem : get_text (listener, "state"));
}


static void
show_connected (GVariantDict *account)
{
  g_autofree char *size = g_format_size (get_number (account, "octets"));
  const char *problem = get_text (account, "lastError");

  if (get_boolean (account, "inStep"))
    printf ("in step, messages: %" G_GUINT64_FORMAT ", %s", get_number (account, "messages"), size);
  else
    printf ("connected, asks its Worker at each log-in%s%s",
            *problem != '\0' ? "; last error: " : "", problem);
}


static void
show_account (GVariantDict *account,
              GVariantDict *status)
{
  const char *state = get_text (account, "state");
  const char *token_file = get_text (status, "tokenFile");
  g_autofree char *advice = neko_account_command_dup_advice (get_text (account, "address"),
                                                             get_text (account, "url"),
                                                             *token_file != '\0' ? token_file : NULL);
  g_autofree char *since = dup_time (get_number (account, "since"));

  printf ("  %s  ", get_text (account, "address"));

  if (g_str_equal (state, "ready"))
    show_connected (account);
  else if (g_str_equal (state, "connecting"))
    printf ("connecting to %s", get_text (account, "url"));
  else if (g_str_equal (state, "sign-in"))
    printf ("has to be signed in to again, since %s: %s", since, advice);
  else
    printf ("%s since %s: %s", g_str_equal (state, "keyring") ? "without the keyring" : state,
            since, get_text (account, "lastError"));

  putchar ('\n');

  if (get_number (account, "passwords") == 0)
    printf ("    No mail program can log in: %s password new %s NAME\n", g_get_prgname (),
            get_text (account, "address"));
}


static void
show_each (GVariantDict *status,
           const char   *name,
           void (       *show )(GVariantDict *one,
                                GVariantDict *status))
{
  g_autoptr (GVariant) list = g_variant_dict_lookup_value (status, name, G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
    g_auto (GVariantDict) one = G_VARIANT_DICT_INIT (child);

    show (&one, status);
  }
}


static void
show_status (GVariant *variant)
{
  g_auto (GVariantDict) status = G_VARIANT_DICT_INIT (variant);
  g_autofree char *started = dup_time (get_number (&status, "started"));
  /* The setting is in MiB, too. */
  g_autofree char *used = g_format_size_full (get_number (&status, "spoolOctets"),
                                              G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *limit = g_format_size_full (get_number (&status, "spoolLimit"),
                                               G_FORMAT_SIZE_IEC_UNITS);

  printf ("%s %s, process %" G_GUINT64_FORMAT ", since %s\n", get_text (&status, "program"),
          get_text (&status, "version"), get_number (&status, "processId"), started);

  if (get_boolean (&status, "paused"))
    printf ("PAUSED: no mail program can log in until “%s resume”\n", g_get_prgname ());

  puts ("Ports");
  show_each (&status, "listeners", show_listener);
  puts ("Accounts");
  show_each (&status, "accounts", show_account);
  printf ("Sessions: POP3 %" G_GUINT64_FORMAT ", SMTP %" G_GUINT64_FORMAT "\n",
          get_number (&status, "pop3Sessions"), get_number (&status, "smtpSessions"));
  printf ("Spool: %s of %s\n", used, limit);
}


static void
show_json (GVariant *status)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_gvariant_serialize (status);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  puts (text);
}


NekoExitStatus
neko_status_command_run (const NekoCommand *command,
                         GError           **error)
{
  g_autoptr (NekoControl) instance = neko_instance_find (error);
  g_autoptr (GVariant) status = NULL;

  if (instance != NULL)
    status = neko_instance_get_status (instance, error);

  if (status == NULL)
    return NEKO_EXIT_NOT_RUNNING;

  if (command->wants_json)
    show_json (status);
  else
    show_status (status);

  return NEKO_EXIT_DONE;
}
