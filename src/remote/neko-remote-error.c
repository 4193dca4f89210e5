/* neko-remote-error.c - the Worker's errors as decisions about mail, and about what people entered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-error.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "neko-json.h"
#include "neko-printable.h"

#define TEXT_LIMIT 500 /* octets of a sentence */

G_DEFINE_QUARK (neko-remote-error, neko_remote_error)


typedef struct {
  char  *code;         /* the Worker's, (nullable) */
  char  *message;      /* a sentence for people, (nullable) */
  char  *reason;       /* which of the reasons that have the code, (nullable) */
  char  *field;        /* of what was sent, the one that is wrong, (nullable) */
  char  *smtp_code;    /* the reply that it suggests, (nullable) */
  gint64 retry_after;  /* seconds, 0 where it does not say */
} Problem;


static void
problem_clear (Problem *problem)
{
  g_free (problem->code);
  g_free (problem->message);
  g_free (problem->reason);
  g_free (problem->field);
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
  problem->reason = g_strdup (neko_json_get_text (object, "reason"));
  problem->field = g_strdup (neko_json_get_text (object, "field"));
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


static const struct {
  const char     *reason;
  NekoRemoteError code;
} reasons[] = {
  { "alias",            NEKO_REMOTE_ERROR_NO_SUCH      },
  { "already_set_up",   NEKO_REMOTE_ERROR_SET_UP       },
  { "bad_invite",       NEKO_REMOTE_ERROR_INVITE       },
  { "closed",           NEKO_REMOTE_ERROR_CLOSED       },
  { "foreign_domain",   NEKO_REMOTE_ERROR_DOMAIN       },
  { "last_admin",       NEKO_REMOTE_ERROR_LAST_ADMIN   },
  { "not_admin",        NEKO_REMOTE_ERROR_NOT_ADMIN    },
  { "plus_form",        NEKO_REMOTE_ERROR_TAGGED       },
  { "reserved",         NEKO_REMOTE_ERROR_RESERVED     },
  { "setup_key",        NEKO_REMOTE_ERROR_SETUP_KEY    },
  { "taken",            NEKO_REMOTE_ERROR_TAKEN        },
  { "too_many",         NEKO_REMOTE_ERROR_TOO_MANY     },
  { "too_many_aliases", NEKO_REMOTE_ERROR_TOO_MANY     },
  { "unknown_domain",   NEKO_REMOTE_ERROR_DOMAIN       },
  { "wrong_password",   NEKO_REMOTE_ERROR_OLD_PASSWORD },
};

/* What of a request is malformed; of a list, each in it. */
static const struct {
  const char     *field;
  NekoRemoteError code;
} fields[] = {
  { "address",     NEKO_REMOTE_ERROR_ADDRESS      },
  { "aliases",     NEKO_REMOTE_ERROR_ADDRESS      },
  { "catchAll",    NEKO_REMOTE_ERROR_DOMAIN       },
  { "invite",      NEKO_REMOTE_ERROR_INVITE       },
  { "newPassword", NEKO_REMOTE_ERROR_PASSWORD     },
  { "oldPassword", NEKO_REMOTE_ERROR_OLD_PASSWORD },
  { "password",    NEKO_REMOTE_ERROR_PASSWORD     },
  { "setupKey",    NEKO_REMOTE_ERROR_SETUP_KEY    },
};


static gboolean
is_in_field (const char *path,
             const char *field)
{
  size_t length = strlen (field);

  return strncmp (path, field, length) == 0 && (path[length] == '\0' || path[length] == '.');
}


/* Returns whether the problem is one of those that only the window decides upon. */
static gboolean
find_code (const Problem   *problem,
           NekoRemoteError *code)
{
  for (size_t i = 0; i < G_N_ELEMENTS (reasons); i++) {
    if (g_strcmp0 (problem->reason, reasons[i].reason) == 0) {
      *code = reasons[i].code;
      return TRUE;
    }
  }

  if (g_strcmp0 (problem->code, "not_found") == 0) {
    *code = NEKO_REMOTE_ERROR_NO_SUCH;
    return TRUE;
  }

  if (g_strcmp0 (problem->code, "invalid_request") != 0)
    return FALSE;

  *code = NEKO_REMOTE_ERROR_INVALID;

  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (problem->field != NULL && is_in_field (problem->field, fields[i].field))
      *code = fields[i].code;
  }

  return TRUE;
}


/**
 * neko_remote_error_new_for_answer:
 * @status: an HTTP status that is no success
 * @body: (nullable): what came with it
 * @length: its length in octets
 *
 * Returns: (transfer full): an error in %NEKO_REMOTE_ERROR, or in %NEKO_MAIL_ERROR where it is about the
 *   account or the Worker as a whole
 */
GError *
neko_remote_error_new_for_answer (unsigned    status,
                                  const char *body,
                                  gssize      length)
{
  g_auto (Problem) problem = { 0 };
  NekoRemoteError code;

  parse_problem (&problem, body, length);

  /* What is in front of a Worker says so itself where that fails, with 500 and more. */
  if (problem.code == NULL && !SOUP_STATUS_IS_SERVER_ERROR (status))
    return g_error_new (NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NOT_WORKER,
                        "there is no Worker of Neko Mail: HTTP status %u", status);

  if (!find_code (&problem, &code))
    return neko_remote_error_new_for_status (status, body, length);

  return g_error_new_literal (NEKO_REMOTE_ERROR, code,
                              problem.message != NULL ? problem.message : "the Worker refuses it");
}


static NekoRemoteError
code_of_cause (const GError *cause)
{
  if (cause->domain == G_RESOLVER_ERROR)
    return NEKO_REMOTE_ERROR_HOST;

  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return NEKO_REMOTE_ERROR_CERTIFICATE;

  /* GnuTLS has no better word than G_TLS_ERROR_MISC for what is no TLS. */
  if ((cause->domain == G_TLS_ERROR && cause->code != G_TLS_ERROR_EOF) ||
      g_error_matches (cause, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING))
    return NEKO_REMOTE_ERROR_NOT_WORKER;

  return NEKO_REMOTE_ERROR_UNREACHABLE;
}


/**
 * neko_remote_error_new_for_connection:
 * @cause: what the network said
 *
 * Returns: (transfer full): an error in %NEKO_REMOTE_ERROR that says why nobody answered, or
 *   %G_IO_ERROR_CANCELLED as it was
 */
GError *
neko_remote_error_new_for_connection (const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);

  return g_error_new (NEKO_REMOTE_ERROR, code_of_cause (cause), "the Worker cannot be reached: %s",
                      cause->message);
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
