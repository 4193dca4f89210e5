/* neko-guest.c - who logged in on one connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-guest.h"

/**
 * NekoGuest:
 *
 * The authenticator of one connection. It asks the real one, and remembers which mail was given out, so
 * that the connections of an account can be found when the account goes.
 */
struct _NekoGuest {
  GObject            parent_instance;

  NekoAuthenticator *authenticator;
  NekoMaildrop      *maildrop; /* (nullable): before a log-in */
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
                   GError           **error)
{
  NekoGuest *self = NEKO_GUEST (authenticator);

  if (!neko_authenticator_log_in (self->authenticator, user, password, maildrop, outbox, error))
    return FALSE;

  g_set_object (&self->maildrop, *maildrop);

  return TRUE;
}


static void
neko_guest_authenticator_init (NekoAuthenticatorInterface *iface)
{
  iface->log_in = neko_guest_log_in;
}


/**
 * neko_guest_has:
 *
 * Returns: whether the log-in gave @maildrop out
 */
gboolean
neko_guest_has (NekoGuest    *self,
                NekoMaildrop *maildrop)
{
  g_return_val_if_fail (NEKO_IS_GUEST (self), FALSE);

  return self->maildrop == maildrop;
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
neko_guest_class_init (NekoGuestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_guest_dispose;
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
