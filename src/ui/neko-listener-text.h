/* neko-listener-text.h - how a port of the mail servers is doing, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NekoListenerInfo:
 * @problem: (nullable): in English
 *
 * A listener as the program in the background tells of it.
 */
typedef struct {
  const char *protocol;
  const char *address;
  const char *state;
  const char *problem;
  unsigned    port;
} NekoListenerInfo;

void  neko_listener_info_read (NekoListenerInfo *info,
                               GVariant         *status);
char *neko_listener_text_dup (const NekoListenerInfo *info) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
