/* neko-account-text.c - how an account is doing, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-text.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60) /* seconds */

#define ICON_FINE "emblem-ok-symbolic"
#define ICON_WAIT "content-loading-symbolic"
#define ICON_OFFLINE "network-offline-symbolic"
#define ICON_WARNING "dialog-warning-symbolic"
#define ICON_PASSWORD "dialog-password-symbolic"

typedef struct {
  const char *state;   /* by the names of `status --json` */
  const char *keyring; /* (nullable): any */
  const char *icon;
  const char *words;
  const char *advice;  /* (nullable) */
} Words;

/* The first that fits. */
static const Words words[] = {
  {
    "ready", NULL, ICON_FINE, N_ ("In step with the Worker"), NULL,
  },
  {
    "connecting", NULL, ICON_WAIT, N_ ("Connecting to the Worker…"), NULL,
  },
  {
    "offline", NULL, ICON_OFFLINE,
    /* Translators: %s is a time, or a day */
    N_ ("Offline since %s"),
    N_ ("The Worker cannot be reached. No mail is lost; it is tried again by itself"),
  },
  {
    "sign-in", NULL, ICON_PASSWORD, N_ ("Signed out"),
    N_ ("The Worker does not accept this computer any more. Sign in again"),
  },
  {
    "keyring", "locked", ICON_PASSWORD, N_ ("The keyring is locked"),
    N_ ("The sign-in of this account is in it. Unlock it, and work goes on by itself"),
  },
  {
    "keyring", "none", ICON_PASSWORD, N_ ("There is no default keyring"),
    N_ ("The sign-in of this account is kept in one. Make it now, or in your desktop’s password settings"),
  },
  {
    "keyring", "absent", ICON_WARNING, N_ ("No keyring runs"),
    N_ ("The sign-in of this account is kept in one. Install and start a keyring, such as GNOME Keyring or KWallet; work goes on by itself"),
  },
  {
    "keyring", "slow", ICON_WAIT, N_ ("The keyring does not answer"),
    N_ ("The sign-in of this account is in it. As soon as it answers, work goes on by itself"),
  },
  {
    "keyring", NULL, ICON_WARNING, N_ ("The keyring failed"),
    N_ ("The sign-in of this account is in it. It is asked again by itself; if that does not help, sign out of the "
        "desktop and in again"),
  },
};

static const Words unknown = { NULL, NULL, ICON_WAIT, N_ ("Nothing is known yet"), NULL };


static const Words *
find (NekoAccountItem *item)
{
  const char *state = neko_account_item_get_state (item);
  const char *keyring = neko_account_item_get_keyring (item);

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_strcmp0 (words[i].state, state) == 0 &&
        (words[i].keyring == NULL || g_strcmp0 (words[i].keyring, keyring) == 0))
      return &words[i];
  }

  return &unknown;
}


/**
 * neko_account_text_dup_time:
 * @seconds: since 1970
 *
 * Returns: (transfer full): the time, where that was in the last day, else the day
 */
char *
neko_account_text_dup_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - seconds;

  if (time == NULL)
    return g_strdup ("");

  return g_date_time_format (time, age < DAY ? "%R" : "%x");
}


/**
 * neko_account_text_dup_state:
 *
 * Returns: (transfer full): its state in a few words
 */
char *
neko_account_text_dup_state (NekoAccountItem *item)
{
  const char *text = _ (find (item)->words);
  g_autofree char *time = neko_account_text_dup_time (neko_account_item_get_since (item));
  g_auto (GStrv) parts = g_strsplit (text, "%s", 2);

  return g_strjoinv (time, parts);
}


/**
 * neko_account_text_dup_advice:
 *
 * Returns: (transfer full) (nullable): what that means, and what to do; %NULL where there is nothing to say
 */
char *
neko_account_text_dup_advice (NekoAccountItem *item)
{
  const char *advice = find (item)->advice;

  return advice != NULL ? g_strdup (_ (advice)) : NULL;
}


const char *
neko_account_text_get_icon (NekoAccountItem *item)
{
  return find (item)->icon;
}
