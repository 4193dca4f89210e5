/* fuzz-account-file.c - a file of accounts that we did not write
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-account-file.h"


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = neko_account_file_parse ((const char *) data, size, &error);

  g_assert_true ((accounts == NULL) == (error != NULL));

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    g_assert_nonnull (neko_account_get_address (g_ptr_array_index (accounts, i)));

  return 0;
}
