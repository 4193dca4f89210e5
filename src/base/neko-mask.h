/* neko-mask.h - text without the names of people and places
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _NekoMask NekoMask;

NekoMask *neko_mask_new (void) G_GNUC_WARN_UNUSED_RESULT;
void      neko_mask_free (NekoMask *self);
void      neko_mask_add (NekoMask   *self,
                         const char *name,
                         const char *replacement);
char     *neko_mask_dup_text (NekoMask   *self,
                              const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMask, neko_mask_free)

G_END_DECLS
