/* neko-remote-info.c - what a Worker tells anyone of itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-info.h"

#include "neko-remote-info-json.h"
#include "neko-remote-question.h"

static const char *const registrations[] = { "closed", "invite", "open" };


/**
 * neko_remote_registration_to_text:
 *
 * Returns: how the Worker calls it
 */
const char *
neko_remote_registration_to_text (NekoRemoteRegistration self)
{
  g_return_val_if_fail ((size_t) self < G_N_ELEMENTS (registrations), NULL);

  return registrations[self];
}


/**
 * neko_remote_registration_from_text:
 * @text: (nullable): what the Worker said
 *
 * Returns: what is not known counts as closed
 */
NekoRemoteRegistration
neko_remote_registration_from_text (const char *text)
{
  for (size_t i = 0; i < G_N_ELEMENTS (registrations); i++) {
    if (g_strcmp0 (text, registrations[i]) == 0)
      return (NekoRemoteRegistration) i;
  }

  return NEKO_REMOTE_REGISTRATION_CLOSED;
}


void
neko_remote_info_free (NekoRemoteInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->version);
  g_strfreev (self->domains);
  g_free (self);
}


/**
 * neko_remote_info_async:
 * @url: the Worker's address, as somebody entered it
 *
 * Asks who answers at an address.
 */
void
neko_remote_info_async (const char         *url,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_info_async,
    .method = SOUP_METHOD_GET,
    .path = "v1/info",
    .parse = neko_remote_info_parse,
    .free = (GDestroyNotify) neko_remote_info_free,
  };

  neko_remote_question_ask_at (&question, url, cancellable, callback, user_data);
}


/**
 * neko_remote_info_finish:
 *
 * Returns: (transfer full): what it says, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
NekoRemoteInfo *
neko_remote_info_finish (GAsyncResult *result,
                         GError      **error)
{
  return neko_remote_question_finish (result, error);
}
