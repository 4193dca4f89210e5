/* test-client.h - a mail program that waits for its answers, in a thread beside the server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-server.h"

G_BEGIN_DECLS

typedef void (*TestClientFunc) (guint16  port,
                                gpointer user_data);

void               test_client_run (NekoServer    *server,
                                    TestClientFunc func,
                                    gpointer       user_data);
GSocketConnection *test_client_connect (guint16 port);
void               test_client_send (GSocketConnection *connection,
                                     const char        *text);
char              *test_client_read_line (GSocketConnection *connection);
char              *test_client_read_text (GSocketConnection *connection);
char              *test_client_read_end (GSocketConnection *connection);
void               test_client_expect (GSocketConnection *connection,
                                       const char        *prefix);
void               test_client_ask (GSocketConnection *connection,
                                    const char        *command,
                                    const char        *prefix);
void               test_client_settle (void);
gboolean           test_client_take (GSocketConnection *connection,
                                     GString           *text);
size_t             test_client_offer (GSocketConnection *connection,
                                      const void        *data,
                                      size_t             length);

G_END_DECLS
