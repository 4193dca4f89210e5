/* double-http.h - HTTP/1.1 on one connection, as much of it as worker-double needs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <stdint.h>

/* Octets of a request's head. */
#define DOUBLE_HEAD_LIMIT 16384

/**
 * DoubleRequest:
 * @path: without the query
 * @query: (nullable): what stands behind the question mark
 * @fields: the header, a line each
 * @body_left: octets of the body that were not read yet
 */
typedef struct {
  int      socket;
  char    *method;
  char    *path;
  char    *query;
  char    *fields;
  uint64_t body_left;
  size_t   begin;
  size_t   end;
  char     head[DOUBLE_HEAD_LIMIT];
  char     data[65536];
} DoubleRequest;

gboolean    double_request_receive (DoubleRequest *self);
const char *double_request_get_field (DoubleRequest *self,
                                      const char    *name,
                                      size_t        *length);
gboolean    double_request_has_field (DoubleRequest *self,
                                      const char    *name,
                                      const char    *value);
gboolean    double_request_read (DoubleRequest *self,
                                 char         **data,
                                 size_t        *length);
GString    *double_request_read_all (DoubleRequest *self) G_GNUC_WARN_UNUSED_RESULT;

void        double_answer (DoubleRequest *request,
                           const char    *status,
                           const char    *fields,
                           const void    *body,
                           size_t         length);
void        double_answer_json (DoubleRequest *request,
                                const char    *status,
                                const char    *json);
void        double_answer_begin_chunks (DoubleRequest *request,
                                        const char    *fields);
void        double_answer_chunk (DoubleRequest *request,
                                 const void    *data,
                                 size_t         length);
void        double_answer_end_chunks (DoubleRequest *request);
