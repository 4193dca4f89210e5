/* fuzz-answer.c - an answer to the window that the Worker did not make
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-json.h"
#include "neko-remote-audit-json.h"
#include "neko-remote-devices-json.h"
#include "neko-remote-diagnostics-json.h"
#include "neko-remote-info-json.h"
#include "neko-remote-invites-json.h"
#include "neko-remote-question.h"
#include "neko-remote-users-json.h"


/* What is shown is what the answer says, without what would do more than be seen. */
static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));

  for (; *text != '\0'; text = g_utf8_next_char (text))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (text)));
}


static void
check_texts (GStrv texts)
{
  for (size_t i = 0; texts[i] != NULL; i++)
    check_text (texts[i]);
}


static void
check_optional (const char *text)
{
  if (text != NULL)
    check_text (text);
}


static void
check_info (gpointer parsed)
{
  const NekoRemoteInfo *info = parsed;

  g_assert_cmpstr (info->name, ==, "Neko Mail");
  check_text (info->version);
  check_texts (info->domains);
  g_assert_nonnull (neko_remote_registration_to_text (info->registration));
}


static void
check_user (gpointer parsed)
{
  const NekoRemoteUser *user = parsed;

  check_text (user->address);
  check_texts (user->aliases);
  check_texts (user->catch_all);
  check_optional (user->forward);
  g_assert_cmpint (user->created, >=, 0);
}


static void
check_users (gpointer parsed)
{
  for (guint i = 0; i < g_list_model_get_n_items (parsed); i++) {
    g_autoptr (NekoRemoteUser) user = g_list_model_get_item (parsed, i);

    check_user (user);
  }
}


static void
check_invite (gpointer item)
{
  const NekoRemoteInvite *invite = item;

  g_assert_nonnull (invite->id);
  check_text (invite->note);
  check_optional (invite->created_by);
  check_optional (invite->code);
}


static void
check_new_invite (gpointer parsed)
{
  const NekoRemoteInvite *invite = parsed;

  g_assert_nonnull (invite->code);
  check_invite (parsed);
}


static void
check_device (gpointer item)
{
  const NekoRemoteDevice *device = item;

  g_assert_nonnull (device->id);
  check_text (device->name);
}


static void
check_check (gpointer item)
{
  const NekoRemoteCheck *check = item;

  check_text (check->check);
  check_text (check->finding);
  check_optional (check->domain);
  check_optional (check->remedy);
}


static void
check_entry (gpointer item)
{
  const NekoRemoteAuditEntry *entry = item;

  g_assert_cmpuint (entry->number, >, 0);
  check_text (entry->actor);
  check_text (entry->action);
  check_text (entry->subject);
  check_texts (entry->details);
}


static const struct {
  char            first; /* octet of the input, behind which the answer is */
  NekoRemoteParse parse;
  GDestroyNotify  free;
  void            (*check) (gpointer parsed);
  void            (*check_item) (gpointer item); /* where it is an array */
} parsers[] = {
  { 'a', neko_remote_audit_parse,       (GDestroyNotify) g_ptr_array_unref,       NULL,             check_entry  },
  { 'c', neko_remote_diagnostics_parse, (GDestroyNotify) g_ptr_array_unref,       NULL,             check_check  },
  { 'd', neko_remote_devices_parse,     (GDestroyNotify) g_ptr_array_unref,       NULL,             check_device },
  { 'i', neko_remote_info_parse,        (GDestroyNotify) neko_remote_info_free,   check_info,       NULL         },
  { 'l', neko_remote_invites_parse,     (GDestroyNotify) g_ptr_array_unref,       NULL,             check_invite },
  { 'n', neko_remote_invites_parse_new, (GDestroyNotify) neko_remote_invite_free, check_new_invite, NULL         },
  { 'o', neko_remote_users_parse_one,   g_object_unref,                           check_user,       NULL         },
  { 'u', neko_remote_users_parse,       g_object_unref,                           check_users,      NULL         },
};


static void
check_items (GPtrArray *items,
             void (    *check ) (gpointer item))
{
  for (guint i = 0; i < items->len; i++)
    check (g_ptr_array_index (items, i));
}


static void
check_answer (size_t      parser,
              JsonObject *answer)
{
  gpointer parsed = parsers[parser].parse (answer);

  if (parsed == NULL)
    return;

  if (parsers[parser].check_item != NULL)
    check_items (parsed, parsers[parser].check_item);
  else
    parsers[parser].check (parsed);

  parsers[parser].free (parsed);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *answer = size > 0 ? neko_json_parse_object (parser, (const char *) data + 1, size - 1) : NULL;

  for (size_t i = 0; answer != NULL && i < G_N_ELEMENTS (parsers); i++) {
    if (data[0] == parsers[i].first)
      check_answer (i, answer);
  }

  return 0;
}
