/* neko-notifier.h - tells the user of new mail, and of what only the user can mend
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

/**
 * NekoNotifierTiming:
 * @settle: until messages are shown that came together
 * @patience: the same where a mail program logged in lately, which may be about to fetch them
 * @lately: how long ago that is
 * @problem: until something that is wrong is told of; much goes away by itself
 * @keyring: the same for the keyring, which opens a while after the start of a session
 *
 * All in milliseconds.
 */
typedef struct {
  unsigned settle;
  unsigned patience;
  unsigned lately;
  unsigned problem;
  unsigned keyring;
} NekoNotifierTiming;

#define NEKO_TYPE_NOTIFIER (neko_notifier_get_type ())

G_DECLARE_FINAL_TYPE (NekoNotifier, neko_notifier, NEKO, NOTIFIER, GObject)

NekoNotifier *neko_notifier_new (GApplication *application,
                                 NekoService  *service) G_GNUC_WARN_UNUSED_RESULT;
NekoNotifier *neko_notifier_new_full (GApplication             *application,
                                      NekoService              *service,
                                      const NekoNotifierTiming *timing) G_GNUC_WARN_UNUSED_RESULT;
void          neko_notifier_forget_mail (NekoNotifier *self);
gboolean      neko_notifier_has_mail (NekoNotifier *self);

G_END_DECLS
