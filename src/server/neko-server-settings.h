/* neko-server-settings.h - what a server listens on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-listener.h"

G_BEGIN_DECLS

/**
 * NekoServerSettings:
 * @port: for clear text, 0 for any that is free
 * @tls_port: where TLS comes first, 0 for any that is free
 * @address: (nullable): where other computers may come in, with TLS: an IP address, 0.0.0.0 or :: for
 *   all of this one; %NULL for the loopback interface alone, where the server always listens
 * @has_tls: whether TLS is offered on the loopback interface
 * @certificate: (nullable): needed for @address and @has_tls, unless these have a problem
 * @port_problem: (nullable): why @port cannot be
 * @tls_port_problem: (nullable): why @tls_port cannot be
 * @address_problem: (nullable): why @address cannot be
 *
 * Problems are sentences to be shown by the listener that they keep from starting.
 */
typedef struct {
  guint16          port;
  guint16          tls_port;
  const char      *address;
  gboolean         has_tls;
  GTlsCertificate *certificate;
  const char      *port_problem;
  const char      *tls_port_problem;
  const char      *address_problem;
} NekoServerSettings;

GPtrArray *neko_server_settings_list (const NekoServerSettings *settings,
                                      const char               *protocol,
                                      const char               *tls_protocol) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
