/* neko-profile.h - what the Worker says of an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Numbers are 0 where it does not say. */
typedef struct {
  char    *address;
  GStrv    aliases;
  GStrv    catch_all;        /* domains whose unknown addresses lead to the account */
  gboolean is_admin;
  gboolean is_disabled;
  guint64  messages;
  guint64  size;             /* of all of them, octets */
  guint64  quota;            /* octets */
  guint64  max_message_size; /* octets */
  guint64  max_recipients;   /* of a message */
  guint64  daily_limit;      /* of recipients */
  guint64  recipients_today;
  char    *forward;          /* (nullable): where mail goes on to */
  gboolean forward_keeps;    /* and is kept here too */
  gint64   forward_failed;   /* seconds since 1970, 0 where all went well */
  guint64  retention_days;   /* after which mail is deleted, 0 for never */
} NekoProfile;

NekoProfile *neko_profile_parse (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;
void         neko_profile_free (NekoProfile *self);
gboolean     neko_profile_may_send_as (const NekoProfile *self,
                                       const char        *address);
gboolean     neko_profile_has_address (const NekoProfile *self,
                                       const char        *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoProfile, neko_profile_free)

G_END_DECLS
