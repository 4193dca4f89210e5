/* neko-remote-client.h - requests to one Worker, with one token
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "neko-mail-error.h"

G_BEGIN_DECLS

#define NEKO_TYPE_REMOTE_CLIENT (neko_remote_client_get_type ())

G_DECLARE_FINAL_TYPE (NekoRemoteClient, neko_remote_client, NEKO, REMOTE_CLIENT, GObject)

NekoRemoteClient *neko_remote_client_new (const char          *url,
                                          GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void          neko_remote_client_set_token (NekoRemoteClient *self,
                                            const char       *token);
void          neko_remote_client_set_no_token (NekoRemoteClient *self,
                                               NekoMailError     code,
                                               const char       *reason);
void          neko_remote_client_set_stall_time (NekoRemoteClient *self,
                                                 unsigned          seconds);
SoupSession  *neko_remote_client_get_session (NekoRemoteClient *self,
                                              GError          **error);
SoupMessage  *neko_remote_client_new_message (NekoRemoteClient *self,
                                              const char       *method,
                                              const char       *path) G_GNUC_WARN_UNUSED_RESULT;
void          neko_remote_client_set_json (SoupMessage *message,
                                           JsonBuilder *builder);
void          neko_remote_client_set_idempotent (SoupMessage *message);
void          neko_remote_client_send_async (NekoRemoteClient   *self,
                                             SoupMessage        *message,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
GInputStream *neko_remote_client_send_finish (NekoRemoteClient *self,
                                              GAsyncResult     *result,
                                              GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void          neko_remote_client_call_async (NekoRemoteClient   *self,
                                             SoupMessage        *message,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
JsonObject   *neko_remote_client_call_finish (NekoRemoteClient *self,
                                              GAsyncResult     *result,
                                              GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void          neko_remote_client_ask_async (NekoRemoteClient   *self,
                                            SoupMessage        *message,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
JsonObject   *neko_remote_client_ask_finish (NekoRemoteClient *self,
                                             GAsyncResult     *result,
                                             GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
