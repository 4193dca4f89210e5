/* neko-service-private.h - what the parts of a service share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-authenticator.h"
#include "neko-service.h"
#include "neko-sleep-watch.h"
#include "neko-spool.h"

G_BEGIN_DECLS

struct _NekoService {
  GObject              parent_instance;

  NekoAccountStore    *accounts;
  NekoTokenStore      *tokens;
  NekoServiceSettings *settings;
  NekoSpool           *spool;
  NekoCertificate     *certificate;
  NekoStatistics      *statistics;
  NekoSleepWatch      *sleep;     /* (nullable): before it was started */
  GListStore          *mailboxes; /* NekoMailbox, as in accounts */
  NekoServer          *pop3;
  NekoServer          *smtp;
  gboolean             is_configuring;
  gboolean             is_started;
  gboolean             is_serving; /* from start to stop */
  gboolean             is_paused;
};

/* neko-service.c */
void         neko_service_tell_of_change (NekoService *self);

/* neko-service-authenticator.c */
void         neko_service_authenticator_init (NekoAuthenticatorInterface *iface);

/* neko-service-mailboxes.c */
NekoMailbox *neko_service_get_mailbox (NekoService *self,
                                       guint        position);
void         neko_service_follow_accounts (NekoService *self);
void         neko_service_begin_to_watch (NekoService *self);

G_END_DECLS
