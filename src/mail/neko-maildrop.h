/* neko-maildrop.h - where received mail is read from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-mail-error.h"
#include "neko-message-index.h"
#include "neko-message-reader.h"

G_BEGIN_DECLS

#define NEKO_TYPE_MAILDROP (neko_maildrop_get_type ())

G_DECLARE_INTERFACE (NekoMaildrop, neko_maildrop, NEKO, MAILDROP, GObject)

struct _NekoMaildropInterface {
  GTypeInterface     parent_interface;

  NekoMessageList   *(*peek_list) (NekoMaildrop *self);
  NekoMessageReader *(*peek_message) (NekoMaildrop    *self,
                                      NekoMessageList *list,
                                      size_t           position,
                                      int              lines);
  void (*list_async)    (NekoMaildrop       *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
  NekoMessageList *(*list_finish)   (NekoMaildrop *self,
                                     GAsyncResult *result,
                                     GError      **error);
  void             (*read_async)    (NekoMaildrop       *self,
                                     NekoMessageList    *list,
                                     size_t              position,
                                     int                 lines,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
  NekoMessageReader *(*read_finish) (NekoMaildrop *self,
                                     GAsyncResult *result,
                                     GError      **error);
  void               (*delete_async)  (NekoMaildrop       *self,
                                       const char *const  *ids,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
  gboolean (*delete_finish) (NekoMaildrop *self,
                             GAsyncResult *result,
                             GError      **error);
  void     (*note_read)     (NekoMaildrop    *self,
                             NekoMessageList *list,
                             size_t           position);
};

#define NEKO_MAILDROP_ALL_LINES (-1)

NekoMessageList   *neko_maildrop_peek_list (NekoMaildrop *self) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageReader *neko_maildrop_peek_message (NekoMaildrop    *self,
                                               NekoMessageList *list,
                                               size_t           position,
                                               int              lines) G_GNUC_WARN_UNUSED_RESULT;
void               neko_maildrop_list_async (NekoMaildrop       *self,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
NekoMessageList   *neko_maildrop_list_finish (NekoMaildrop *self,
                                              GAsyncResult *result,
                                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void               neko_maildrop_read_async (NekoMaildrop       *self,
                                             NekoMessageList    *list,
                                             size_t              position,
                                             int                 lines,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
NekoMessageReader *neko_maildrop_read_finish (NekoMaildrop *self,
                                              GAsyncResult *result,
                                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void               neko_maildrop_delete_async (NekoMaildrop       *self,
                                               const char *const  *ids,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
gboolean           neko_maildrop_delete_finish (NekoMaildrop *self,
                                                GAsyncResult *result,
                                                GError      **error);
void               neko_maildrop_note_read (NekoMaildrop    *self,
                                            NekoMessageList *list,
                                            size_t           position);

G_END_DECLS
