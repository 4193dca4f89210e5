/* sockets.c - loopback sockets; whatever goes wrong ends the program, since a figure would be wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* accept4 */

#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>


void
bench_fail (const char *format,
            ...)
{
  va_list arguments;

  va_start (arguments, format);
  fprintf (stderr, "%s: ", g_get_prgname ());
  vfprintf (stderr, format, arguments);
  fputc ('\n', stderr);
  va_end (arguments);
  exit (EXIT_FAILURE);
}


static struct sockaddr_in
loopback (int port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);

  return address;
}


/* Small things leave at once, as in all that is measured. */
static int
without_delay (int socket)
{
  setsockopt (socket, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof (int));

  return socket;
}


int
bench_listen (int port)
{
  struct sockaddr_in address = loopback (port);
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &(int) { 1 }, sizeof (int));

  if (bind (listener, (struct sockaddr *) &address, sizeof address) < 0 ||
      listen (listener, SOMAXCONN) < 0)
    bench_fail ("port %d: %s", port, g_strerror (errno));

  return listener;
}


int
bench_accept (int listener)
{
  int socket = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);

  if (socket < 0)
    bench_fail ("accept: %s", g_strerror (errno));

  return without_delay (socket);
}


/* A connected socket, or -1. */
int
bench_try_connect (int port)
{
  struct sockaddr_in address = loopback (port);
  int client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (connect (client, (struct sockaddr *) &address, sizeof address) == 0)
    return without_delay (client);

  close (client);

  return -1;
}


int
bench_connect (int port)
{
  int client = bench_try_connect (port);

  if (client < 0)
    bench_fail ("cannot connect to port %d", port);

  return client;
}


gboolean
bench_try_send (int         socket,
                const void *data,
                size_t      length)
{
  const char *position = data;

  while (length > 0) {
    ssize_t sent = send (socket, position, length, MSG_NOSIGNAL);

    if (sent < 0)
      return FALSE;

    position += sent;
    length -= sent;
  }

  return TRUE;
}


void
bench_send (int         socket,
            const void *data,
            size_t      length)
{
  if (!bench_try_send (socket, data, length))
    bench_fail ("cannot send: %s", g_strerror (errno));
}
