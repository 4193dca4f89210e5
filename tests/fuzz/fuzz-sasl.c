/* fuzz-sasl.c - what clients may answer to a challenge
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-sasl.h"


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (NekoSasl) sasl = neko_sasl_new ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 4);
  NekoSaslStatus status = NEKO_SASL_MALFORMED;

  if (lines[0] != NULL)
    status = neko_sasl_start (sasl, lines[0]);

  for (size_t i = 1; status == NEKO_SASL_CHALLENGE && lines[i] != NULL; i++)
    status = neko_sasl_respond (sasl, lines[i]);

  if (status == NEKO_SASL_READY) {
    g_autofree char *user = neko_sasl_steal_user (sasl);
    g_autoptr (NekoSecret) password = neko_sasl_steal_password (sasl);

    g_assert_cmpstr (user, !=, "");
    g_assert_nonnull (password);
  }

  return 0;
}
