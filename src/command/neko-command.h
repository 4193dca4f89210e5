/* neko-command.h - what the commands of neko-mail and neko-maild have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service-options.h"

G_BEGIN_DECLS

/**
 * NekoExitStatus:
 * @NEKO_EXIT_DONE: it was done
 * @NEKO_EXIT_FAILED: it failed, which was said on standard error; or something is wrong, as was asked
 * @NEKO_EXIT_USAGE: the command line is not understood
 * @NEKO_EXIT_NOT_RUNNING: no Neko Mail runs that could have been asked
 *
 * They are in the man page, so they stay.
 */
typedef enum {
  NEKO_EXIT_DONE,
  NEKO_EXIT_FAILED,
  NEKO_EXIT_USAGE,
  NEKO_EXIT_NOT_RUNNING,
} NekoExitStatus;

/**
 * NekoCommandError:
 * @NEKO_COMMAND_ERROR_NOT_RUNNING: no Neko Mail runs that could be asked
 * @NEKO_COMMAND_ERROR_NOT_FOUND: what was named is not there
 * @NEKO_COMMAND_ERROR_EXISTS: what was to be made is there already
 * @NEKO_COMMAND_ERROR_OTHER_VERSION: the Neko Mail that runs does not know what is asked
 * @NEKO_COMMAND_ERROR_OUTPUT: standard output takes no more
 * @NEKO_COMMAND_ERROR_SECRET: standard input has no secret that can be one
 */
typedef enum {
  NEKO_COMMAND_ERROR_NOT_RUNNING,
  NEKO_COMMAND_ERROR_NOT_FOUND,
  NEKO_COMMAND_ERROR_EXISTS,
  NEKO_COMMAND_ERROR_OTHER_VERSION,
  NEKO_COMMAND_ERROR_OUTPUT,
  NEKO_COMMAND_ERROR_SECRET,
} NekoCommandError;

#define NEKO_COMMAND_ERROR (neko_command_error_quark ())

GQuark neko_command_error_quark (void);

/**
 * NekoCommand:
 * @options: of the command line
 * @arguments: (array zero-terminated=1): what follows the words of the command, as many as it takes
 * @wants_json: --json was given
 * @is_following: --follow was given
 *
 * Commands run and end, so unlike the rest they may block.
 */
typedef struct {
  NekoServiceOptions *options;
  char              **arguments;
  gboolean            wants_json;
  gboolean            is_following;
} NekoCommand;

/* Returns an exit status; with @error set, which is then shown, it does not matter which. */
typedef NekoExitStatus (*NekoCommandFunction) (const NekoCommand *command,
                                               GError           **error);

gboolean neko_command_flush (GError **error);

G_END_DECLS
