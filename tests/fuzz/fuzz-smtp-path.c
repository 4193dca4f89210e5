/* fuzz-smtp-path.c - what clients may write behind MAIL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-smtp-path.h"


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *address = NULL;
  const char *parameters = NULL;

  NekoSmtpPathStatus status = neko_smtp_path_parse (text, "FROM:", &address, &parameters);

  if (status != NEKO_SMTP_PATH_FINE && status != NEKO_SMTP_PATH_UTF8) {
    g_assert_null (address);
    return 0;
  }

  g_assert_true (g_utf8_validate (address, -1, NULL));
  g_assert_cmpint (g_str_is_ascii (address), ==, status == NEKO_SMTP_PATH_FINE);
  g_assert_cmpuint (strlen (address), <=, NEKO_SMTP_PATH_LIMIT);
  g_assert_true (*address == '\0' || strchr (address, '@') != NULL);
  g_assert_null (strpbrk (address, "\r\n"));
  g_assert_true (parameters >= text && parameters <= text + strlen (text));

  return 0;
}
