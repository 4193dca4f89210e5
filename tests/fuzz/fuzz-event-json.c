/* fuzz-event-json.c - an event that the Worker did not make
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-event-json.h"


static void
assert_is_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_auto (NekoEvent) event = { 0 };
  NekoEventKind kind = neko_event_parse (&event, (const char *) data, size);

  g_assert_true (kind == NEKO_EVENT_CHANGED || event.id == NULL);
  g_assert_cmpuint (event.sequence, <=, G_MAXINT64);
  assert_is_text (event.id);
  assert_is_text (event.from);
  assert_is_text (event.subject);

  return 0;
}
