/* neko-pause-command.c - neko-maild pause, resume and check
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pause-command.h"

#include <stdio.h>

#include "neko-instance.h"


static NekoExitStatus
call (const char *method,
      GVariant   *arguments,
      const char *answer,
      GError    **error)
{
  g_autoptr (GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr (NekoControl) instance = neko_instance_find (error);
  g_autoptr (GVariant) nothing = NULL;

  if (instance != NULL)
    nothing = neko_instance_call (instance, method, owned, error);

  if (nothing == NULL)
    return NEKO_EXIT_NOT_RUNNING;

  puts (answer);

  return NEKO_EXIT_DONE;
}


NekoExitStatus
neko_pause_command_pause (const NekoCommand *command,
                          GError           **error)
{
  return call ("SetPaused", g_variant_new ("(b)", TRUE),
               "Paused: mail programs cannot log in until “resume”, or until it is started anew", error);
}


NekoExitStatus
neko_pause_command_resume (const NekoCommand *command,
                           GError           **error)
{
  return call ("SetPaused", g_variant_new ("(b)", FALSE), "Mail programs can log in", error);
}


NekoExitStatus
neko_pause_command_check (const NekoCommand *command,
                          GError           **error)
{
  return call ("Check", NULL, "Every account asks its Worker now, see “status”", error);
}
