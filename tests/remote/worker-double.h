/* worker-double.h - gives one answer to whatever is asked, and keeps the question
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  SoupServer *server;
  char       *url;
  unsigned    status;   /* of the answer */
  const char *answer;
  unsigned    requests;
  char       *asked;    /* (nullable): "METHOD /path?query body" of the last request */
  char       *token;    /* (nullable): its Authorization */
} WorkerDouble;

WorkerDouble *worker_double_new (GTlsCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;
void          worker_double_free (WorkerDouble *self);
GAsyncResult *worker_double_wait (GAsyncResult **result) G_GNUC_WARN_UNUSED_RESULT;
void          worker_double_done_cb (GObject      *source,
                                     GAsyncResult *result,
                                     gpointer      user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkerDouble, worker_double_free)

G_END_DECLS
