/* neko-certificate.h - the certificate of this installation, in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_CERTIFICATE_RENEWAL_DAYS 30 /* before it ends */

#define NEKO_TYPE_CERTIFICATE (neko_certificate_get_type ())

G_DECLARE_FINAL_TYPE (NekoCertificate, neko_certificate, NEKO, CERTIFICATE, GObject)

/* What time it is, in seconds since 1970. */
typedef gint64 (*NekoClock) (void);

NekoCertificate *neko_certificate_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void             neko_certificate_set_clock (NekoCertificate *self,
                                             NekoClock        clock);
gboolean         neko_certificate_open (NekoCertificate *self,
                                        const char      *address,
                                        GError         **error);
void             neko_certificate_keep (NekoCertificate *self,
                                        gboolean         is_used);
gboolean         neko_certificate_is_used (NekoCertificate *self);
GTlsCertificate *neko_certificate_get_tls (NekoCertificate *self);
gint64           neko_certificate_get_end (NekoCertificate *self);
const char      *neko_certificate_get_path (NekoCertificate *self);
char            *neko_certificate_dup_pem (NekoCertificate *self) G_GNUC_WARN_UNUSED_RESULT;
char            *neko_certificate_dup_fingerprint (NekoCertificate *self) G_GNUC_WARN_UNUSED_RESULT;
GStrv            neko_certificate_dup_names (NekoCertificate *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
