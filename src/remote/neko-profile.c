/* neko-profile.c - what the Worker says of an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-profile.h"

#include <string.h>

#include "neko-json.h"
#include "neko-remote-json.h"


void
neko_profile_free (NekoProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->address);
  g_strfreev (self->aliases);
  g_strfreev (self->catch_all);
  g_free (self->forward);
  g_free (self);
}


static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}


static void
parse_limits (NekoProfile *self,
              JsonObject  *limits)
{
  self->max_message_size = neko_remote_json_get_number (limits, "maxMessageSize");
  self->max_recipients = neko_remote_json_get_number (limits, "maxRecipients");
  self->daily_limit = neko_remote_json_get_number (limits, "dailyLimit");
}


/**
 * neko_profile_parse:
 * @object: the answer to `GET /v1/me`
 *
 * Returns: (transfer full) (nullable): %NULL where it has no address
 */
NekoProfile *
neko_profile_parse (JsonObject *object)
{
  const char *address = neko_json_get_text (object, "address");
  JsonObject *limits = get_object (object, "limits");
  JsonObject *forward = get_object (object, "forward");
  NekoProfile *self;

  if (address == NULL)
    return NULL;

  self = g_new0 (NekoProfile, 1);
  self->address = g_strdup (address);
  self->aliases = neko_json_dup_texts (object, "aliases");
  self->catch_all = neko_json_dup_texts (object, "catchAll");
  self->is_admin = g_strcmp0 (neko_json_get_text (object, "role"), "admin") == 0;
  self->is_disabled = neko_json_is_true (object, "disabled");
  self->messages = neko_remote_json_get_number (object, "messages");
  self->size = neko_remote_json_get_number (object, "size");
  self->quota = neko_remote_json_get_number (object, "quota");
  self->recipients_today = neko_remote_json_get_number (object, "recipientsToday");
  self->forward_failed = neko_remote_json_get_time (object, "forwardFailed");
  self->retention_days = neko_remote_json_get_number (object, "retentionDays");

  if (limits != NULL)
    parse_limits (self, limits);

  if (forward != NULL) {
    self->forward = neko_remote_json_dup_text (forward, "address");
    self->forward_keeps = neko_json_is_true (forward, "keep");
  }

  return self;
}


/* Whether @address is @own, or its plus-form: user+tag@domain of user@domain. */
static gboolean
is_form_of (const char *address,
            const char *own)
{
  const char *domain = strrchr (address, '@');
  const char *plus = strchr (address, '+');
  const char *own_domain = strrchr (own, '@');
  size_t user;

  if (domain == NULL || own_domain == NULL || g_ascii_strcasecmp (domain, own_domain) != 0)
    return FALSE;

  user = plus != NULL && plus < domain && plus > address ? (size_t) (plus - address)
                                                         : (size_t) (domain - address);

  return g_ascii_strcasecmp (address, own) == 0 ||
         (user == (size_t) (own_domain - own) && g_ascii_strncasecmp (address, own, user) == 0);
}


static gboolean
is_in_domain (const char *address,
              const char *domain)
{
  const char *at = strrchr (address, '@');

  return at != NULL && at > address && g_ascii_strcasecmp (at + 1, domain) == 0;
}


/**
 * neko_profile_may_send_as:
 *
 * Returns: whether @address is the account's, one of its aliases or a plus-form of these, or in a
 *   domain that it catches all of; there the Worker has the last word, since others may live in it
 */
gboolean
neko_profile_may_send_as (const NekoProfile *self,
                          const char        *address)
{
  gboolean is_own = is_form_of (address, self->address);

  for (size_t i = 0; !is_own && self->aliases[i] != NULL; i++)
    is_own = is_form_of (address, self->aliases[i]);

  for (size_t i = 0; !is_own && self->catch_all[i] != NULL; i++)
    is_own = is_in_domain (address, self->catch_all[i]);

  return is_own;
}


/**
 * neko_profile_has_address:
 *
 * Returns: whether @address is the account's or one of its aliases; a plus-form is not
 */
gboolean
neko_profile_has_address (const NekoProfile *self,
                          const char        *address)
{
  gboolean is_own = g_ascii_strcasecmp (address, self->address) == 0;

  for (size_t i = 0; !is_own && self->aliases[i] != NULL; i++)
    is_own = g_ascii_strcasecmp (address, self->aliases[i]) == 0;

  return is_own;
}
