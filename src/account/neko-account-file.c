/* neko-account-file.c - accounts as the text of a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-file.h"

#include "neko-account-error.h"
#include "neko-key-file.h"


static gboolean
parse_passwords (NekoAccount *account,
                 GKeyFile    *file,
                 const char  *address,
                 GError     **error)
{
  g_auto (GStrv) passwords = NULL;

  if (!neko_key_file_dup_texts (file, address, "passwords", &passwords, error))
    return FALSE;

  for (size_t i = 0; passwords != NULL && passwords[i] != NULL; i++) {
    NekoBridgePassword *password = neko_bridge_password_parse (passwords[i]);

    if (password == NULL) {
      g_set_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CORRUPT,
                   "A password of %s is malformed", address);
      return FALSE;
    }

    if (!neko_account_add_password (account, password, error))
      return FALSE;
  }

  return TRUE;
}


static NekoAccount *
parse_account (GKeyFile   *file,
               const char *address,
               GError    **error)
{
  g_autofree char *url = neko_key_file_dup_text (file, address, "url", error);
  g_autoptr (NekoAccount) account = url != NULL ? neko_account_new (address, url, error) : NULL;

  if (account == NULL || !parse_passwords (account, file, address, error))
    return NULL;

  return g_steal_pointer (&account);
}


/**
 * neko_account_file_parse:
 *
 * Returns: (transfer full) (element-type NekoAccount): the accounts, or %NULL with @error set
 */
GPtrArray *
neko_account_file_parse (const char *text,
                         gsize       length,
                         GError    **error)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) addresses = NULL;

  /* GLib finds nothing wrong in no text, but says that it has no file. */
  if (length > 0 && !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error))
    return NULL;

  addresses = g_key_file_get_groups (file, NULL);

  for (size_t i = 0; addresses[i] != NULL; i++) {
    NekoAccount *account = parse_account (file, addresses[i], error);

    if (account == NULL)
      return NULL;

    g_ptr_array_add (accounts, account);
  }

  return g_steal_pointer (&accounts);
}


static void
format_account (GKeyFile    *file,
                NekoAccount *account)
{
  GPtrArray *passwords = neko_account_get_passwords (account);
  g_auto (GStrv) texts = g_new0 (char *, passwords->len + 1);

  for (guint i = 0; i < passwords->len; i++)
    texts[i] = neko_bridge_password_to_string (g_ptr_array_index (passwords, i));

  g_key_file_set_string (file, neko_account_get_address (account), "url",
                         neko_account_get_url (account));
  g_key_file_set_string_list (file, neko_account_get_address (account), "passwords",
                              (const char *const *) texts, passwords->len);
}


/**
 * neko_account_file_format:
 * @accounts: a list of #NekoAccount
 * @length: (out): of the text
 *
 * Returns: (transfer full): what neko_account_file_parse() understands; nothing of it is secret
 */
char *
neko_account_file_format (GListModel *accounts,
                          gsize      *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    format_account (file, account);
  }

  return g_key_file_to_data (file, length, NULL);
}
