/* neko-private-file.c - whether a file is fit to hold a secret
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-private-file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>


static gboolean
is_own (const struct stat *status)
{
  return status->st_uid == geteuid () && (status->st_mode & 077) == 0;
}


/* systemd gives a credential to a service in a file that not even root writes: an entry of its access control list,
 * which stat() shows as what root's group may do, lets the service read it. */
static gboolean
is_lent_by_root (const struct stat *status)
{
  return status->st_uid == 0 && status->st_gid == 0 && (status->st_mode & 0337) == 0;
}


/**
 * neko_private_file_check:
 * @descriptor: of an open file
 * @limit: octets that it may have
 *
 * Returns: (nullable): why it is not to be read, %NULL where it may be
 */
const char *
neko_private_file_check (int     descriptor,
                         goffset limit)
{
  struct stat status;

  if (fstat (descriptor, &status) < 0)
    return g_strerror (errno);

  if (!S_ISREG (status.st_mode) || !(is_own (&status) || is_lent_by_root (&status)))
    return "it has to be a file of your own that nobody else can read (chmod 600)";

  return status.st_size <= limit ? NULL : "it is too large to be one";
}
