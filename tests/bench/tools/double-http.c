/* double-http.c - HTTP/1.1 on one connection, as much of it as worker-double needs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* memmem */

#include "double-http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sockets.h"


static gboolean
fill (DoubleRequest *self)
{
  ssize_t length;

  if (self->begin == self->end) {
    self->begin = 0;
    self->end = 0;
  }

  length = recv (self->socket, self->data + self->end, sizeof self->data - self->end, 0);

  if (length <= 0)
    return FALSE;

  self->end += length;

  return TRUE;
}


static gboolean
parse_head (DoubleRequest *self)
{
  const char *length;
  char *version;

  self->method = self->head;
  self->path = strchr (self->head, ' ');

  if (self->path == NULL)
    return FALSE;

  *self->path++ = '\0';
  version = strchr (self->path, ' ');
  self->fields = strstr (version != NULL ? version : self->path, "\r\n");

  if (version == NULL || self->fields == NULL)
    return FALSE;

  *version = '\0';
  self->query = strchr (self->path, '?');

  if (self->query != NULL)
    *self->query++ = '\0';

  length = double_request_get_field (self, "Content-Length", NULL);
  self->body_left = length != NULL ? strtoull (length, NULL, 10) : 0;

  return TRUE;
}


/**
 * double_request_receive:
 *
 * Waits for the head of the next request.
 *
 * Returns: %FALSE where the connection is at its end
 */
gboolean
double_request_receive (DoubleRequest *self)
{
  char *end;
  size_t length;

  while ((end = memmem (self->data + self->begin, self->end - self->begin, "\r\n\r\n", 4)) == NULL) {
    memmove (self->data, self->data + self->begin, self->end - self->begin);
    self->end -= self->begin;
    self->begin = 0;

    if (self->end >= DOUBLE_HEAD_LIMIT || !fill (self))
      return FALSE;
  }

  length = end + 2 - (self->data + self->begin);

  if (length >= DOUBLE_HEAD_LIMIT)
    return FALSE;

  memcpy (self->head, self->data + self->begin, length);
  self->head[length] = '\0';
  self->begin += length + 2;

  return parse_head (self);
}


/**
 * double_request_get_field:
 * @length: (out) (optional): of the value
 *
 * Returns: (nullable): the value, up to its CRLF
 */
const char *
double_request_get_field (DoubleRequest *self,
                          const char    *name,
                          size_t        *length)
{
  size_t name_length = strlen (name);

  for (const char *line = self->fields; line != NULL && line[2] != '\0';
       line = strstr (line + 2, "\r\n")) {
    const char *value = line + 2 + name_length;

    if (g_ascii_strncasecmp (line + 2, name, name_length) != 0 || *value != ':')
      continue;

    value += 1 + strspn (value + 1, " ");

    if (length != NULL)
      *length = strcspn (value, "\r");

    return value;
  }

  return NULL;
}


gboolean
double_request_has_field (DoubleRequest *self,
                          const char    *name,
                          const char    *value)
{
  size_t length;
  const char *is = double_request_get_field (self, name, &length);

  return is != NULL && length == strlen (value) && g_ascii_strncasecmp (is, value, length) == 0;
}


/**
 * double_request_read:
 * @data: (out) (transfer none): a part of the body, valid until the next call
 *
 * Returns: %FALSE where there is no more
 */
gboolean
double_request_read (DoubleRequest *self,
                     char         **data,
                     size_t        *length)
{
  if (self->body_left == 0 || (self->begin == self->end && !fill (self)))
    return FALSE;

  *data = self->data + self->begin;
  *length = MIN (self->body_left, self->end - self->begin);
  self->begin += *length;
  self->body_left -= *length;

  return TRUE;
}


/**
 * double_request_read_all:
 *
 * Returns: (transfer full): the body
 */
GString *
double_request_read_all (DoubleRequest *self)
{
  GString *body = g_string_new (NULL);
  char *data;
  size_t length;

  while (double_request_read (self, &data, &length))
    g_string_append_len (body, data, length);

  return body;
}


static void
send_parts (DoubleRequest *request,
            const void    *head,
            size_t         head_length,
            const void    *body,
            size_t         length)
{
  struct iovec parts[] = {
    { .iov_base = (void *) head, .iov_len = head_length },
    { .iov_base = (void *) body, .iov_len = length },
  };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
  ssize_t sent = sendmsg (request->socket, &message, MSG_NOSIGNAL);

  /* Where the client is gone, the next receive says so. */
  if (sent < 0)
    return;

  if ((size_t) sent < head_length) {
    if (!bench_try_send (request->socket, (const char *) head + sent, head_length - sent))
      return;

    sent = head_length;
  }

  sent -= head_length;
  bench_try_send (request->socket, (const char *) body + sent, length - sent);
}


/**
 * double_answer:
 * @status: as in “200 OK”
 * @fields: more of the header, each line with its CRLF
 */
void
double_answer (DoubleRequest *request,
               const char    *status,
               const char    *fields,
               const void    *body,
               size_t         length)
{
  char head[1024];
  int head_length = snprintf (head, sizeof head,
                              "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n",
                              status, length, fields);

  send_parts (request, head, head_length, body, length);
}


void
double_answer_json (DoubleRequest *request,
                    const char    *status,
                    const char    *json)
{
  double_answer (request, status, "Content-Type: application/json\r\n", json, strlen (json));
}


void
double_answer_begin_chunks (DoubleRequest *request,
                            const char    *fields)
{
  char head[1024];
  int length = snprintf (head, sizeof head,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%s\r\n", fields);

  bench_try_send (request->socket, head, length);
}


void
double_answer_chunk (DoubleRequest *request,
                     const void    *data,
                     size_t         length)
{
  char size[32];
  int size_length;

  if (length == 0)
    return;

  size_length = snprintf (size, sizeof size, "%zx\r\n", length);
  send_parts (request, size, size_length, data, length);
  bench_try_send (request->socket, "\r\n", 2);
}


void
double_answer_end_chunks (DoubleRequest *request)
{
  bench_try_send (request->socket, "0\r\n\r\n", 5);
}
