/* neko-status-words.c - how the service is doing, in the few words of a tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-status-words.h"

#include <glib/gi18n.h>

#define N_STATES (NEKO_MAILBOX_KEYRING + 1)

static const char *const mailbox_words[N_STATES] = {
  [NEKO_MAILBOX_CONNECTING] = N_ ("Connecting…"),
  [NEKO_MAILBOX_READY] = N_ ("In step"),
  [NEKO_MAILBOX_OFFLINE] = N_ ("Offline"),
  [NEKO_MAILBOX_SIGN_IN] = N_ ("Sign in again"),
  [NEKO_MAILBOX_KEYRING] = N_ ("Waits for the keyring"),
};


static const char *
count_words (NekoMailboxState state,
             unsigned         count)
{
  switch (state) {
  case NEKO_MAILBOX_CONNECTING:
    return ngettext ("%u account connects", "%u accounts connect", count);

  case NEKO_MAILBOX_READY:
    return ngettext ("%u account in step", "%u accounts in step", count);

  case NEKO_MAILBOX_OFFLINE:
    return ngettext ("%u account offline", "%u accounts offline", count);

  case NEKO_MAILBOX_SIGN_IN:
    return ngettext ("%u account to sign in to again", "%u accounts to sign in to again", count);

  case NEKO_MAILBOX_KEYRING:
    return ngettext ("%u account waits for the keyring", "%u accounts wait for the keyring", count);

  default:
    g_return_val_if_reached ("%u");
  }
}


static void
count_mailboxes (NekoService *service,
                 unsigned     counts[N_STATES])
{
  GListModel *mailboxes = neko_service_get_mailboxes (service);

  for (guint i = 0; i < N_STATES; i++)
    counts[i] = 0;

  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    counts[neko_mailbox_get_state (mailbox)]++;
  }
}


static void
add_line (GString    *text,
          const char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}


static void
add_problems (GString    *text,
              NekoServer *server)
{
  GPtrArray *listeners = neko_server_get_listeners (server);

  for (guint i = 0; i < listeners->len; i++) {
    NekoListener *listener = g_ptr_array_index (listeners, i);
    unsigned port = neko_listener_get_port (listener);
    g_autofree char *line = NULL;

    if (neko_listener_get_problem (listener) == NULL)
      continue;

    if (neko_listener_get_state (listener) == NEKO_LISTENER_PORT_TAKEN)
      /* Translators: %u is a port number */
      line = g_strdup_printf (_ ("Port %u is used by another program"), port);
    else
      /* Translators: %u is a port number */
      line = g_strdup_printf (_ ("Port %u cannot be used"), port);

    add_line (text, line);
  }
}


static void
add_accounts (GString     *text,
              NekoService *service)
{
  unsigned counts[N_STATES];

  count_mailboxes (service, counts);

  for (unsigned state = 0; state < N_STATES; state++) {
    g_autofree char *number = g_strdup_printf ("%u", counts[state]);

    if (counts[state] > 0) {
      g_auto (GStrv) parts = g_strsplit (count_words (state, counts[state]), "%u", 2);
      g_autofree char *line = g_strjoinv (number, parts);

      add_line (text, line);
    }
  }

  if (g_list_model_get_n_items (neko_service_get_mailboxes (service)) == 0)
    add_line (text, _ ("No account yet"));
}


/**
 * neko_status_words_dup_mailbox:
 *
 * Returns: (transfer full): an account's state
 */
char *
neko_status_words_dup_mailbox (NekoMailbox *mailbox)
{
  return g_strdup (_ (mailbox_words[neko_mailbox_get_state (mailbox)]));
}


/**
 * neko_status_words_dup_service:
 *
 * Returns: (transfer full): a few lines, what matters most first
 */
char *
neko_status_words_dup_service (NekoService *service,
                               gboolean     has_new_mail)
{
  GString *text = g_string_new (NULL);

  if (neko_service_is_paused (service))
    add_line (text, _ ("Paused: mail programs cannot connect"));

  if (has_new_mail)
    add_line (text, _ ("New mail"));

  add_problems (text, neko_service_get_pop3 (service));
  add_problems (text, neko_service_get_smtp (service));
  add_accounts (text, service);

  return g_string_free (text, FALSE);
}


/**
 * neko_status_words_is_error:
 *
 * Returns: whether something does not work before the user does something. A Worker that cannot be reached is
 *   none of that.
 */
gboolean
neko_status_words_is_error (NekoService *service)
{
  unsigned counts[N_STATES];

  count_mailboxes (service, counts);

  return counts[NEKO_MAILBOX_SIGN_IN] > 0 || counts[NEKO_MAILBOX_KEYRING] > 0 ||
         neko_server_has_problem (neko_service_get_pop3 (service)) ||
         neko_server_has_problem (neko_service_get_smtp (service));
}


gboolean
neko_status_words_is_busy (NekoService *service)
{
  unsigned counts[N_STATES];

  count_mailboxes (service, counts);

  return counts[NEKO_MAILBOX_CONNECTING] > 0;
}
