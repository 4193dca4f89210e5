/* fuzz-remote-error.c - an error that the Worker did not make
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-remote-error.h"


static const unsigned statuses[] = { 400, 401, 403, 404, 409, 413, 422, 429, 500, 507 };


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  for (size_t i = 0; i < G_N_ELEMENTS (statuses); i++) {
    g_autoptr (GError) error = neko_remote_error_new_for_status (statuses[i], (const char *) data, size);
    g_autoptr (GError) answer = neko_remote_error_new_for_answer (statuses[i], (const char *) data, size);

    g_assert_true (error->domain == NEKO_MAIL_ERROR);
    g_assert_true (answer->domain == NEKO_MAIL_ERROR || answer->domain == NEKO_REMOTE_ERROR);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    g_assert_true (g_utf8_validate (answer->message, -1, NULL));
  }

  return 0;
}
