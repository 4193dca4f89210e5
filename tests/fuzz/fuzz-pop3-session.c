/* fuzz-pop3-session.c - a whole POP3 conversation, however it is cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "neko-pop3-session.h"

/* Enough that a listing does not fit in one output. */
#define COUNT 2500
#define TOTAL (COUNT * (COUNT - 1) / 2)


static guint64
get_octets (gconstpointer data,
            size_t        position)
{
  return position;
}


static const char *
get_unique_id (gconstpointer data,
               size_t        position)
{
  return "id";
}


static gboolean
act (NekoPop3Session *session,
     NekoPop3Action   action)
{
  static const NekoPop3Listing listing = { COUNT, TOTAL, get_octets, get_unique_id, NULL };

  switch (action) {
  case NEKO_POP3_LOG_IN:
    if (neko_pop3_session_get_password (session)[0] == 'x')
      neko_pop3_session_fail (session, NEKO_POP3_FAILURE_AUTHENTICATION, "no");
    else
      neko_pop3_session_logged_in (session, &listing);
    return TRUE;

  case NEKO_POP3_RETRIEVE:
    g_assert_cmpuint (neko_pop3_session_get_position (session), <, COUNT);
    neko_pop3_session_retrieve (session);
    return TRUE;

  case NEKO_POP3_UPDATE:
    neko_pop3_session_updated (session);
    return FALSE;

  case NEKO_POP3_START_TLS:
    neko_pop3_session_set_security (session, NEKO_SECURITY_TLS);
    return TRUE;

  case NEKO_POP3_CLOSE:
    return FALSE;

  case NEKO_POP3_CONTINUE:
  default:
    return TRUE;
  }
}


static GString *
converse (NekoSecurity   security,
          const uint8_t *data,
          size_t         size,
          size_t         step)
{
  g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();
  GString *text = neko_pop3_session_get_output (session);
  GString *output = g_string_new (NULL);
  gboolean is_open = TRUE;

  neko_pop3_session_set_security (session, security);

  for (size_t i = 0; i < size && is_open; i += step) {
    const uint8_t *part = data + i;
    size_t length = MIN (step, size - i);

    do {
      g_string_append_len (output, text->str, text->len);
      g_string_truncate (text, 0);
      is_open = act (session, neko_pop3_session_feed (session, &part, &length));
    } while (is_open && (length > 0 || text->len > 0));
  }

  g_string_append_len (output, text->str, text->len);

  return output;
}


/* A first octet of 0 to 3 says how the session is protected; text begins with neither. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  NekoSecurity security = NEKO_SECURITY_CLEAR;
  g_autoptr (GString) whole = NULL;
  g_autoptr (GString) octets = NULL;

  if (size > 0 && data[0] <= NEKO_SECURITY_TLS) {
    security = data[0];
    data++;
    size--;
  }

  whole = converse (security, data, size, size + 1);
  octets = converse (security, data, size, 1);
  g_assert_cmpstr (whole->str, ==, octets->str);
  g_assert_true (whole->len == 0 || g_str_has_suffix (whole->str, "\r\n"));

  return 0;
}
