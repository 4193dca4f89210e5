/* fuzz-mask.c - a log of which nobody may learn any names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-mask.h"

#define ADDRESS "alice@neko.test"
#define HOST "mail.neko.test"


/* What is to be masked may be anything too. */
static void
mask_name (const char *name,
           const char *text)
{
  g_autoptr (NekoMask) mask = neko_mask_new ();
  g_autofree char *masked = NULL;

  neko_mask_add (mask, name, "~");
  masked = neko_mask_dup_text (mask, text);
  g_assert_true (g_utf8_validate (masked, -1, NULL));

  g_clear_pointer (&masked, g_free);
  masked = neko_mask_dup_text (mask, name);
  g_assert_true (*name == '\0' || !g_str_equal (masked, name) || g_str_equal (name, "~"));
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (NekoMask) mask = neko_mask_new ();
  g_autofree char *masked = NULL;
  g_autofree char *lower = NULL;
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);

  neko_mask_add (mask, "neko.test", "domain 1");
  neko_mask_add (mask, ADDRESS, "account 1");
  neko_mask_add (mask, HOST, "Worker 1");
  masked = neko_mask_dup_text (mask, text);

  /* Whatever came: it is text, and has none of the names. */
  g_assert_nonnull (masked);
  g_assert_true (g_utf8_validate (masked, -1, NULL));
  lower = g_ascii_strdown (masked, -1);
  g_assert_null (strstr (lower, ADDRESS));
  g_assert_null (strstr (lower, HOST));

  if (lines[0] != NULL)
    mask_name (lines[0], text);

  return 0;
}
