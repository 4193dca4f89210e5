/* neko-maildrop.c - where received mail is read from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-maildrop.h"

G_DEFINE_INTERFACE (NekoMaildrop, neko_maildrop, G_TYPE_OBJECT)


static void
neko_maildrop_default_init (NekoMaildropInterface *iface)
{
}


/**
 * neko_maildrop_peek_list:
 *
 * Returns: (transfer full) (nullable): what neko_maildrop_list_async() would list, where that is known
 *   without asking anybody
 */
NekoMessageList *
neko_maildrop_peek_list (NekoMaildrop *self)
{
  NekoMaildropInterface *iface = NEKO_MAILDROP_GET_IFACE (self);

  return iface->peek_list != NULL ? iface->peek_list (self) : NULL;
}


/**
 * neko_maildrop_peek_message:
 *
 * Returns: (transfer full) (nullable): what neko_maildrop_read_async() would open, where it is at hand
 */
NekoMessageReader *
neko_maildrop_peek_message (NekoMaildrop    *self,
                            NekoMessageList *list,
                            size_t           position,
                            int              lines)
{
  NekoMaildropInterface *iface = NEKO_MAILDROP_GET_IFACE (self);

  return iface->peek_message != NULL ? iface->peek_message (self, list, position, lines) : NULL;
}


/**
 * neko_maildrop_list_async:
 *
 * Lists what is in the maildrop now, for a session that begins.
 */
void
neko_maildrop_list_async (NekoMaildrop       *self,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_MAILDROP (self));

  NEKO_MAILDROP_GET_IFACE (self)->list_async (self, cancellable, callback, user_data);
}


/**
 * neko_maildrop_list_finish:
 *
 * Returns: (transfer full): the messages in order of arrival, or %NULL with @error set in
 *   %NEKO_MAIL_ERROR
 */
NekoMessageList *
neko_maildrop_list_finish (NekoMaildrop *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return NEKO_MAILDROP_GET_IFACE (self)->list_finish (self, result, error);
}


/**
 * neko_maildrop_read_async:
 * @list: the snapshot in which the session numbers its messages
 * @position: which of them, from 0. The maildrop may guess that the next ones will be asked for
 * @lines: %NEKO_MAILDROP_ALL_LINES for the message as it was received, or the number of lines of the
 *   body to get behind the headers
 *
 * Opens a message for reading.
 */
void
neko_maildrop_read_async (NekoMaildrop       *self,
                          NekoMessageList    *list,
                          size_t              position,
                          int                 lines,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_MAILDROP (self));
  g_return_if_fail (position < neko_message_list_get_length (list));

  NEKO_MAILDROP_GET_IFACE (self)->read_async (self, list, position, lines, cancellable, callback,
                                              user_data);
}


/**
 * neko_maildrop_read_finish:
 *
 * Returns: (transfer full): the message, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
NekoMessageReader *
neko_maildrop_read_finish (NekoMaildrop *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return NEKO_MAILDROP_GET_IFACE (self)->read_finish (self, result, error);
}


/**
 * neko_maildrop_delete_async:
 * @ids: (array zero-terminated=1): ids of messages; those that are gone already are no error
 *
 * Deletes messages for good, all of them or none.
 */
void
neko_maildrop_delete_async (NekoMaildrop       *self,
                            const char *const  *ids,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_MAILDROP (self));

  NEKO_MAILDROP_GET_IFACE (self)->delete_async (self, ids, cancellable, callback, user_data);
}


/**
 * neko_maildrop_delete_finish:
 *
 * Returns: %TRUE once the deletion is durable, or %FALSE with @error set in %NEKO_MAIL_ERROR
 */
gboolean
neko_maildrop_delete_finish (NekoMaildrop *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return NEKO_MAILDROP_GET_IFACE (self)->delete_finish (self, result, error);
}


/**
 * neko_maildrop_note_read:
 *
 * Lets the maildrop know that a mail program was given the whole message.
 */
void
neko_maildrop_note_read (NekoMaildrop    *self,
                         NekoMessageList *list,
                         size_t           position)
{
  g_return_if_fail (NEKO_IS_MAILDROP (self));

  if (NEKO_MAILDROP_GET_IFACE (self)->note_read != NULL)
    NEKO_MAILDROP_GET_IFACE (self)->note_read (self, list, position);
}
