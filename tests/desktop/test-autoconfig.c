/* test-autoconfig.c - what Thunderbird on this computer finds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-autoconfig.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define DOMAIN "neko.test"

typedef struct {
  char         *folder;
  char         *path;   /* of the file in it */
  char         *text;
  GAsyncResult *result; /* (nullable): nothing came yet */
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autofree char *name = g_strconcat (DOMAIN, ".xml", NULL);

  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, name, NULL);
  fixture->text = neko_autoconfig_dup_text (DOMAIN, 11110, 11587);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_remove (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->text);
  g_clear_object (&fixture->result);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}


static gboolean
install (Fixture *fixture,
         GError **error)
{
  g_clear_object (&fixture->result);
  neko_autoconfig_install_async (fixture->folder, DOMAIN, fixture->text, NULL, done_cb, fixture);

  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return neko_autoconfig_install_finish (fixture->result, error);
}


static void
text_cb (GMarkupParseContext *context,
         const char          *text,
         gsize                length,
         gpointer             user_data,
         GError             **error)
{
  const char *element = g_markup_parse_context_get_element (context);

  if (g_str_equal (element, "port") || g_str_equal (element, "hostname") || g_str_equal (element, "username") ||
      g_str_equal (element, "domain") || g_str_equal (element, "socketType"))
    g_string_append_printf (user_data, "%s=%.*s ", element, (int) length, text);
}


static void
test_text (void)
{
  g_autofree char *text = neko_autoconfig_dup_text (DOMAIN, 11110, 11587);
  g_autoptr (GString) found = g_string_new (NULL);
  const GMarkupParser parser = { .text = text_cb };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, found, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_markup_parse_context_parse (context, text, -1, &error));
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  g_assert_cmpstr (found->str, ==,
                   "domain=" DOMAIN " "
                   "hostname=127.0.0.1 port=11110 socketType=plain username=%EMAILADDRESS% "
                   "hostname=127.0.0.1 port=11587 socketType=plain username=%EMAILADDRESS% ");
}


static void
test_no_domain (void)
{
  const char *const others[] = { "", ".", "../../etc", "a/b", "a<b", ".hidden", "münchen.de" };

  for (size_t i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (neko_autoconfig_dup_text (others[i], 1, 2));
}


static void
test_written (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (neko_autoconfig_has (fixture->folder, DOMAIN, fixture->text));
  g_assert_true (install (fixture, &error));
  g_assert_no_error (error);
  g_assert_true (neko_autoconfig_has (fixture->folder, DOMAIN, fixture->text));
  g_assert_false (neko_autoconfig_has (fixture->folder, DOMAIN, "another one"));
}


/* As polkit's own: what the user said is its exit status. */
static void
make_pkexec (const char *body)
{
  g_autofree char *folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pkexec", NULL);
  g_autofree char *search = g_strconcat (folder, ":/usr/bin:/bin", NULL);
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", body, "\n", NULL);

  g_assert_true (g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_setenv ("PATH", search, TRUE);
}


/* A folder that is not there cannot be written by anybody, root included. */
static void
lose_folder (Fixture *fixture)
{
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
}


static void
test_asked_for (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lose_folder (fixture);
  make_pkexec ("exec \"$@\"");
  g_assert_true (install (fixture, &error));
  g_assert_no_error (error);
  g_assert_true (neko_autoconfig_has (fixture->folder, DOMAIN, fixture->text));
}


static void
test_refused (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lose_folder (fixture);
  make_pkexec ("exit 126");
  g_assert_false (install (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}


static void
test_failed (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lose_folder (fixture);
  make_pkexec ("echo 'no space left' >&2; exit 1");
  g_assert_false (install (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "no space left");
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/desktop/autoconfig/text", test_text);
  g_test_add_func ("/desktop/autoconfig/no-domain", test_no_domain);
  g_test_add ("/desktop/autoconfig/written", Fixture, NULL, set_up, test_written, tear_down);
  g_test_add ("/desktop/autoconfig/asked-for", Fixture, NULL, set_up, test_asked_for, tear_down);
  g_test_add ("/desktop/autoconfig/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/desktop/autoconfig/failed", Fixture, NULL, set_up, test_failed, tear_down);

  return g_test_run ();
}
