/* neko-spool-segment.c - a file without a name that holds many messages, one behind the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* For O_TMPFILE and preadv2(). */
#define _GNU_SOURCE

#include "neko-spool-segment.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/uio.h>
#include <unistd.h>

struct _NekoSpoolSegment {
  int      descriptor;
  gboolean always_waits; /* the file system cannot tell what is in memory */
  guint64  size;
};


static void
clear (NekoSpoolSegment *self)
{
  close (self->descriptor);
}


NekoSpoolSegment *
neko_spool_segment_ref (NekoSpoolSegment *self)
{
  return g_atomic_rc_box_acquire (self);
}


void
neko_spool_segment_unref (NekoSpoolSegment *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear);
}


/* Not every file system can make a file that never had a name. */
static int
open_unlinked (const char *folder)
{
  int descriptor = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  g_autofree char *path = NULL;

  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return descriptor;

  path = g_build_filename (folder, "spool-XXXXXX", NULL);
  descriptor = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (descriptor >= 0)
    g_unlink (path);

  return descriptor;
}


static void
set_error (GError    **error,
           const char *action)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "The spool cannot be %s: %s", action,
               g_strerror (code));
}


/**
 * neko_spool_segment_new:
 * @folder: where the file lives; made for this user alone where it is missing
 *
 * The file has no name: nobody else can open or change it, and nothing of the mail is left behind when
 * the program ends, however it ends.
 *
 * Returns: (transfer full): an empty segment, or %NULL with @error set
 */
NekoSpoolSegment *
neko_spool_segment_new (const char *folder,
                        GError    **error)
{
  NekoSpoolSegment *self;
  int descriptor = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    descriptor = open_unlinked (folder);

  if (descriptor < 0) {
    set_error (error, "made");
    return NULL;
  }

  self = g_atomic_rc_box_new0 (NekoSpoolSegment);
  self->descriptor = descriptor;

  return self;
}


guint64
neko_spool_segment_get_size (NekoSpoolSegment *self)
{
  return self->size;
}


/**
 * neko_spool_segment_append:
 *
 * Writes behind what is there. The octets go to the system's memory, and to the disk when it likes:
 * nothing has to survive here, so nothing is waited for.
 *
 * Returns: %FALSE with @error set where there is no room; what was written of it does not count
 */
gboolean
neko_spool_segment_append (NekoSpoolSegment *self,
                           const char       *data,
                           size_t            length,
                           GError          **error)
{
  size_t done = 0;

  while (done < length) {
    ssize_t written = pwrite (self->descriptor, data + done, length - done, self->size + done);

    if (written < 0 && errno == EINTR)
      continue;

    if (written <= 0) {
      set_error (error, "written");
      return FALSE;
    }

    done += written;
  }

  self->size += length;

  return TRUE;
}


/**
 * neko_spool_segment_read:
 * @may_wait: whether this thread may wait for a disk
 *
 * Returns: how many octets were read, 0 where the file is too short, -1 where it cannot be read, or
 *   %NEKO_SPOOL_WOULD_BLOCK
 */
gssize
neko_spool_segment_read (NekoSpoolSegment *self,
                         guint64           offset,
                         char             *buffer,
                         size_t            length,
                         gboolean          may_wait)
{
  struct iovec vector = { .iov_base = buffer, .iov_len = length };
  ssize_t got;

  if (!may_wait && !self->always_waits) {
    got = preadv2 (self->descriptor, &vector, 1, offset, RWF_NOWAIT);

    if (got >= 0 || (errno != EOPNOTSUPP && errno != EAGAIN && errno != EINTR))
      return got;

    if (errno != EOPNOTSUPP)
      return NEKO_SPOOL_WOULD_BLOCK;

    /* Such a file system is in memory, or stacked on another one, and has no answer. */
    self->always_waits = TRUE;
  }

  do
    got = pread (self->descriptor, buffer, length, offset);
  while (got < 0 && errno == EINTR);

  return got;
}
