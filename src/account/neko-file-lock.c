/* neko-file-lock.c - one program at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-file-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* It is held while a few kilobytes are written.  Only a program that hangs holds it longer, and that
 * must not hang another one. */
#define WAIT_MILLISECONDS 2000
#define STEP_MILLISECONDS 10

struct _NekoFileLock {
  int descriptor;
};


static gboolean
wait_for (int descriptor)
{
  for (unsigned waited = 0; flock (descriptor, LOCK_EX | LOCK_NB) < 0;
       waited += STEP_MILLISECONDS) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || waited >= WAIT_MILLISECONDS)
      return FALSE;

    g_usleep (STEP_MILLISECONDS * 1000);
  }

  return TRUE;
}


/**
 * neko_file_lock_acquire:
 * @path: a file of its own beside the one to write, because that is replaced; it is made, and stays
 *
 * Waits for a moment where another program has it.
 *
 * Returns: (transfer full): the lock, or %NULL with @error set
 */
NekoFileLock *
neko_file_lock_acquire (const char *path,
                        GError    **error)
{
  int descriptor = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  NekoFileLock *self;
  int reason;

  if (descriptor < 0 || !wait_for (descriptor)) {
    reason = errno;

    if (descriptor >= 0)
      close (descriptor);

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason), "Cannot lock %s: %s", path,
                 reason == EWOULDBLOCK ? "another program holds it; try again"
                                       : g_strerror (reason));
    return NULL;
  }

  self = g_new (NekoFileLock, 1);
  self->descriptor = descriptor;

  return self;
}


void
neko_file_lock_release (NekoFileLock *self)
{
  if (self == NULL)
    return;

  /* Closing it unlocks it. */
  close (self->descriptor);
  g_free (self);
}
