/* neko-doctor-accounts.c - what may be wrong with the accounts and their Workers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-doctor.h"

#include "neko-account-command.h"
#include "neko-awaited.h"
#include "neko-json.h"

#define NEARLY_FULL 90 /* per cent of a quota */


static gboolean
check_worker (NekoDoctor *self,
              const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) info = NULL;
  g_autofree char *problem = NULL;
  const char *version;

  if (g_hash_table_contains (self->workers, url))
    return GPOINTER_TO_INT (g_hash_table_lookup (self->workers, url));

  g_hash_table_insert (self->workers, g_strdup (url), GINT_TO_POINTER (FALSE));
  info = neko_awaited_ask (url, NULL, "v1/info", &error);

  if (info == NULL) {
    GNetworkMonitor *monitor = g_network_monitor_get_default ();
    gboolean has_network = g_network_monitor_get_network_available (monitor);

    problem = g_strdup_printf ("%s: %s", url, error->message);
    neko_doctor_say_problem (self, problem, has_network
                                            ? "see whether the address is right, and whether a browser opens it"
                                            : "connect this computer to a network");
    return FALSE;
  }

  version = neko_json_get_text (info, "version");

  if (version == NULL) {
    problem = g_strdup_printf ("What answers at %s is no Worker of Neko Mail", url);
    neko_doctor_say_problem (self, problem, "see whether the address is right");
    return FALSE;
  }

  if (!neko_json_is_true (info, "setupDone")) {
    problem = g_strdup_printf ("The Worker at %s has no admin yet", url);
    neko_doctor_say_problem (self, problem, "open it in a browser, it says how to make the first one");
    return FALSE;
  }

  neko_doctor_say_well ("The Worker at %s answers, version %s", url, version);
  g_hash_table_insert (self->workers, g_strdup (url), GINT_TO_POINTER (TRUE));

  return TRUE;
}


/* Returns: whether it is well, or was said to be a problem */
static gboolean
check_finding (NekoDoctor *self,
               JsonNode   *node,
               unsigned   *good)
{
  JsonObject *check = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *finding = check != NULL ? neko_json_get_text (check, "finding") : NULL;

  if (finding == NULL)
    return FALSE;

  if (neko_json_is_true (check, "ok"))
    (*good)++;
  else
    neko_doctor_say_problem (self, finding, neko_json_get_text (check, "remedy"));

  return TRUE;
}


/* The Worker's self-test, which it makes for admins only. */
static void
check_diagnostics (NekoDoctor *self,
                   const char *url,
                   const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_awaited_ask (url, token, "v1/diagnostics", &error);
  JsonNode *node = answer != NULL ? json_object_get_member (answer, "checks") : NULL;
  JsonArray *checks = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gboolean is_understood = checks != NULL;
  unsigned good = 0;

  if (error != NULL) {
    neko_doctor_say_problem (self, error->message,
                             "ask again later: the Worker's self-test did not answer");
    return;
  }

  for (guint i = 0; checks != NULL && i < json_array_get_length (checks); i++)
    is_understood &= check_finding (self, json_array_get_element (checks, i), &good);

  if (is_understood)
    neko_doctor_say_well ("The Worker's self-test: %u well", good);
  else
    neko_doctor_say_problem (self, "The Worker's self-test has an answer that is not understood",
                             "bring Worker and Neko Mail to the same version");
}


static char *
dup_advice (NekoDoctor  *self,
            NekoAccount *account)
{
  g_autofree char *token_file = neko_service_options_dup_token_file (self->options);

  return neko_account_command_dup_advice (neko_account_get_address (account),
                                          neko_account_get_url (account), token_file);
}


static void
check_mailbox (NekoDoctor  *self,
               NekoAccount *account,
               const char  *token)
{
  const char *url = neko_account_get_url (account);
  const char *address = neko_account_get_address (account);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) profile = neko_awaited_ask (url, token, "v1/me", &error);
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;
  guint64 size = 0;
  guint64 quota = 0;

  if (profile == NULL) {
    problem = g_strdup_printf ("%s: %s", address, error->message);

    if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN))
      remedy = dup_advice (self, account);

    neko_doctor_say_problem (self, problem, remedy);
    return;
  }

  if (neko_json_get_number (profile, "size", &size) &&
      neko_json_get_number (profile, "quota", &quota) && quota > 0 &&
      size >= quota / 100 * NEARLY_FULL) {
    problem = g_strdup_printf ("The mailbox of %s is nearly full; then mail for it is refused", address);
    neko_doctor_say_problem (self, problem, "let a mail program delete old mail from the server, or "
                             "ask an admin for more room");
  } else {
    neko_doctor_say_well ("The Worker takes the token of %s", address);
  }

  /* Once for each Worker. */
  if (g_strcmp0 (neko_json_get_text (profile, "role"), "admin") == 0 &&
      g_hash_table_add (self->tested, g_strdup (url)))
    check_diagnostics (self, url, token);
}


static void
check_token (NekoDoctor  *self,
             NekoAccount *account)
{
  const char *address = neko_account_get_address (account);
  const char *url = neko_account_get_url (account);
  gboolean is_reachable = check_worker (self, url);
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = neko_awaited_find_token (self->tokens, address, url, &error);
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;

  if (token != NULL) {
    if (is_reachable)
      check_mailbox (self, account, token);

    return;
  }

  problem = g_strdup_printf ("%s: %s", address, error->message);

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN))
    remedy = dup_advice (self, account);

  neko_doctor_say_problem (self, problem, remedy);
}


static void
check_account (NekoDoctor  *self,
               NekoAccount *account)
{
  const char *address = neko_account_get_address (account);
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;

  check_token (self, account);

  if (neko_account_get_passwords (account)->len > 0)
    return;

  problem = g_strdup_printf ("No mail program can log in as %s yet", address);
  remedy = g_strdup_printf ("%s password new %s NAME, with the mail program's name", g_get_prgname (),
                            address);
  neko_doctor_say_problem (self, problem, remedy);
}


/**
 * neko_doctor_check_accounts:
 *
 * Looks at each account, from its token to what its Worker says of it, and at each Worker once.
 */
void
neko_doctor_check_accounts (NekoDoctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoAccountStore) store = neko_service_options_open_accounts (self->options, &error);
  GListModel *accounts;
  g_autofree char *remedy = NULL;

  if (store == NULL) {
    neko_doctor_say_problem (self, error->message, NULL);
    return;
  }

  accounts = neko_account_store_get_accounts (store);

  if (g_list_model_get_n_items (accounts) == 0) {
    remedy = g_strdup_printf ("%s account add ADDRESS URL", g_get_prgname ());
    neko_doctor_say_problem (self, "There is no account", remedy);
  }

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    check_account (self, account);
  }
}
