/* neko-guest.c - who logged in on one connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-guest.h"

/**
 * NekoGuest:
 *
 * The authenticator of one connection. It asks the real one, and remembers which mail was given out and for what, so
 * that the connections of an account, or of a bridge password, can be found when that goes.
 */
struct _NekoGuest {
  GObject            parent_instance;

  NekoAuthenticator *authenticator;
  NekoMaildrop      *maildrop;   /* (nullable): before a log-in */
  char              *credential; /* (nullable): the same */
};

static void neko_guest_authenticator_init (NekoAuthenticatorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoGuest, neko_guest, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_AUTHENTICATOR,
                                                      neko_guest_authenticator_init))


static gboolean
neko_guest_log_in (NekoAuthenticator *authenticator,
                   const char        *user,
                   const char        *password,
                   NekoMaildrop     **maildrop,
                   NekoOutbox       **outbox,
                   char             **credential,
                   GError           **error)
{
  NekoGuest *self = NEKO_GUEST (authenticator);

  if (!neko_authenticator_log_in (self->authenticator, user, password, maildrop, outbox, credential, error))
    return FALSE;

  g_set_object (&self->maildrop, *maildrop);
  g_free (self->credential);
  self->credential = g_strdup (*credential);

  return TRUE;
}


static void
neko_guest_authenticator_init (NekoAuthenticatorInterface *iface)
{
  iface->log_in = neko_guest_log_in;
}


/**
 * neko_guest_may_stay:
 * @maildrop: what is no longer given out to everybody
 * @credentials: (element-type utf8): to whom it still is
 *
 * Returns: whether the log-in was to something else, or with one of @credentials
 */
gboolean
neko_guest_may_stay (NekoGuest    *self,
                     NekoMaildrop *maildrop,
                     GPtrArray    *credentials)
{
  g_return_val_if_fail (NEKO_IS_GUEST (self), FALSE);

  return self->maildrop != maildrop ||
         g_ptr_array_find_with_equal_func (credentials, self->credential, g_str_equal, NULL);
}


static void
neko_guest_dispose (GObject *object)
{
  NekoGuest *self = NEKO_GUEST (object);

  g_clear_object (&self->authenticator);
  g_clear_object (&self->maildrop);

  G_OBJECT_CLASS (neko_guest_parent_class)->dispose (object);
}


static void
neko_guest_finalize (GObject *object)
{
  g_free (NEKO_GUEST (object)->credential);

  G_OBJECT_CLASS (neko_guest_parent_class)->finalize (object);
}


static void
neko_guest_class_init (NekoGuestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_guest_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_guest_finalize;
}


static void
neko_guest_init (NekoGuest *self)
{
}


NekoGuest *
neko_guest_new (NekoAuthenticator *authenticator)
{
  NekoGuest *self = g_object_new (NEKO_TYPE_GUEST, NULL);

  self->authenticator = g_object_ref (authenticator);

  return self;
}
