/* neko-remote-question.h - what the window asks a Worker, and what becomes of the answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

/**
 * NekoRemoteParse:
 *
 * Returns: (transfer full) (nullable): what the caller gets, or %NULL where the answer is malformed
 */
typedef gpointer (*NekoRemoteParse) (JsonObject *answer);

typedef struct {
  gpointer        tag;     /* the function that was called */
  const char     *method;
  const char     *path;    /* relative to the Worker's address, escaped */
  JsonBuilder    *body;    /* (nullable) */
  NekoRemoteParse parse;   /* (nullable): the answer says no more than that it was done */
  GDestroyNotify  free;    /* of what @parse returns */
} NekoRemoteQuestion;

char    *neko_remote_question_dup_path (const char *folder,
                                        const char *name) G_GNUC_WARN_UNUSED_RESULT;
void     neko_remote_question_ask (const NekoRemoteQuestion *self,
                                   NekoRemoteClient         *client,
                                   GCancellable             *cancellable,
                                   GAsyncReadyCallback       callback,
                                   gpointer                  user_data);
void     neko_remote_question_ask_at (const NekoRemoteQuestion *self,
                                      const char               *url,
                                      GCancellable             *cancellable,
                                      GAsyncReadyCallback       callback,
                                      gpointer                  user_data);
gpointer neko_remote_question_finish (GAsyncResult *result,
                                      GError      **error);
gboolean neko_remote_question_finish_done (GAsyncResult *result,
                                           GError      **error);

G_END_DECLS
