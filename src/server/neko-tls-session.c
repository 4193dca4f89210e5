/* neko-tls-session.c - the server's side of TLS on a socket that is never waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tls-session.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "neko-secret.h"

/**
 * NekoTlsSession:
 *
 * GIO shakes hands and closes in threads, of which there are few: clients that do not go on would keep
 * them, and what else needs a thread would wait. Here the handshake takes steps when the socket is
 * ready, like everything else on it.
 */
struct _NekoTlsSession {
  gnutls_session_t session;
  GTlsCertificate *certificate; /* owns the credentials */
  gboolean         is_open;     /* hands are shaken, and its end was not said */
};

static G_DEFINE_QUARK (neko-tls-credentials, neko_tls_credentials)


static gboolean
check (int      result,
       GError **error)
{
  if (result >= 0)
    return TRUE;

  g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_MISC, gnutls_strerror (result));

  return FALSE;
}


static void
append_pem (GString         *chain,
            GTlsCertificate *certificate)
{
  g_autofree char *pem = NULL;

  g_object_get (certificate, "certificate-pem", &pem, NULL);
  g_string_append (chain, pem);
}


static gboolean
load_certificate (gnutls_certificate_credentials_t credentials,
                  GTlsCertificate                 *certificate,
                  GError                         **error)
{
  g_autoptr (GString) chain = g_string_new (NULL);
  g_autoptr (NekoSecret) key = NULL;
  gnutls_datum_t chain_text;
  gnutls_datum_t key_text;

  g_object_get (certificate, "private-key-pem", &key, NULL);

  if (key == NULL) {
    g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                         "the certificate lacks its private key");
    return FALSE;
  }

  for (GTlsCertificate *link = certificate; link != NULL; link = g_tls_certificate_get_issuer (link))
    append_pem (chain, link);

  chain_text = (gnutls_datum_t) { (unsigned char *) chain->str, chain->len };
  key_text = (gnutls_datum_t) { (unsigned char *) key, strlen (key) };

  return check (gnutls_certificate_set_x509_key_mem (credentials, &chain_text, &key_text,
                                                     GNUTLS_X509_FMT_PEM), error);
}


/* Read once for each certificate, and kept with it: all its sessions share them.
 *
 * Returns: (nullable): the credentials, which belong to @certificate */
static gnutls_certificate_credentials_t
get_credentials (GTlsCertificate *certificate,
                 GError         **error)
{
  gnutls_certificate_credentials_t credentials;

  credentials = g_object_get_qdata (G_OBJECT (certificate), neko_tls_credentials_quark ());

  if (credentials != NULL)
    return credentials;

  if (!check (gnutls_certificate_allocate_credentials (&credentials), error))
    return NULL;

  if (!load_certificate (credentials, certificate, error)) {
    gnutls_certificate_free_credentials (credentials);
    return NULL;
  }

  g_object_set_qdata_full (G_OBJECT (certificate), neko_tls_credentials_quark (), credentials,
                           (GDestroyNotify) gnutls_certificate_free_credentials);

  return credentials;
}


/**
 * neko_tls_session_free:
 *
 * Says that TLS ends here, unless neko_tls_session_end() did, as far as the socket takes that at once.
 */
void
neko_tls_session_free (NekoTlsSession *self)
{
  if (self == NULL)
    return;

  neko_tls_session_end (self);

  if (self->session != NULL)
    gnutls_deinit (self->session);

  g_object_unref (self->certificate);
  g_free (self);
}


/**
 * neko_tls_session_new:
 * @descriptor: a connected socket that does not block
 * @certificate: ours, with its key
 *
 * Returns: (transfer full): a session that neko_tls_session_shake_hands() begins
 */
NekoTlsSession *
neko_tls_session_new (int              descriptor,
                      GTlsCertificate *certificate,
                      GError         **error)
{
  gnutls_certificate_credentials_t credentials = get_credentials (certificate, error);
  g_autoptr (NekoTlsSession) self = NULL;

  if (credentials == NULL)
    return NULL;

  self = g_new0 (NekoTlsSession, 1);
  self->certificate = g_object_ref (certificate);

  /* RFC 8314 section 4.1 wants TLS 1.2 at least; the rest is as this computer's policy says. */
  if (!check (gnutls_init (&self->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL), error) ||
      !check (gnutls_set_default_priority_append (self->session, "-VERS-TLS1.1:-VERS-TLS1.0", NULL, 0),
              error) ||
      !check (gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, credentials), error))
    return NULL;

  gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_IGNORE);
  gnutls_transport_set_int (self->session, descriptor);

  return g_steal_pointer (&self);
}


/* A warning is no reason to end it.  What is behind it is read in the next turn, or a client that sends
 * nothing but warnings would keep all others from theirs. */
static gboolean
is_temporary (gssize result)
{
  return result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED ||
         result == GNUTLS_E_WARNING_ALERT_RECEIVED;
}


/* A client of OpenSSL that does not trust the certificate says so in clear text, which inside TLS 1.3
 * cannot be read; this is what makes handshakes fail by far the most often. */
static gboolean
is_distrust (NekoTlsSession *self,
             int             result)
{
  gnutls_alert_description_t alert = gnutls_alert_get (self->session);

  return result == GNUTLS_E_DECRYPTION_FAILED ||
         (result == GNUTLS_E_FATAL_ALERT_RECEIVED &&
          (alert == GNUTLS_A_BAD_CERTIFICATE || alert == GNUTLS_A_CERTIFICATE_UNKNOWN ||
           alert == GNUTLS_A_UNKNOWN_CA));
}


static void
set_handshake_error (NekoTlsSession *self,
                     int             result,
                     GError        **error)
{
  const char *alert = gnutls_alert_get_name (gnutls_alert_get (self->session));

  if (is_distrust (self, result))
    g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE,
                         "it does not trust the certificate; accept or import that there");
  else if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
    g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, "it says “%s”",
                 alert != NULL ? alert : "unknown alert");
  else
    check (result, error);
}


/**
 * neko_tls_session_shake_hands:
 *
 * Goes on with the handshake.
 *
 * Returns: 0 once it is done, -1 with @error set where it failed, or %NEKO_TLS_WOULD_BLOCK
 */
int
neko_tls_session_shake_hands (NekoTlsSession *self,
                              GError        **error)
{
  int result = gnutls_handshake (self->session);

  if (result >= 0) {
    self->is_open = TRUE;
    return 0;
  }

  if (is_temporary (result))
    return NEKO_TLS_WOULD_BLOCK;

  set_handshake_error (self, result, error);

  /* So that it can tell its user what was wrong. */
  if (result != GNUTLS_E_FATAL_ALERT_RECEIVED)
    gnutls_alert_send_appropriate (self->session, result);

  return -1;
}


/**
 * neko_tls_session_read:
 *
 * Returns: how many octets came, 0 at the end, -1 where the connection broke, or %NEKO_TLS_WOULD_BLOCK
 */
gssize
neko_tls_session_read (NekoTlsSession *self,
                       void           *buffer,
                       size_t          size)
{
  gssize length = gnutls_record_recv (self->session, buffer, size);

  if (length >= 0)
    return length;

  /* Among the errors: a client of TLS 1.2 that wants to shake hands again.  Nobody needs that. */
  return is_temporary (length) ? NEKO_TLS_WOULD_BLOCK : -1;
}


/**
 * neko_tls_session_write:
 *
 * A call after %NEKO_TLS_WOULD_BLOCK has to begin with the same octets: they are under way.
 *
 * Returns: how many octets were taken, -1 where the connection broke, or %NEKO_TLS_WOULD_BLOCK
 */
gssize
neko_tls_session_write (NekoTlsSession *self,
                        const void     *data,
                        size_t          length)
{
  gssize written = gnutls_record_send (self->session, data, length);

  if (written >= 0)
    return written;

  return is_temporary (written) ? NEKO_TLS_WOULD_BLOCK : -1;
}


/**
 * neko_tls_session_end:
 *
 * Says that TLS ends here: else the client could not know that nobody cut the connection. Nothing may
 * be written after that.
 *
 * Returns: 0 once it was said or cannot be, or %NEKO_TLS_WOULD_BLOCK
 */
int
neko_tls_session_end (NekoTlsSession *self)
{
  if (!self->is_open)
    return 0;

  if (is_temporary (gnutls_bye (self->session, GNUTLS_SHUT_WR)))
    return NEKO_TLS_WOULD_BLOCK;

  self->is_open = FALSE;

  return 0;
}


/**
 * neko_tls_session_get_condition:
 *
 * Returns: what the socket has to be ready for after %NEKO_TLS_WOULD_BLOCK
 */
GIOCondition
neko_tls_session_get_condition (NekoTlsSession *self)
{
  return gnutls_record_get_direction (self->session) == 0 ? G_IO_IN : G_IO_OUT;
}


/**
 * neko_tls_session_has_input:
 *
 * Returns: whether something can be read that left the socket already
 */
gboolean
neko_tls_session_has_input (NekoTlsSession *self)
{
  return gnutls_record_check_pending (self->session) > 0;
}
