/* fuzz-remote-error.c - an error that the Worker did not make
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-remote-error.h"


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = neko_remote_error_new_for_status (429, (const char *) data, size);
  g_autoptr (GError) answer = neko_remote_error_new_for_answer (409, (const char *) data, size);

  g_assert_true (error->domain == NEKO_MAIL_ERROR);
  g_assert_true (answer->domain == NEKO_MAIL_ERROR || answer->domain == NEKO_REMOTE_ERROR);

  return 0;
}
