/* neko-command-line.c - the command line of neko-mail and neko-maild
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-command-line.h"

#include <errno.h>
#include <stdio.h>

#include "neko-account-command.h"
#include "neko-certificate-command.h"
#include "neko-doctor-command.h"
#include "neko-logs-command.h"
#include "neko-password-command.h"
#include "neko-pause-command.h"
#include "neko-status-command.h"

struct _NekoCommandLine {
  NekoServiceOptions *options;
  char              **words;     /* (nullable): those that are no options */
  gboolean            wants_json;
  gboolean            is_following;
  gboolean            wants_version;
};

G_DEFINE_QUARK (neko-command-error, neko_command_error)

static const struct {
  const char         *noun;
  const char         *verb;      /* (nullable): the noun says it all */
  unsigned            minimum;   /* arguments */
  unsigned            maximum;
  NekoCommandFunction run;
  const char         *usage;     /* what follows noun and verb */
  const char         *purpose;
  gboolean            has_json;
  gboolean            can_follow;
} commands[] = {
  { "status", NULL, 0, 0, neko_status_command_run, "[--json]",
    "what runs, and how it is doing", .has_json = TRUE },
  { "doctor", NULL, 0, 0, neko_doctor_command_run, "",
    "find out what is wrong, and what to do" },
  { "logs", NULL, 0, 0, neko_logs_command_run, "[--follow]",
    "what happened lately", .can_follow = TRUE },
  { "pause", NULL, 0, 0, neko_pause_command_pause, "",
    "let no mail program in for a while" },
  { "resume", NULL, 0, 0, neko_pause_command_resume, "",
    "let them in again" },
  { "check", NULL, 0, 0, neko_pause_command_check, "",
    "let every account ask its Worker now" },
  { "account", "add", 2, 2, neko_account_command_add, "ADDRESS URL",
    "sign in to an account, or again" },
  { "account", "list", 0, 0, neko_account_command_list, "",
    "the accounts and their Workers" },
  { "account", "remove", 1, 1, neko_account_command_remove, "ADDRESS",
    "forget an account; its mail stays" },
  { "password", "new", 2, 2, neko_password_command_new, "ADDRESS NAME",
    "make a password for a mail program" },
  { "password", "list", 1, 1, neko_password_command_list, "ADDRESS",
    "the names of an account's passwords" },
  { "password", "revoke", 2, 2, neko_password_command_revoke, "ADDRESS NAME",
    "let it work no longer" },
  { "certificate", "show", 0, 0, neko_certificate_command_show, "",
    "what mail programs see of TLS" },
  { "certificate", "export", 0, 1, neko_certificate_command_export, "[FILE]",
    "without its key, to be trusted" },
};


/**
 * neko_command_flush:
 *
 * Returns: whether all that a command has said so far was taken, by a disk that is not full and somebody
 *   who still listens
 */
gboolean
neko_command_flush (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;

  g_set_error (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_OUTPUT,
               "What this says cannot be written: %s", g_strerror (errno));

  return FALSE;
}


static char *
dup_usage (size_t command)
{
  g_autoptr (GString) usage = g_string_new (commands[command].noun);

  if (commands[command].verb != NULL)
    g_string_append_printf (usage, " %s", commands[command].verb);

  if (*commands[command].usage != '\0')
    g_string_append_printf (usage, " %s", commands[command].usage);

  return g_string_free (g_steal_pointer (&usage), FALSE);
}


/**
 * neko_command_line_dup_description:
 *
 * Returns: (transfer full): all commands, for --help
 */
char *
neko_command_line_dup_description (void)
{
  GString *text = g_string_new ("Commands:\n");

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *usage = dup_usage (i);

    g_string_append_printf (text, "  %-31s %s\n", usage, commands[i].purpose);
  }

  g_string_append (text, "\nA program that runs follows at once.");

  return g_string_free (text, FALSE);
}


static void
complain (const char *message)
{
  fprintf (stderr, "%s: %s\n", g_get_prgname (), message);
}


/**
 * neko_command_line_parse:
 *
 * Reads the options and the words of a command. What is wrong is said on standard error.
 *
 * Returns: whether it was understood; if not, the program should end with %NEKO_EXIT_USAGE
 */
gboolean
neko_command_line_parse (NekoCommandLine *self,
                         int             *argc,
                         char          ***argv)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->wants_json, "With status: for programs", NULL },
    { "follow", 'f', 0, G_OPTION_ARG_NONE, &self->is_following,
      "With logs: go on with what happens now", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->wants_version, "Show the version", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[COMMAND …]");
  g_autofree char *description = neko_command_line_dup_description ();
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, "Serves the mail of a Neko Mail Worker by POP3 and SMTP "
                                "to the mail programs on this computer.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, neko_service_options_get_entries (self->options), NULL);
  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, argc, argv, &error)) {
    complain (error->message);
    return FALSE;
  }

  self->words = g_strdupv (*argv + MIN (*argc, 1));

  return TRUE;
}


/**
 * neko_command_line_has_command:
 *
 * Returns: whether neko_command_line_run() has something to do
 */
gboolean
neko_command_line_has_command (NekoCommandLine *self)
{
  return self->wants_version || self->wants_json || self->is_following || *self->words != NULL;
}


/**
 * neko_command_line_is_command:
 *
 * Returns: whether @word begins a command
 */
gboolean
neko_command_line_is_command (const char *word)
{
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (word, commands[i].noun))
      return TRUE;
  }

  return FALSE;
}


static gboolean
is_meant (NekoCommandLine *self,
          size_t           command)
{
  return g_strcmp0 (self->words[0], commands[command].noun) == 0 &&
         (commands[command].verb == NULL ||
          g_strcmp0 (self->words[1], commands[command].verb) == 0);
}


/* Names the commands that may have been meant. */
static NekoExitStatus
refuse (NekoCommandLine *self)
{
  gboolean is_known = FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *usage = NULL;

    if (g_strcmp0 (self->words[0], commands[i].noun) != 0)
      continue;

    usage = dup_usage (i);
    fprintf (stderr, "%s %s %s\n", is_known ? "      " : "Usage:", g_get_prgname (), usage);
    is_known = TRUE;
  }

  if (self->words[0] == NULL) {
    complain ("--json and --follow need a command, see --help");
  } else if (!is_known) {
    g_autofree char *message = g_strdup_printf ("“%s” is not understood, see --help",
                                                self->words[0]);

    complain (message);
  }

  return NEKO_EXIT_USAGE;
}


static NekoExitStatus
run (NekoCommandLine *self,
     size_t           command)
{
  NekoCommand call = {
    .options = self->options,
    .arguments = self->words + (commands[command].verb != NULL ? 2 : 1),
    .wants_json = self->wants_json,
    .is_following = self->is_following,
  };
  unsigned count = g_strv_length (call.arguments);
  g_autoptr (GError) error = NULL;
  NekoExitStatus status;

  if (count < commands[command].minimum || count > commands[command].maximum ||
      (call.wants_json && !commands[command].has_json) ||
      (call.is_following && !commands[command].can_follow))
    return refuse (self);

  status = commands[command].run (&call, &error);

  if (error == NULL)
    neko_command_flush (&error);

  if (error == NULL)
    return status;

  complain (error->message);

  return g_error_matches (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_NOT_RUNNING)
         ? NEKO_EXIT_NOT_RUNNING : NEKO_EXIT_FAILED;
}


/**
 * neko_command_line_run:
 *
 * Runs the command. What it says is on standard output, what went wrong on standard error.
 *
 * Returns: the exit status of the program
 */
NekoExitStatus
neko_command_line_run (NekoCommandLine *self)
{
  if (self->wants_version) {
    printf ("%s %s\n", g_get_prgname (), NEKO_VERSION);
    return NEKO_EXIT_DONE;
  }

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (is_meant (self, i))
      return run (self, i);
  }

  return refuse (self);
}


NekoServiceOptions *
neko_command_line_get_options (NekoCommandLine *self)
{
  return self->options;
}


void
neko_command_line_free (NekoCommandLine *self)
{
  if (self == NULL)
    return;

  neko_service_options_free (self->options);
  g_strfreev (self->words);
  g_free (self);
}


NekoCommandLine *
neko_command_line_new (void)
{
  NekoCommandLine *self = g_new0 (NekoCommandLine, 1);

  self->options = neko_service_options_new ();

  return self;
}
