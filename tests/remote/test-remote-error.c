/* test-remote-error.c - the Worker's errors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <string.h>

#include "neko-remote-error.h"


static void
test_statuses (void)
{
  static const struct {
    unsigned      status;
    const char   *body;
    NekoMailError code;
    const char   *words;
  } answers[] = {
    { 401, "{\"error\":{\"code\":\"unauthorized\"}}", NEKO_MAIL_ERROR_SIGN_IN, "sign in again" },
    { 403, "{\"error\":{\"code\":\"forbidden\"}}", NEKO_MAIL_ERROR_DISABLED, "disabled" },
    /* Somebody else's answer is never final. */
    { 401, "<html>", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 403, "<html>", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 404, "<html>", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 413, "", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 403, "/* x */{\"error\":{\"code\":\"forbidden\"}}", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    /* Damaged on the way, perhaps. */
    { 400, "{\"error\":{\"code\":\"invalid_request\",\"message\":\"Wrong digest\"}}",
      NEKO_MAIL_ERROR_UNAVAILABLE, "Wrong digest" },
    { 422, "{\"error\":{\"code\":\"rejected\",\"message\":\"Too many\",\"smtpCode\":\"452 4.5.3\"}}",
      NEKO_MAIL_ERROR_UNAVAILABLE, "Too many" },
    { 404, "{\"error\":{\"code\":\"not_found\",\"message\":\"No such\"}}", NEKO_MAIL_ERROR_GONE,
      "message gone" },
    { 413, "{\"error\":{\"code\":\"too_large\",\"message\":\"At most 5 MiB\"}}",
      NEKO_MAIL_ERROR_TOO_LARGE, "At most 5 MiB" },
    { 422, "{\"error\":{\"code\":\"rejected\",\"message\":\"You may not send as <x>\"}}",
      NEKO_MAIL_ERROR_REFUSED, "You may not send as <x>" },
    { 422, "{\"error\":{\"code\":\"quota_exceeded\",\"message\":\"Full\"}}",
      NEKO_MAIL_ERROR_QUOTA, "Full" },
    { 429, "{\"error\":{\"code\":\"rate_limited\",\"message\":\"Slower\",\"retryAfter\":30}}",
      NEKO_MAIL_ERROR_THROTTLED, "Slower (try again in 30 s)" },
    { 500, "<html>", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 302, "", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 500, "{\"error\":7}", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
    { 500, "[]", NEKO_MAIL_ERROR_UNAVAILABLE, "failed" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (GError) error = neko_remote_error_new_for_status (answers[i].status,
                                                                 answers[i].body,
                                                                 strlen (answers[i].body));

    g_assert_error (error, NEKO_MAIL_ERROR, (int) answers[i].code);
    g_assert_nonnull (strstr (error->message, answers[i].words));
  }
}


/* Brackets in brackets would use up json-glib's stack. */
static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (1024 * 1024, '[');
  g_autoptr (GError) error = neko_remote_error_new_for_status (500, deep, strlen (deep));

  g_assert_error (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


static void
test_network (void)
{
  g_autoptr (GError) refused = g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
  g_autoptr (GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr (GError) first = neko_remote_error_new_for_network (refused);
  g_autoptr (GError) second = neko_remote_error_new_for_network (cancelled);

  g_assert_error (first, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote/error/statuses", test_statuses);
  g_test_add_func ("/remote/error/deep", test_deep);
  g_test_add_func ("/remote/error/network", test_network);

  return g_test_run ();
}
