/* neko-secret.c - memory that holds a secret and is wiped before it is given back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-secret.h"

#include <errno.h>
#include <string.h>
#include <stdint.h>
#include <sys/random.h>


/**
 * neko_secret_wipe:
 * @memory: (nullable): what to overwrite
 * @length: its length in bytes
 *
 * Overwrites @memory in a way that the compiler does not optimise away.
 */
void
neko_secret_wipe (void  *memory,
                  size_t length)
{
  if (memory != NULL)
    explicit_bzero (memory, length);
}


/**
 * neko_secret_free:
 * @secret: (transfer full) (nullable): a NUL-terminated secret from the GLib allocator
 *
 * Wipes @secret and frees it.
 */
void
neko_secret_free (char *secret)
{
  if (secret == NULL)
    return;

  neko_secret_wipe (secret, strlen (secret));
  g_free (secret);
}


/**
 * neko_secret_equal:
 *
 * Compares in a time that depends on @length only, so that an answer's delay says nothing about how
 * much of a guess was right.
 *
 * Returns: whether both are the same bytes
 */
gboolean
neko_secret_equal (const void *first,
                   const void *second,
                   size_t      length)
{
  const volatile uint8_t *left = first;
  const volatile uint8_t *right = second;
  uint8_t difference = 0;

  for (size_t i = 0; i < length; i++)
    difference |= left[i] ^ right[i];

  return difference == 0;
}


/**
 * neko_secret_random:
 * @memory: (out caller-allocates): where to put the bytes
 * @length: how many, at most 256
 *
 * Fills @memory from the kernel's generator; GLib's own is not made for secrets.
 *
 * Returns: %FALSE with @error set where the kernel has none to give
 */
gboolean
neko_secret_random (void    *memory,
                    size_t   length,
                    GError **error)
{
  g_return_val_if_fail (length <= 256, FALSE);

  /* Up to 256 bytes come whole or not at all, getrandom(2). */
  while (getrandom (memory, length, 0) != (ssize_t) length) {
    int reason = errno;

    if (reason == EINTR)
      continue;

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason),
                 "No random bytes from the system: %s", g_strerror (reason));
    return FALSE;
  }

  return TRUE;
}
