/* test-submission.c - which submissions are the same one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-submission.h"


static NekoSubmission *
create (const char *sender,
        const char *recipient,
        const char *sha256)
{
  NekoSubmission *submission = neko_submission_new (sender);

  if (recipient != NULL)
    neko_submission_add_recipient (submission, recipient, NULL, NULL);

  submission->sha256 = g_strdup (sha256);

  return submission;
}


static void
assert_key (const char     *account,
            NekoSubmission *submission,
            const char     *key,
            gboolean        is_same)
{
  g_autofree char *other = neko_submission_dup_key (submission, account);

  g_assert_cmpint (g_str_equal (key, other), ==, is_same);
}


/* What a client asks to be told is part of the envelope. */
static void
assert_all_differ (NekoSubmission *const *submissions)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (size_t i = 0; submissions[i] != NULL; i++)
    g_assert_true (g_hash_table_add (keys, neko_submission_dup_key (submissions[i], "a@x.org")));
}


static void
test_key (void)
{
  g_autoptr (NekoSubmission) first = create ("a@x.org", "b@x.org", "00");
  g_autoptr (NekoSubmission) same = create ("a@x.org", "b@x.org", "00");
  g_autoptr (NekoSubmission) sender = create ("c@x.org", "b@x.org", "00");
  g_autoptr (NekoSubmission) recipient = create ("a@x.org", "c@x.org", "00");
  g_autoptr (NekoSubmission) bytes = create ("a@x.org", "b@x.org", "01");
  g_autoptr (NekoSubmission) more = create ("a@x.org", "b@x.org", "00");
  g_autoptr (NekoSubmission) ret = create ("a@x.org", "b@x.org", "00");
  g_autoptr (NekoSubmission) envelope_id = create ("a@x.org", "b@x.org", "00");
  g_autoptr (NekoSubmission) none = create ("a@x.org", NULL, "00");
  g_autoptr (NekoSubmission) notify = create ("a@x.org", NULL, "00");
  g_autoptr (NekoSubmission) original = create ("a@x.org", NULL, "00");
  g_autofree char *key = neko_submission_dup_key (first, "a@x.org");

  neko_submission_add_recipient (more, "c@x.org", NULL, NULL);
  ret->ret = g_strdup ("FULL");
  envelope_id->envelope_id = g_strdup ("FULL");
  neko_submission_add_recipient (notify, "b@x.org", "NEVER", NULL);
  neko_submission_add_recipient (original, "b@x.org", NULL, "NEVER");
  assert_key ("a@x.org", same, key, TRUE);
  assert_key ("other@x.org", same, key, FALSE);
  assert_key ("a@x.org", sender, key, FALSE);
  assert_key ("a@x.org", recipient, key, FALSE);
  assert_key ("a@x.org", bytes, key, FALSE);
  assert_key ("a@x.org", more, key, FALSE);
  assert_all_differ ((NekoSubmission *[]) { first, ret, envelope_id, none, notify, original, NULL });
}


static void
test_duplicates_collapse (void)
{
  g_autoptr (NekoSubmission) submission = neko_submission_new ("a@x.org");

  g_assert_true (neko_submission_add_recipient (submission, "b@x.org", NULL, NULL));
  g_assert_false (neko_submission_add_recipient (submission, "B@X.org", NULL, NULL));
  g_assert_cmpuint (submission->recipients->len, ==, 1);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/submission/key", test_key);
  g_test_add_func ("/base/submission/duplicates-collapse", test_duplicates_collapse);

  return g_test_run ();
}
