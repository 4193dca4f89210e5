/* neko-model.h - what the window shows: the accounts, and how the program in the background is doing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account-item.h"
#include "neko-account-store.h"
#include "neko-control-bus.h"

G_BEGIN_DECLS

#define NEKO_TYPE_MODEL (neko_model_get_type ())

G_DECLARE_FINAL_TYPE (NekoModel, neko_model, NEKO, MODEL, GObject)

NekoModel        *neko_model_new (GDBusConnection *bus,
                                  const char      *name,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
NekoControl      *neko_model_get_control (NekoModel *self);
GVariant         *neko_model_dup_status (NekoModel          *self,
                                         const char         *name,
                                         const GVariantType *type) G_GNUC_WARN_UNUSED_RESULT;
gboolean          neko_model_is_set (NekoModel  *self,
                                     const char *name);
gboolean          neko_model_is_overridden (NekoModel  *self,
                                            const char *key);
gboolean          neko_model_is_known (NekoModel *self);
GListModel       *neko_model_get_accounts (NekoModel *self);
NekoAccountItem  *neko_model_find_account (NekoModel  *self,
                                           const char *address);
NekoAccountStore *neko_model_get_store (NekoModel *self);
NekoTokenStore   *neko_model_get_tokens (NekoModel *self);
GSettings        *neko_model_get_settings (NekoModel *self);
const char       *neko_model_get_token_file (NekoModel *self);
const char       *neko_model_get_program (NekoModel *self);

G_END_DECLS
