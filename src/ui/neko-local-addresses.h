/* neko-local-addresses.h - where other computers may reach this one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoLocalAddress:
 * @address: an IP address
 * @name: (nullable): of the interface that has it
 */
typedef struct {
  char *address;
  char *name;
} NekoLocalAddress;

void       neko_local_address_free (NekoLocalAddress *self);
GPtrArray *neko_local_addresses_list (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
