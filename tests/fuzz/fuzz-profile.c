/* fuzz-profile.c - an account that the Worker did not describe
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-json.h"
#include "neko-profile.h"


/* An address, and its plus-form, whatever it is: who may send as one may send as the other. */
static void
check_address (const NekoProfile *profile,
               const char        *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *tagged = NULL;

  if (at == NULL || at == address || strchr (address, '+') != NULL)
    return;

  tagged = g_strdup_printf ("%.*s+tag%s", (int) (at - address), address, at);
  g_assert_true (neko_profile_may_send_as (profile, address));
  g_assert_true (neko_profile_may_send_as (profile, tagged));
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = neko_json_parse_object (parser, text, strlen (text));
  g_autoptr (NekoProfile) profile = object != NULL ? neko_profile_parse (object) : NULL;

  if (profile == NULL)
    return 0;

  g_assert_nonnull (profile->address);
  check_address (profile, profile->address);
  g_assert_false (neko_profile_may_send_as (profile, ""));

  for (size_t i = 0; profile->aliases[i] != NULL; i++)
    check_address (profile, profile->aliases[i]);

  return 0;
}
