/* fuzz-submission-json.c - an answer that the Worker did not make, and an envelope with anything in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-json.h"
#include "neko-submission-json.h"


static NekoSubmission *
make_submission (const char *sender)
{
  NekoSubmission *submission = neko_submission_new (sender);

  neko_submission_add_recipient (submission, "b@x.org", NULL, NULL);
  neko_submission_add_recipient (submission, "c@x.org", "NEVER", NULL);

  return submission;
}


/* The Worker leaves away quotes that an address does not need, so they do not count. */
static gboolean
is_address (const char *answered,
            const char *address)
{
  g_autoptr (GString) bare = g_string_new (answered);

  g_string_replace (bare, "\"", "", 0);
  g_string_replace (bare, "\\", "", 0);

  return g_ascii_strcasecmp (bare->str, address) == 0;
}


static gboolean
has_delivery (GPtrArray  *deliveries,
              const char *address)
{
  gboolean is_there = FALSE;

  for (guint i = 0; i < deliveries->len; i++) {
    const NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    g_assert_nonnull (delivery->code);
    g_assert_nonnull (delivery->reason);
    is_there |= is_address (delivery->address, address);
  }

  return is_there;
}


/* Whatever came: it says something of everybody, or nothing of anybody. */
static void
parse_answer (const char *text)
{
  g_autoptr (NekoSubmission) submission = make_submission ("a@x.org");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = neko_json_parse_object (parser, text, strlen (text));
  g_autoptr (GPtrArray) deliveries = NULL;

  if (object == NULL)
    return;

  deliveries = neko_submission_parse_answer (submission, object);

  if (deliveries == NULL)
    return;

  g_assert_true (has_delivery (deliveries, "b@x.org"));
  g_assert_true (has_delivery (deliveries, "c@x.org"));
}


/* An envelope is one line, and says what it was made from. */
static void
make_envelope (const char *sender)
{
  g_autoptr (NekoSubmission) submission = make_submission (sender);
  g_autofree char *envelope = neko_submission_to_envelope (submission);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = neko_json_parse_object (parser, envelope, strlen (envelope));

  g_assert_true (strchr (envelope, '\n') == envelope + strlen (envelope) - 1);
  g_assert_nonnull (object);
  g_assert_cmpstr (neko_json_get_text (object, "from"), ==, sender);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  parse_answer (text);

  if (g_utf8_validate (text, -1, NULL))
    make_envelope (text);

  return 0;
}
