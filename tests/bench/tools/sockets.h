/* sockets.h - loopback sockets; whatever goes wrong ends the program, since a figure would be wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

void     bench_fail (const char *format,
                     ...) G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN;
int      bench_listen (int port);
int      bench_accept (int listener);
int      bench_try_connect (int port);
int      bench_connect (int port);
gboolean bench_try_send (int         socket,
                         const void *data,
                         size_t      length);
void     bench_send (int         socket,
                     const void *data,
                     size_t      length);
