/* neko-certificate.c - the certificate of this installation, in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "neko-file-lock.h"
#include "neko-file-watch.h"
#include "neko-log.h"
#include "neko-private-file.h"
#include "neko-self-signed.h"

#define FILE_NAME "certificate.pem"
#define LOCK_NAME "certificate.lock"
#define SIZE_LIMIT 65536
#define DAY (24 * 60 * 60)

/**
 * NekoCertificate:
 *
 * People tell their mail programs to trust it by its fingerprint, so it changes only where it must:
 * before it ends, and where the user chose an address that is not in it. The key stays even then.
 * A file that cannot be read, and a certificate that the user put there, is never written over.
 */
struct _NekoCertificate {
  GObject          parent_instance;

  char            *path;
  NekoClock        clock;
  char            *address; /* (nullable): where it is used besides the loopback interface */
  GTlsCertificate *tls;     /* (nullable): before it was opened, and where that failed */
  unsigned         timer;
  NekoFileWatch   *watch;   /* (nullable): while it is not kept */
  gboolean         is_kept;
};

G_DEFINE_FINAL_TYPE (NekoCertificate, neko_certificate, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gint64
get_time (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}


static gboolean
fail (NekoCertificate *self,
      const char      *reason,
      GError         **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "The certificate %s cannot be used: %s. Mend it, or move it away and a new one is "
               "made", self->path, reason);

  return FALSE;
}


static gboolean
check_file (NekoCertificate *self,
            int              descriptor,
            GError         **error)
{
  const char *reason = neko_private_file_check (descriptor, SIZE_LIMIT);

  return reason == NULL || fail (self, reason, error);
}


/* Reads the file; %NULL without @error set where there is none. */
static NekoSecret *
read_file (NekoCertificate *self,
           GError         **error)
{
  int descriptor = g_open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  g_autoptr (NekoSecret) text = NULL;
  size_t length = 0;
  ssize_t part = 0;

  if (descriptor < 0) {
    if (errno != ENOENT)
      fail (self, g_strerror (errno), error);
    return NULL;
  }

  if (check_file (self, descriptor, error)) {
    text = g_malloc0 (SIZE_LIMIT + 1);

    while ((part = read (descriptor, text + length, SIZE_LIMIT - length)) > 0)
      length += part;

    if (part < 0) {
      fail (self, g_strerror (errno), error);
      g_clear_pointer (&text, neko_secret_free);
    }
  }

  close (descriptor);

  return g_steal_pointer (&text);
}


static GTlsCertificate *
parse (NekoCertificate *self,
       const char      *text,
       GError         **error)
{
  g_autoptr (GTlsCertificate) tls = g_tls_certificate_new_from_pem (text, -1, NULL);

  if (tls == NULL || !neko_self_signed_has_key (text)) {
    fail (self, "it is no certificate with its private key", error);
    return NULL;
  }

  return g_steal_pointer (&tls);
}


static gboolean
is_ours (GTlsCertificate *tls)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (tls);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (tls);

  return g_strcmp0 (subject, NEKO_SELF_SIGNED_SUBJECT) == 0 && g_strcmp0 (subject, issuer) == 0;
}


static gint64
get_renewal_time (GTlsCertificate *tls)
{
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (tls);

  return end != NULL ? g_date_time_to_unix (end) - NEKO_CERTIFICATE_RENEWAL_DAYS * DAY : 0;
}


static gboolean
is_host_name (const char *name)
{
  return *name != '\0' &&
         strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") ==
         strlen (name);
}


static gboolean
is_wildcard (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  return parsed != NULL && g_inet_address_get_is_any (parsed);
}


/* Other computers reach this one by the address that the user chose or by the name of this one.  Where
 * it listens on all its addresses only the name is known beforehand: addresses come and go. */
static GStrv
dup_wanted_names (NekoCertificate *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_strv_builder_add_many (names, "localhost", "127.0.0.1", "::1", NULL);

  if (self->address != NULL) {
    if (is_host_name (g_get_host_name ()))
      g_strv_builder_add (names, g_get_host_name ());

    if (!is_wildcard (self->address))
      g_strv_builder_add (names, self->address);
  }

  return g_strv_builder_end (names);
}


static GStrv
dup_names_of (GTlsCertificate *tls)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) hosts = g_tls_certificate_get_dns_names (tls);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (tls);

  for (guint i = 0; hosts != NULL && i < hosts->len; i++) {
    g_autofree char *name = g_strndup (g_bytes_get_data (g_ptr_array_index (hosts, i), NULL),
                                       g_bytes_get_size (g_ptr_array_index (hosts, i)));

    g_strv_builder_add (names, name);
  }

  for (guint i = 0; addresses != NULL && i < addresses->len; i++) {
    g_autofree char *name = g_inet_address_to_string (g_ptr_array_index (addresses, i));

    g_strv_builder_add (names, name);
  }

  return g_strv_builder_end (names);
}


static gboolean
has_wanted_names (NekoCertificate *self,
                  GTlsCertificate *tls)
{
  g_auto (GStrv) wanted = dup_wanted_names (self);
  g_auto (GStrv) names = dup_names_of (tls);

  for (size_t i = 0; wanted[i] != NULL; i++) {
    if (!g_strv_contains ((const char *const *) names, wanted[i]))
      return FALSE;
  }

  return TRUE;
}


/* Writes a new certificate: whole, and on the disk when this returns.  See NekoAccountStore. */
static GTlsCertificate *
make (NekoCertificate *self,
      const char      *key,
      GError         **error)
{
  g_auto (GStrv) names = dup_wanted_names (self);
  g_autoptr (NekoSecret) text = neko_self_signed_make (key, (const char *const *) names,
                                                       self->clock (), error);

  if (text == NULL ||
      !g_file_set_contents_full (self->path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, error))
    return NULL;

  return parse (self, text, error);
}


/* Reads the file, and makes it where there is none or where what is there is to be replaced. */
static GTlsCertificate *
load (NekoCertificate *self,
      gboolean         may_make,
      gboolean        *has_to_make,
      GError         **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (NekoSecret) text = read_file (self, &reason);
  g_autoptr (GTlsCertificate) tls = NULL;

  if (text != NULL)
    tls = parse (self, text, &reason);

  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }

  *has_to_make = tls == NULL ||
                 (is_ours (tls) && (self->clock () >= get_renewal_time (tls) ||
                                    !has_wanted_names (self, tls)));

  if (*has_to_make)
    return may_make ? make (self, text, error) : NULL;

  return g_steal_pointer (&tls);
}


/* Another program may be about to make it at the same time, and both must end up with the same. */
static GTlsCertificate *
load_or_make (NekoCertificate *self,
              GError         **error)
{
  gboolean has_to_make = FALSE;
  g_autoptr (GTlsCertificate) tls = load (self, FALSE, &has_to_make, error);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *lock_path = g_build_filename (folder, LOCK_NAME, NULL);
  g_autoptr (NekoFileLock) lock = NULL;

  if (!has_to_make)
    return g_steal_pointer (&tls);

  if (g_mkdir_with_parents (folder, 0700) < 0) {
    int reason = errno;

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason),
                 "Cannot make the folder %s: %s", folder, g_strerror (reason));
    return NULL;
  }

  lock = neko_file_lock_acquire (lock_path, error);

  return lock != NULL ? load (self, TRUE, &has_to_make, error) : NULL;
}


static gboolean renew_cb (gpointer user_data);


/* A timer does not count the time that a laptop sleeps.  One day at most, and a month of margin, is
 * enough for one that is awake for an hour a day. */
static void
set_timer (NekoCertificate *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);

  if (self->is_kept && self->tls != NULL && is_ours (self->tls)) {
    gint64 seconds = get_renewal_time (self->tls) - self->clock ();

    self->timer = g_timeout_add_seconds (CLAMP (seconds, 1, DAY), renew_cb, self);
  }
}


static gboolean
renew_cb (gpointer user_data)
{
  NekoCertificate *self = user_data;
  g_autoptr (GError) error = NULL;

  self->timer = 0;

  if (self->clock () >= get_renewal_time (self->tls) &&
      !neko_certificate_open (self, self->address, &error)) {
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "certificate-failed", error, "The certificate cannot be used");
    self->timer = g_timeout_add_seconds (DAY, renew_cb, self);
  } else {
    set_timer (self);
  }

  return G_SOURCE_REMOVE;
}


/**
 * neko_certificate_open:
 * @address: (nullable): the address that is listened on besides the loopback interface, if any
 *
 * Reads the certificate. It is made where there is none, and made again with the same key where it is
 * about to end or lacks @address. Emits "changed" where it is another one than before. Where it fails
 * the one before stays in use.
 */
gboolean
neko_certificate_open (NekoCertificate *self,
                       const char      *address,
                       GError         **error)
{
  g_autofree char *copy = g_strdup (address);
  g_autoptr (GTlsCertificate) tls = NULL;
  gboolean is_other;

  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self), FALSE);

  g_free (self->address);
  self->address = g_steal_pointer (&copy);
  tls = load_or_make (self, error);

  if (tls == NULL)
    return FALSE;

  is_other = self->tls == NULL || !g_tls_certificate_is_same (self->tls, tls);

  if (is_other)
    g_set_object (&self->tls, tls);

  set_timer (self);

  if (is_other)
    g_signal_emit (self, signals[CHANGED], 0);

  return TRUE;
}


static void
file_changed_cb (NekoCertificate *self)
{
  g_autoptr (GError) error = NULL;

  /* One that was moved away is about to be replaced, or so its owner wants to. */
  if (g_file_test (self->path, G_FILE_TEST_EXISTS) &&
      !neko_certificate_open (self, self->address, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "certificate-failed", error, "The certificate cannot be used");
}


/**
 * neko_certificate_keep:
 * @is_used: whether it is in use
 *
 * While it is, it is renewed before it ends, and read again when somebody put another one there; while
 * it is not, no timer runs.
 */
void
neko_certificate_keep (NekoCertificate *self,
                       gboolean         is_used)
{
  g_return_if_fail (NEKO_IS_CERTIFICATE (self));

  self->is_kept = is_used;
  set_timer (self);

  if (!is_used) {
    g_clear_object (&self->watch);
  } else if (self->watch == NULL) {
    self->watch = neko_file_watch_new (self->path);
    g_signal_connect_object (self->watch, "changed", G_CALLBACK (file_changed_cb), self,
                             G_CONNECT_SWAPPED);
  }
}


/**
 * neko_certificate_is_used:
 *
 * Returns: whether mail programs see it now
 */
gboolean
neko_certificate_is_used (NekoCertificate *self)
{
  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self), FALSE);

  return self->is_kept && self->tls != NULL;
}


/**
 * neko_certificate_get_end:
 *
 * Returns: when it ends, in seconds since 1970
 */
gint64
neko_certificate_get_end (NekoCertificate *self)
{
  g_autoptr (GDateTime) end = NULL;

  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self) && self->tls != NULL, 0);

  end = g_tls_certificate_get_not_valid_after (self->tls);

  return end != NULL ? g_date_time_to_unix (end) : 0;
}


/**
 * neko_certificate_get_tls:
 *
 * Returns: (nullable): the certificate with its key
 */
GTlsCertificate *
neko_certificate_get_tls (NekoCertificate *self)
{
  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self), NULL);

  return self->tls;
}


const char *
neko_certificate_get_path (NekoCertificate *self)
{
  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self), NULL);

  return self->path;
}


/**
 * neko_certificate_dup_pem:
 *
 * Returns: (transfer full): the certificate without its key, to be given to mail programs
 */
char *
neko_certificate_dup_pem (NekoCertificate *self)
{
  char *pem = NULL;

  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self) && self->tls != NULL, NULL);

  g_object_get (self->tls, "certificate-pem", &pem, NULL);

  return pem;
}


/**
 * neko_certificate_dup_fingerprint:
 *
 * Returns: (transfer full): its SHA-256, as mail programs show it: AB:CD:…
 */
char *
neko_certificate_dup_fingerprint (NekoCertificate *self)
{
  g_autoptr (GByteArray) octets = NULL;
  g_autofree char *digest = NULL;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self) && self->tls != NULL, NULL);

  g_object_get (self->tls, "certificate", &octets, NULL);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, octets->data, octets->len);

  for (size_t i = 0; digest[i] != '\0'; i += 2)
    g_string_append_printf (text, "%s%c%c", i > 0 ? ":" : "", g_ascii_toupper (digest[i]),
                            g_ascii_toupper (digest[i + 1]));

  return g_string_free (text, FALSE);
}


/**
 * neko_certificate_dup_names:
 *
 * Returns: (transfer full): the host names and addresses that it is good for
 */
GStrv
neko_certificate_dup_names (NekoCertificate *self)
{
  g_return_val_if_fail (NEKO_IS_CERTIFICATE (self) && self->tls != NULL, NULL);

  return dup_names_of (self->tls);
}


/**
 * neko_certificate_set_clock:
 *
 * Lets a test say what time it is.
 */
void
neko_certificate_set_clock (NekoCertificate *self,
                            NekoClock        clock)
{
  g_return_if_fail (NEKO_IS_CERTIFICATE (self));

  self->clock = clock;
}


static void
neko_certificate_dispose (GObject *object)
{
  NekoCertificate *self = NEKO_CERTIFICATE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->tls);

  G_OBJECT_CLASS (neko_certificate_parent_class)->dispose (object);
}


static void
neko_certificate_finalize (GObject *object)
{
  NekoCertificate *self = NEKO_CERTIFICATE (object);

  g_free (self->path);
  g_free (self->address);

  G_OBJECT_CLASS (neko_certificate_parent_class)->finalize (object);
}


static void
neko_certificate_class_init (NekoCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_certificate_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_certificate_finalize;

  /**
   * NekoCertificate::changed:
   *
   * It is another one than before, which connections to come use.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_certificate_init (NekoCertificate *self)
{
  self->clock = get_time;
}


/**
 * neko_certificate_new:
 * @folder: where the file is; made with it when it is needed
 *
 * Returns: (transfer full): the certificate in @folder, not opened yet
 */
NekoCertificate *
neko_certificate_new (const char *folder)
{
  NekoCertificate *self = g_object_new (NEKO_TYPE_CERTIFICATE, NULL);

  self->path = g_build_filename (folder, FILE_NAME, NULL);

  return self;
}
