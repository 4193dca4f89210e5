/* neko-authenticator.c - who may log in to the mail servers, and to whose mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-authenticator.h"

G_DEFINE_INTERFACE (NekoAuthenticator, neko_authenticator, G_TYPE_OBJECT)


static void
neko_authenticator_default_init (NekoAuthenticatorInterface *iface)
{
}


/**
 * neko_authenticator_log_in:
 * @user: an account's address
 * @password: a bridge password
 * @maildrop: (out) (transfer full): the account's received mail
 * @outbox: (out) (transfer full): where the account sends from
 * @credential: (out) (transfer full) (optional): what stands for the bridge password and cannot be used as one; the same
 *   for everybody who logs in with it
 *
 * Checks a log-in against what is kept on this computer; it takes no time and asks nobody, so it is
 * not asynchronous.
 *
 * Returns: %FALSE with @error %NEKO_MAIL_ERROR_PASSWORD where the log-in is wrong
 */
gboolean
neko_authenticator_log_in (NekoAuthenticator *self,
                           const char        *user,
                           const char        *password,
                           NekoMaildrop     **maildrop,
                           NekoOutbox       **outbox,
                           char             **credential,
                           GError           **error)
{
  g_autofree char *unasked = NULL;

  g_return_val_if_fail (NEKO_IS_AUTHENTICATOR (self), FALSE);

  return NEKO_AUTHENTICATOR_GET_IFACE (self)->log_in (self, user, password, maildrop, outbox,
                                                      credential != NULL ? credential : &unasked, error);
}
