/* secret-service.h - a keyring for tests, which does as it is told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SecretDouble:
 * @has_collection: there is a default collection
 * @is_locked: which is locked
 * @is_stalling: what is asked is answered when this is off again, see secret_double_go_on()
 * @dismisses: the user says no to every prompt
 * @token: (nullable): the only secret in it
 * @prompts: how many the user saw
 */
typedef struct {
  GDBusConnection *connection;
  unsigned         objects[5];
  unsigned         name;
  GQueue           stalled; /* GDBusMethodInvocation */
  gboolean         has_collection;
  gboolean         is_locked;
  gboolean         is_stalling;
  gboolean         dismisses;
  char            *token;
  unsigned         prompts;
} SecretDouble;

void secret_double_start (SecretDouble *self,
                          const char   *bus_address);
void secret_double_stop (SecretDouble *self);
void secret_double_set_locked (SecretDouble *self,
                               gboolean      is_locked);
void secret_double_add_collection (SecretDouble *self);
void secret_double_go_on (SecretDouble *self);

G_END_DECLS
