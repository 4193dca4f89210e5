/* neko-conversation.h - what a mail program and we say, for whoever looks for what is wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *protocol;
  unsigned    number; /* to tell conversations that go on at the same time from each other */
  const char *verb;   /* (nullable): of the command that is answered next; one of our own strings */
} NekoConversation;

void neko_conversation_init (NekoConversation *self,
                             const char       *protocol);
void neko_conversation_note (NekoConversation *self,
                             const GString    *output,
                             size_t            start);

G_END_DECLS
