/* neko-activity-text.c - what happened, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-activity-text.h"

#include <glib/gi18n.h>

#include "neko-error-text.h"
#include "neko-mail-error.h"
#include "neko-size-text.h"
#include "neko-template.h"

#define ICON_CONNECTION "network-transmit-receive-symbolic"
#define ICON_PASSWORD "dialog-password-symbolic"
#define ICON_PROBLEM "dialog-warning-symbolic"
#define ICON_READ "mail-read-symbolic"
#define ICON_RECEIVED "mail-unread-symbolic"
#define ICON_SENT "mail-send-symbolic"
#define ICON_FINE "emblem-ok-symbolic"
#define ICON_PAUSED "media-playback-pause-symbolic"
#define ICON_PROGRAM "dialog-information-symbolic"
#define ICON_CONVERSATION "utilities-terminal-symbolic"

#define ARGUMENTS_LIMIT 4

#define SEPARATOR " · "

typedef struct {
  const char          *event;     /* by the names of neko_log_event() */
  NekoActivityCategory category;
  gboolean             is_problem;
  const char          *icon;
  const char          *arguments[ARGUMENTS_LIMIT + 1]; /* by the names that stand in the texts, in braces */
  const char          *title;     /* (nullable): where it depends on the number "count" */
  const char          *detail;    /* (nullable) */
} Words;

static const Words words[] = {
  {
    "logged-in", NEKO_ACTIVITY_CONNECTIONS, FALSE, ICON_CONNECTION, { "protocol", "user", "peer" },
    N_ ("A mail program logged in"), "{user}" SEPARATOR "{protocol}" SEPARATOR "{peer}",
  },
  {
    "not-logged-in", NEKO_ACTIVITY_CONNECTIONS, TRUE, ICON_PASSWORD, { "protocol", "user", "peer" },
    N_ ("A mail program could not log in"), "{user}" SEPARATOR "{protocol}" SEPARATOR "{peer}",
  },
  {
    "tls-failed", NEKO_ACTIVITY_CONNECTIONS, TRUE, ICON_PROBLEM, { "reason" },
    N_ ("A protected connection with a mail program failed"), "{reason}",
  },
  {
    "tls-missing", NEKO_ACTIVITY_CONNECTIONS, TRUE, ICON_PROBLEM, { NULL },
    N_ ("A mail program did not use TLS where it has to"),
    N_ ("Set its connection security to SSL/TLS, or use the other port"),
  },
  {
    "tls-unwanted", NEKO_ACTIVITY_CONNECTIONS, TRUE, ICON_PROBLEM, { NULL },
    N_ ("A mail program used TLS where there is none"),
    N_ ("Set its connection security to none, or switch on TLS in the settings"),
  },
  {
    "tls-early", NEKO_ACTIVITY_CONNECTIONS, TRUE, ICON_PROBLEM, { NULL },
    N_ ("A mail program began with TLS too early"),
    N_ ("Set its connection security to STARTTLS, or use the port for SSL/TLS"),
  },
  {
    "conversation", NEKO_ACTIVITY_CONNECTIONS, FALSE, ICON_CONVERSATION, { "protocol", "number", "verb", "code" },
    "{verb}", "{protocol} {number}" SEPARATOR "{code}",
  },
  {
    "received", NEKO_ACTIVITY_RECEIVED, FALSE, ICON_RECEIVED, { "account" },
    N_ ("New mail arrived"), "{account}",
  },
  {
    "read", NEKO_ACTIVITY_RECEIVED, FALSE, ICON_READ, { "account", "count", "octets" },
    NULL,
    "{account}" SEPARATOR "{octets}",
  },
  {
    "not-read", NEKO_ACTIVITY_RECEIVED, TRUE, ICON_PROBLEM, { NULL },
    N_ ("A message broke off while a mail program read it"),
  },
  {
    "not-deleted", NEKO_ACTIVITY_RECEIVED, TRUE, ICON_PROBLEM, { NULL },
    N_ ("Messages could not be deleted, and will come again"),
  },
  {
    "sent", NEKO_ACTIVITY_SENT, FALSE, ICON_SENT, { "account", "octets", "count", "refused" },
    NULL,
    "{account}" SEPARATOR "{octets}",
  },
  {
    "sent-in-part", NEKO_ACTIVITY_SENT, TRUE, ICON_PROBLEM, { "account", "octets", "taken", "count" },
    NULL,
    "{account}" SEPARATOR "{octets}",
  },
  {
    "not-sent", NEKO_ACTIVITY_SENT, TRUE, ICON_PROBLEM, { NULL },
    N_ ("A message was not sent, and stays with the mail program"),
  },
  {
    "no-room", NEKO_ACTIVITY_SENT, TRUE, ICON_PROBLEM, { NULL },
    N_ ("This computer has no room for a message to be sent"),
  },
  {
    "account-ready", NEKO_ACTIVITY_PROGRAM, FALSE, ICON_FINE, { "account" },
    N_ ("In step with the Worker"), "{account}",
  },
  {
    "account-failed", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { "account" },
    N_ ("An account does not work now"), "{account}",
  },
  {
    "account-unusable", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { "account" },
    N_ ("An account cannot be used"), "{account}",
  },
  {
    "accounts-unreadable", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The accounts cannot be read; those of before go on"),
  },
  {
    "listening", NEKO_ACTIVITY_PROGRAM, FALSE, ICON_FINE, { "protocol", "port", "address" },
    /* Translators: {protocol} is POP3 or SMTP, {port} a number; leave both as they are */
    N_ ("{protocol} is ready for mail programs on port {port}"),
  },
  {
    "port-taken", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { "protocol" },
    /* Translators: {protocol} is POP3 or SMTP, leave it as it is */
    N_ ("Another program uses the port for {protocol}"),
    N_ ("Stop that program, or choose another port in the settings; it is tried again by itself"),
  },
  {
    "not-listening", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { "protocol", "reason" },
    /* Translators: {protocol} is POP3 or SMTP, leave it as it is */
    N_ ("{protocol} cannot be used by mail programs"), "{reason}",
  },
  {
    "paused", NEKO_ACTIVITY_PROGRAM, FALSE, ICON_PAUSED, { NULL },
    N_ ("Paused: mail programs cannot log in"),
  },
  {
    "resumed", NEKO_ACTIVITY_PROGRAM, FALSE, ICON_FINE, { NULL },
    N_ ("No longer paused"),
  },
  {
    "certificate-failed", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The certificate cannot be used"),
  },
  {
    "changes-not-seen", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("What other programs change is not seen until Neko Mail is started again"),
  },
  {
    "not-reachable", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The command line cannot reach Neko Mail"),
  },
  {
    "statistics-aside", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { "file" },
    N_ ("The statistics could not be understood, and begin anew"), "{file}",
  },
  {
    "statistics-lost", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The statistics could not be read, and begin anew"),
  },
  {
    "statistics-not-kept", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The statistics could not be written"),
  },
  {
    "no-icon", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("There is no icon in the panel"),
  },
  {
    "mail-not-opened", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The mail program could not be opened"),
  },
  {
    "window-failed", NEKO_ACTIVITY_PROGRAM, TRUE, ICON_PROBLEM, { NULL },
    N_ ("The window closed unexpectedly; mail programs were not affected"),
  },
};

/* Where neko_error_text() has nothing, or something for a person who enters a password. */
static const struct {
  NekoMailError code;
  const char   *text;
} causes[] = {
  { NEKO_MAIL_ERROR_PASSWORD,    N_ ("The user name or the password is wrong. Use one that Neko Mail made for this mail program") },
  { NEKO_MAIL_ERROR_UNAVAILABLE, N_ ("The Worker cannot be reached, or failed. It is tried again by itself") },
  { NEKO_MAIL_ERROR_THROTTLED,   N_ ("The Worker asks to wait, and is tried again later") },
  { NEKO_MAIL_ERROR_TOO_LARGE,   N_ ("The message is larger than the Worker takes") },
  { NEKO_MAIL_ERROR_REFUSED,     N_ ("It was refused for good") },
};


static const Words *
find (NekoActivityItem *item)
{
  const char *event = neko_activity_item_get_event (item);

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_str_equal (words[i].event, event))
      return &words[i];
  }

  return NULL;
}


static char *
dup_argument (NekoActivityItem *item,
              const char       *name,
              unsigned          position)
{
  const char *argument = neko_activity_item_get_argument (item, position);

  if (g_str_equal (name, "octets"))
    return neko_size_text_dup (g_ascii_strtoull (argument, NULL, 10));

  if (g_str_equal (name, "peer") && (g_str_equal (argument, "127.0.0.1") || g_str_equal (argument, "::1")))
    return g_strdup (_ ("this computer"));

  return g_strdup (argument);
}


static char *
fill (NekoActivityItem *item,
      const Words      *entry,
      const char       *text)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (unsigned i = 0; entry->arguments[i] != NULL; i++) {
    g_ptr_array_add (places, g_strdup_printf ("{%s}", entry->arguments[i]));
    g_ptr_array_add (values, dup_argument (item, entry->arguments[i], i));
  }

  g_ptr_array_add (places, NULL);
  g_ptr_array_add (values, NULL);

  return neko_template_fill (text, (const char *const *) places->pdata, (const char *const *) values->pdata);
}


static unsigned long
get_count (NekoActivityItem *item,
           const Words      *entry)
{
  for (unsigned i = 0; entry->arguments[i] != NULL; i++) {
    if (g_str_equal (entry->arguments[i], "count"))
      return g_ascii_strtoull (neko_activity_item_get_argument (item, i), NULL, 10);
  }

  return 0;
}


static const char *
get_title (NekoActivityItem *item,
           const Words      *entry)
{
  unsigned long count = get_count (item, entry);

  if (entry->title != NULL)
    return strpbrk (entry->title, " ") != NULL ? _ (entry->title) : entry->title;

  if (g_str_equal (entry->event, "read")) {
    /* Translators: {count} is replaced by the number, leave it as it is */
    return ngettext ("A mail program read {count} message", "A mail program read {count} messages", count);
  }

  if (g_str_equal (entry->event, "sent")) {
    /* Translators: {count} is replaced by the number, leave it as it is */
    return ngettext ("A message was sent to {count} recipient", "A message was sent to {count} recipients", count);
  }

  /* Translators: {count} is replaced by the number, leave it as it is */
  return ngettext ("A message was refused for {count} recipient", "A message was refused for {count} recipients",
                   count);
}


/**
 * neko_activity_text_dup_title:
 *
 * Returns: (transfer full): what happened, in a few words; in English where it is not known
 */
char *
neko_activity_text_dup_title (NekoActivityItem *item)
{
  const Words *entry = find (item);

  if (entry == NULL)
    return g_strdup (neko_activity_item_get_text (item));

  return fill (item, entry, get_title (item, entry));
}


static unsigned
count_words (const Words *entry)
{
  unsigned count = 0;

  while (entry->arguments[count] != NULL)
    count++;

  return count;
}


static char *
describe_cause (const GError *error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (causes) && error->domain == NEKO_MAIL_ERROR; i++) {
    if (error->code == (int) causes[i].code)
      return g_strdup (_ (causes[i].text));
  }

  return neko_error_text (error);
}


/* Behind its arguments a failure has its domain, its code and what it says. */
static char *
dup_cause (NekoActivityItem *item,
           const Words      *entry)
{
  unsigned position = count_words (entry);
  const char *domain = neko_activity_item_get_argument (item, position);
  const char *code = neko_activity_item_get_argument (item, position + 1);
  const char *message = neko_activity_item_get_argument (item, position + 2);
  g_autoptr (GError) error = NULL;

  if (neko_activity_item_count_arguments (item) != position + 3 || *domain == '\0')
    return NULL;

  error = g_error_new_literal (g_quark_from_string (domain), g_ascii_strtoll (code, NULL, 10), message);

  return describe_cause (error);
}


static char *
dup_parties (NekoActivityItem *item,
             const Words      *entry)
{
  if (entry->detail == NULL)
    return NULL;

  return fill (item, entry, strchr (entry->detail, '{') != NULL ? entry->detail : _ (entry->detail));
}


/**
 * neko_activity_text_dup_detail:
 *
 * Returns: (transfer full) (nullable): who, how much, why, and what to do
 */
char *
neko_activity_text_dup_detail (NekoActivityItem *item)
{
  const Words *entry = find (item);
  g_autofree char *parties = NULL;
  g_autofree char *cause = NULL;

  if (entry == NULL)
    return NULL;

  parties = dup_parties (item, entry);
  cause = dup_cause (item, entry);

  if (parties == NULL)
    return g_steal_pointer (&cause);

  if (cause == NULL)
    return g_steal_pointer (&parties);

  return g_strjoin ("\n", parties, cause, NULL);
}


const char *
neko_activity_text_get_icon (NekoActivityItem *item)
{
  const Words *entry = find (item);

  if (entry != NULL)
    return entry->icon;

  return neko_activity_text_is_problem (item) ? ICON_PROBLEM : ICON_PROGRAM;
}


NekoActivityCategory
neko_activity_text_get_category (NekoActivityItem *item)
{
  const Words *entry = find (item);

  return entry != NULL ? entry->category : NEKO_ACTIVITY_PROGRAM;
}


/**
 * neko_activity_text_is_problem:
 *
 * Returns: whether something did not work
 */
gboolean
neko_activity_text_is_problem (NekoActivityItem *item)
{
  const Words *entry = find (item);

  if (entry != NULL)
    return entry->is_problem;

  return (neko_activity_item_get_level (item) &
          (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)) != 0;
}
