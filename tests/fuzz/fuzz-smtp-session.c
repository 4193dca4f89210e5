/* fuzz-smtp-session.c - a whole SMTP conversation, however it is cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-smtp-session.h"


static gboolean
act (NekoSmtpSession *session,
     NekoSmtpAction   action)
{
  g_autoptr (GPtrArray) deliveries = g_ptr_array_new ();

  switch (action) {
  case NEKO_SMTP_LOG_IN:
    if (neko_smtp_session_get_password (session)[0] == 'x')
      neko_smtp_session_fail (session, NEKO_SMTP_FAILURE_AUTHENTICATION, "no");
    else
      neko_smtp_session_logged_in (session, 1000);
    return TRUE;

  case NEKO_SMTP_CHECK_SENDER:
    neko_smtp_session_sender_checked (session, TRUE);
    return TRUE;

  case NEKO_SMTP_SUBMIT:
    g_assert_cmpuint (neko_smtp_session_get_submission (session)->size, <=, 1000);
    g_assert_cmpuint (neko_smtp_session_get_submission (session)->recipients->len, >, 0);
    neko_smtp_session_submitted (session, deliveries);
    return TRUE;

  case NEKO_SMTP_START_TLS:
    neko_smtp_session_set_security (session, NEKO_SECURITY_TLS);
    return TRUE;

  case NEKO_SMTP_CLOSE:
    return FALSE;

  case NEKO_SMTP_STORE:
    g_assert_true (neko_smtp_session_is_in_data (session));
    g_assert_cmpuint (neko_smtp_session_get_body (session)->len, >, 0);
    return TRUE;

  case NEKO_SMTP_CONTINUE:
  default:
    return TRUE;
  }
}


static GString *
converse (const uint8_t *data,
          size_t         size,
          size_t         step,
          NekoSecurity   security)
{
  g_autoptr (NekoSmtpSession) session = neko_smtp_session_new ();
  GString *output = g_string_new (NULL);
  gboolean is_open = TRUE;

  neko_smtp_session_set_security (session, security);

  for (size_t i = 0; i < size && is_open; i += step) {
    const uint8_t *part = data + i;
    size_t length = MIN (step, size - i);

    while (is_open && length > 0) {
      GString *text = neko_smtp_session_get_output (session);

      is_open = act (session, neko_smtp_session_feed (session, &part, &length));
      g_string_append_len (output, text->str, text->len);
      g_string_truncate (text, 0);
    }
  }

  return output;
}


static void
compare (const uint8_t *data,
         size_t         size,
         NekoSecurity   security)
{
  g_autoptr (GString) whole = converse (data, size, size + 1, security);
  g_autoptr (GString) octets = converse (data, size, 1, security);

  g_assert_cmpstr (whole->str, ==, octets->str);
  g_assert_true (whole->len == 0 || g_str_has_suffix (whole->str, "\r\n"));
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const NekoSecurity securities[] = {
    NEKO_SECURITY_CLEAR, NEKO_SECURITY_OFFERED, NEKO_SECURITY_REQUIRED, NEKO_SECURITY_TLS,
  };

  for (size_t i = 0; i < G_N_ELEMENTS (securities); i++)
    compare (data, size, securities[i]);

  return 0;
}
