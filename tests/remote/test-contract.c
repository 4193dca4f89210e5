/* test-contract.c - the examples that the Worker's tests read too
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "neko-dot-writer.h"
#include "neko-listing.h"
#include "neko-profile.h"
#include "neko-remote-error.h"
#include "neko-submission-json.h"

typedef void (*Check) (JsonObject *example);

static const char *folder;


static void
check_each (const char *name,
            Check       check)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *examples;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  examples = json_node_get_array (json_parser_get_root (parser));
  g_assert_cmpuint (json_array_get_length (examples), >, 0);

  for (guint i = 0; i < json_array_get_length (examples); i++) {
    JsonObject *example = json_array_get_object_element (examples, i);

    g_test_message ("%s", json_object_get_string_member (example, "name"));
    check (example);
  }
}


typedef struct {
  const char *name;
  int         code;
} Decision;

static const Decision decisions[] = {
  { "disabled",    NEKO_MAIL_ERROR_DISABLED    },
  { "gone",        NEKO_MAIL_ERROR_GONE        },
  { "quota",       NEKO_MAIL_ERROR_QUOTA       },
  { "refused",     NEKO_MAIL_ERROR_REFUSED     },
  { "sign-in",     NEKO_MAIL_ERROR_SIGN_IN     },
  { "throttled",   NEKO_MAIL_ERROR_THROTTLED   },
  { "too-large",   NEKO_MAIL_ERROR_TOO_LARGE   },
  { "unavailable", NEKO_MAIL_ERROR_UNAVAILABLE },
};

/* Those that only the window takes. */
static const Decision refusals[] = {
  { "address",      NEKO_REMOTE_ERROR_ADDRESS      },
  { "closed",       NEKO_REMOTE_ERROR_CLOSED       },
  { "domain",       NEKO_REMOTE_ERROR_DOMAIN       },
  { "invalid",      NEKO_REMOTE_ERROR_INVALID      },
  { "invite",       NEKO_REMOTE_ERROR_INVITE       },
  { "last-admin",   NEKO_REMOTE_ERROR_LAST_ADMIN   },
  { "no-such",      NEKO_REMOTE_ERROR_NO_SUCH      },
  { "not-admin",    NEKO_REMOTE_ERROR_NOT_ADMIN    },
  { "old-password", NEKO_REMOTE_ERROR_OLD_PASSWORD },
  { "password",     NEKO_REMOTE_ERROR_PASSWORD     },
  { "reserved",     NEKO_REMOTE_ERROR_RESERVED     },
  { "set-up",       NEKO_REMOTE_ERROR_SET_UP       },
  { "setup-key",    NEKO_REMOTE_ERROR_SETUP_KEY    },
  { "tagged",       NEKO_REMOTE_ERROR_TAGGED       },
  { "taken",        NEKO_REMOTE_ERROR_TAKEN        },
  { "too-many",     NEKO_REMOTE_ERROR_TOO_MANY     },
};


/* Returns -1 where there is no such decision. */
static int
decision_of (const Decision *known,
             size_t          length,
             const char     *name)
{
  for (size_t i = 0; i < length; i++) {
    if (g_str_equal (known[i].name, name))
      return known[i].code;
  }

  return -1;
}


static void
check_error (JsonObject *example)
{
  g_autofree char *body = json_to_string (json_object_get_member (example, "body"), FALSE);
  unsigned status = (unsigned) json_object_get_int_member (example, "status");
  g_autoptr (GError) error = neko_remote_error_new_for_status (status, body, (gssize) strlen (body));
  const char *decision = json_object_get_string_member (example, "decision");

  g_assert_error (error, NEKO_MAIL_ERROR,
                  decision_of (decisions, G_N_ELEMENTS (decisions), decision));
}


static void
check_refusal (JsonObject *example)
{
  g_autofree char *body = json_to_string (json_object_get_member (example, "body"), FALSE);
  unsigned status = (unsigned) json_object_get_int_member (example, "status");
  g_autoptr (GError) error = neko_remote_error_new_for_answer (status, body, (gssize) strlen (body));
  const char *decision = json_object_get_string_member (example, "decision");
  int refusal = decision_of (refusals, G_N_ELEMENTS (refusals), decision);

  if (refusal >= 0)
    g_assert_error (error, NEKO_REMOTE_ERROR, refusal);
  else
    g_assert_error (error, NEKO_MAIL_ERROR,
                    decision_of (decisions, G_N_ELEMENTS (decisions), decision));
}


static void
check_listing (JsonObject *example)
{
  const char *text = json_object_get_string_member (example, "text");
  JsonObject *parsed = json_object_get_object_member (example, "parsed");
  g_autoptr (NekoListing) listing = neko_listing_new ();
  g_autoptr (NekoMessageIndex) index = neko_message_index_new ();
  g_autoptr (NekoMessageList) list = NULL;
  JsonArray *messages;

  neko_listing_feed (listing, (const uint8_t *) text, strlen (text));
  g_assert_cmpint (neko_listing_apply (listing, index, NULL), ==,
                   json_object_get_boolean_member (parsed, "complete"));

  if (!json_object_get_boolean_member (parsed, "complete"))
    return;

  messages = json_object_get_array_member (parsed, "messages");
  list = neko_message_index_snapshot (index);
  g_assert_cmpuint (neko_message_list_get_length (list), ==, json_array_get_length (messages));
  g_assert_cmpuint (neko_message_index_get_sequence (index), ==,
                    (guint64) json_object_get_int_member (parsed, "seq"));

  for (guint i = 0; i < json_array_get_length (messages); i++) {
    JsonObject *message = json_array_get_object_element (messages, i);
    NekoMessageInfo info = neko_message_list_get (list, i);

    g_assert_cmpstr (info.id, ==, json_object_get_string_member (message, "id"));
    g_assert_cmpuint (info.octets, ==, (guint64) json_object_get_int_member (message, "octets"));
    g_assert_cmpuint (info.wire, ==, (guint64) json_object_get_int_member (message, "wire"));
  }
}


static void
check_profile (JsonObject *example)
{
  JsonObject *body = json_object_get_object_member (example, "body");
  JsonObject *senders = json_object_get_object_member (example, "maySendAs");
  g_autoptr (NekoProfile) profile = neko_profile_parse (body);
  g_autoptr (GList) addresses = json_object_get_members (senders);

  g_assert_nonnull (profile);
  g_assert_cmpstr (profile->address, ==, json_object_get_string_member (body, "address"));
  g_assert_false (profile->is_admin);
  g_assert_false (profile->is_disabled);
  g_assert_cmpuint (profile->messages, ==, 2);
  g_assert_cmpuint (profile->size, ==, 5120);
  g_assert_cmpuint (profile->quota, ==, 1073741824);
  g_assert_cmpuint (profile->max_message_size, ==, 26214400);
  g_assert_cmpuint (profile->max_recipients, ==, 50);
  g_assert_cmpuint (profile->daily_limit, ==, 500);
  g_assert_cmpuint (profile->recipients_today, ==, 3);
  g_assert_cmpstr (profile->forward, ==, "alice@elsewhere.example");
  g_assert_true (profile->forward_keeps);
  g_assert_cmpint (profile->forward_failed, ==, 0);
  g_assert_cmpuint (profile->retention_days, ==, 30);

  for (GList *link = addresses; link != NULL; link = link->next) {
    const char *address = link->data;

    g_test_message ("as %s", address);
    g_assert_cmpint (neko_profile_may_send_as (profile, address), ==,
                     json_object_get_boolean_member (senders, address));
  }
}


static const char *
string_or_null (JsonObject *object,
                const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}


static NekoSubmission *
submission_of (JsonObject *envelope)
{
  JsonArray *recipients = json_object_get_array_member (envelope, "recipients");
  NekoSubmission *submission = neko_submission_new (string_or_null (envelope, "from"));

  submission->ret = g_strdup (string_or_null (envelope, "ret"));
  submission->envelope_id = g_strdup (string_or_null (envelope, "envid"));
  submission->size = (guint64) json_object_get_int_member (envelope, "size");
  submission->sha256 = g_strdup (string_or_null (envelope, "sha256"));

  for (guint i = 0; i < json_array_get_length (recipients); i++) {
    JsonObject *recipient = json_array_get_object_element (recipients, i);

    neko_submission_add_recipient (submission, string_or_null (recipient, "address"),
                                   string_or_null (recipient, "notify"),
                                   string_or_null (recipient, "orcpt"));
  }

  return submission;
}


static gboolean
contains (JsonArray  *strings,
          const char *string)
{
  for (guint i = 0; i < json_array_get_length (strings); i++) {
    if (g_str_equal (json_array_get_string_element (strings, i), string))
      return TRUE;
  }

  return FALSE;
}


static void
check_submission (JsonObject *example)
{
  JsonObject *envelope = json_object_get_object_member (example, "envelope");
  JsonArray *refused = json_object_get_array_member (example, "refused");
  g_autoptr (NekoSubmission) submission = submission_of (envelope);
  g_autofree char *line = neko_submission_to_envelope (submission);
  g_autoptr (JsonNode) written = json_from_string (line, NULL);
  g_autoptr (GPtrArray) deliveries = NULL;

  g_assert_true (json_node_equal (written, json_object_get_member (example, "envelope")));
  g_assert_true (g_str_has_suffix (line, "}\n"));

  deliveries = neko_submission_parse_answer (submission,
                                             json_object_get_object_member (example, "answer"));
  g_assert_nonnull (deliveries);
  g_assert_cmpuint (deliveries->len, ==, submission->recipients->len);

  for (guint i = 0; i < deliveries->len; i++) {
    const NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    g_assert_cmpint (delivery->is_refused, ==, contains (refused, delivery->address));
  }
}


/* Takes the dots off that the writer put in front of lines. */
static GString *
without_stuffing (const GString *wire)
{
  GString *plain = g_string_sized_new (wire->len);
  gboolean at_start = TRUE;

  for (size_t i = 0; i < wire->len; i++) {
    if (!at_start || wire->str[i] != '.')
      g_string_append_c (plain, wire->str[i]);

    at_start = wire->str[i] == '\n';
  }

  return plain;
}


static void
check_wire (JsonObject *example)
{
  size_t length = 0;
  g_autofree guchar *bytes = g_base64_decode (string_or_null (example, "bytes"), &length);
  g_autoptr (GString) wire = g_string_new (NULL);
  g_autoptr (GString) plain = NULL;
  g_autofree char *digest = NULL;
  NekoDotWriter writer = { 0 };

  neko_dot_writer_write (&writer, wire, bytes, length);
  neko_dot_writer_finish (&writer, wire);
  g_assert_cmpuint (wire->len, >=, 3);
  g_assert_cmpmem (wire->str + wire->len - 3, 3, ".\r\n", 3);
  g_string_truncate (wire, wire->len - 3);
  plain = without_stuffing (wire);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) plain->str, plain->len);

  g_assert_cmpuint (length, ==, (size_t) json_object_get_int_member (example, "octets"));
  g_assert_cmpuint (plain->len, ==, (size_t) json_object_get_int_member (example, "wire"));
  g_assert_cmpstr (digest, ==, string_or_null (example, "crlf_sha256"));
}


static void
test_errors (void)
{
  check_each ("errors.json", check_error);
}


static void
test_listings (void)
{
  check_each ("messages-list.json", check_listing);
}


static void
test_profiles (void)
{
  check_each ("me.json", check_profile);
}


static void
test_refusals (void)
{
  check_each ("refusals.json", check_refusal);
}


static void
test_submissions (void)
{
  check_each ("submissions.json", check_submission);
}


static void
test_wire (void)
{
  check_each ("wire.json", check_wire);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  folder = argv[1];

  g_test_add_func ("/remote/contract/errors", test_errors);
  g_test_add_func ("/remote/contract/listings", test_listings);
  g_test_add_func ("/remote/contract/profiles", test_profiles);
  g_test_add_func ("/remote/contract/refusals", test_refusals);
  g_test_add_func ("/remote/contract/submissions", test_submissions);
  g_test_add_func ("/remote/contract/wire", test_wire);

  return g_test_run ();
}
