/* neko-new-mail.h - whether there is mail that nobody has seen yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

#define NEKO_TYPE_NEW_MAIL (neko_new_mail_get_type ())

G_DECLARE_FINAL_TYPE (NekoNewMail, neko_new_mail, NEKO, NEW_MAIL, GObject)

NekoNewMail *neko_new_mail_new (NekoService *service) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_new_mail_is_there (NekoNewMail *self);
void     neko_new_mail_forget (NekoNewMail *self);

G_END_DECLS
