/* fuzz-autostart-entry.c - a desktop entry that somebody else wrote
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-autostart-entry.h"


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GBytes) on = neko_autostart_entry_turn_on (text);
  g_autoptr (GBytes) on_again = neko_autostart_entry_turn_on (on);
  g_autoptr (GBytes) off = neko_autostart_entry_turn_off (on, TRUE);
  g_autoptr (GBytes) off_alone = neko_autostart_entry_turn_off (text, FALSE);

  /* Whatever was there: each switch does what it says, and a file does not grow each time. It may shrink: GLib drops a
   * CR before the end of a line that it wrote itself. */
  neko_autostart_entry_is_on (text);
  g_assert_true (neko_autostart_entry_is_on (on));
  g_assert_cmpuint (g_bytes_get_size (on_again), <=, g_bytes_get_size (on));
  g_assert_false (neko_autostart_entry_is_on (off));
  g_assert_true (off_alone == NULL || !neko_autostart_entry_is_on (off_alone));

  return 0;
}
