/* test-key-file.c - values of key files that may be malformed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-key-file.h"

static const struct {
  const char *value;
  const char *text;  /* (nullable): it is malformed */
  const char *first; /* (nullable): of the list */
} values[] = {
  { "",            "",         NULL   },
  { "a",           "a",        "a"    },
  { "a;b",         "a;b",      "a"    },
  { "\\sa\\n",     " a\n",     " a\n" },
  { "a\\\\",       "a\\",      "a\\"  },
  { "a\\",         NULL,       NULL   },
  { "a\\\\\\",     NULL,       NULL   },
  { "\\",          NULL,       NULL   },
  { "\\q",         NULL,       NULL   },
  { "\\q\\",       NULL,       NULL   },
  { "\\q\\\\",     NULL,       NULL   },
};


static void
test_values (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    g_auto (GStrv) texts = NULL;

    g_key_file_set_value (file, "g", "k", values[i].value);
    text = neko_key_file_dup_text (file, "g", "k", &error);
    g_assert_true (neko_key_file_dup_texts (file, "g", "k", &texts, NULL) == (values[i].text != NULL));

    g_assert_cmpstr (text, ==, values[i].text);
    g_assert_cmpstr (texts != NULL ? texts[0] : NULL, ==, values[i].first);

    if (values[i].text == NULL)
      g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
    else
      g_assert_no_error (error);
  }
}


static void
test_absent (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = neko_key_file_dup_text (file, "g", "k", &error);
  g_auto (GStrv) texts = NULL;

  g_assert_null (text);
  g_assert_true (neko_key_file_dup_texts (file, "g", "k", &texts, NULL));
  g_assert_null (texts);
  g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/key-file/values", test_values);
  g_test_add_func ("/base/key-file/absent", test_absent);

  return g_test_run ();
}
