/* neko-remote-error.c - the Worker's errors as decisions about mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-error.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "neko-json.h"
#include "neko-printable.h"

#define TEXT_LIMIT 500 /* octets of a sentence */

typedef struct {
  char  *code;         /* the Worker's, (nullable) */
  char  *message;      /* a sentence for people, (nullable) */
  char  *smtp_code;    /* the reply that it suggests, (nullable) */
  gint64 retry_after;  /* seconds, 0 where it does not say */
} Problem;


static void
problem_clear (Problem *problem)
{
  g_free (problem->code);
  g_free (problem->message);
  g_free (problem->smtp_code);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Problem, problem_clear)


/* {"error":{"code":"…","message":"…","retryAfter":30}}; anything else says nothing. */
static void
parse_problem (Problem    *problem,
               const char *body,
               gssize      length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = body != NULL ? neko_json_parse_object (parser, body, length) : NULL;
  JsonNode *node = object != NULL ? json_object_get_member (object, "error") : NULL;
  const char *text;
  guint64 seconds;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  object = json_node_get_object (node);
  text = neko_json_get_text (object, "message");
  problem->code = g_strdup (neko_json_get_text (object, "code"));
  problem->message = text != NULL ? neko_printable_dup (text, TEXT_LIMIT) : NULL;
  problem->smtp_code = g_strdup (neko_json_get_text (object, "smtpCode"));

  if (neko_json_get_number (object, "retryAfter", &seconds))
    problem->retry_after = MIN (seconds, 24 * 60 * 60);
}


static const struct {
  unsigned      status;
  NekoMailError code;
  const char   *message;
} statuses[] = {
  { 401, NEKO_MAIL_ERROR_SIGN_IN,   "sign in again in Neko Mail"                  },
  { 403, NEKO_MAIL_ERROR_DISABLED,  "the account is disabled on the Worker"       },
  { 404, NEKO_MAIL_ERROR_GONE,      "message gone: it was deleted elsewhere"      },
  { 409, NEKO_MAIL_ERROR_REFUSED,   "the Worker refuses it"                       },
  { 413, NEKO_MAIL_ERROR_TOO_LARGE, "the message is larger than the Worker takes" },
  { 422, NEKO_MAIL_ERROR_REFUSED,   "the Worker refuses it"                       },
  { 429, NEKO_MAIL_ERROR_THROTTLED, "the Worker asks to wait"                     },
  { 507, NEKO_MAIL_ERROR_QUOTA,     "the mailbox on the Worker is full"           },
};


/**
 * neko_remote_error_new_for_status:
 * @status: an HTTP status that is no success
 * @body: (nullable): what came with it
 * @length: its length in octets
 *
 * Returns: (transfer full): an error in %NEKO_MAIL_ERROR; one that is not known is temporary
 */
GError *
neko_remote_error_new_for_status (unsigned    status,
                                  const char *body,
                                  gssize      length)
{
  g_auto (Problem) problem = { 0 };
  NekoMailError code = NEKO_MAIL_ERROR_UNAVAILABLE;
  const char *message = "the Worker failed, try again later";

  parse_problem (&problem, body, length);

  /* Only the Worker can refuse for good: a portal or a firewall on the way answers 403 as well. What
   * it calls malformed, 400, may have been damaged on the way, and so is temporary too. */
  for (size_t i = 0; i < G_N_ELEMENTS (statuses) && problem.code != NULL; i++) {
    if (statuses[i].status == status) {
      code = statuses[i].code;
      message = statuses[i].message;
    }
  }

  if (g_strcmp0 (problem.code, "quota_exceeded") == 0)
    code = NEKO_MAIL_ERROR_QUOTA;
  else if (problem.smtp_code != NULL && problem.smtp_code[0] == '4')
    code = NEKO_MAIL_ERROR_UNAVAILABLE;

  /* What the Worker says of a token or an id tells a developer something, and a user nothing. */
  if (problem.message != NULL && code != NEKO_MAIL_ERROR_SIGN_IN && code != NEKO_MAIL_ERROR_GONE)
    message = problem.message;

  if (problem.retry_after > 0)
    return g_error_new (NEKO_MAIL_ERROR, code, "%s (try again in %" G_GINT64_FORMAT " s)", message,
                        problem.retry_after);

  return g_error_new_literal (NEKO_MAIL_ERROR, code, message);
}


/**
 * neko_remote_error_new_for_network:
 * @cause: what the network said
 *
 * Returns: (transfer full): an error in %NEKO_MAIL_ERROR, or %G_IO_ERROR_CANCELLED as it was
 */
GError *
neko_remote_error_new_for_network (const GError *cause)
{
  if (cause->domain == NEKO_MAIL_ERROR ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);

  return g_error_new (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                      "the Worker cannot be reached: %s", cause->message);
}


/* Of the range that RFC 6455 section 7.4.2 leaves to applications. */
static const struct {
  unsigned      close;
  NekoMailError code;
  const char   *message;
} closes[] = {
  { 4001, NEKO_MAIL_ERROR_SIGN_IN,   "sign in again in Neko Mail"              },
  { 4002, NEKO_MAIL_ERROR_THROTTLED, "too many programs listen to the account" },
  { 4003, NEKO_MAIL_ERROR_DISABLED,  "the account is disabled on the Worker"   },
};


/**
 * neko_remote_error_new_for_close:
 * @code: how the Worker closed a WebSocket, 0 where it did not
 *
 * Returns: (transfer full): an error in %NEKO_MAIL_ERROR; one that is not known is temporary
 */
GError *
neko_remote_error_new_for_close (unsigned code)
{
  for (size_t i = 0; i < G_N_ELEMENTS (closes); i++) {
    if (closes[i].close == code)
      return g_error_new_literal (NEKO_MAIL_ERROR, closes[i].code, closes[i].message);
  }

  return g_error_new (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                      "the Worker closed the connection (%u)", code);
}


/**
 * neko_remote_error_new_malformed:
 * @what: what was asked for
 *
 * Returns: (transfer full): an error in %NEKO_MAIL_ERROR for an answer that makes no sense
 */
GError *
neko_remote_error_new_malformed (const char *what)
{
  return g_error_new (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                      "the Worker's %s is malformed or cut", what);
}
