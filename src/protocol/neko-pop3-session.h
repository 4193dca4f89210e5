/* neko-pop3-session.h - one POP3 conversation (RFC 1939), without the socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

#include "neko-security.h"

G_BEGIN_DECLS

/* Octets of a command with its CRLF, RFC 2449 section 4. */
#define NEKO_POP3_LINE_LIMIT 512

/* Octets of a unique-id, RFC 1939 section 7; what is longer is cut. */
#define NEKO_POP3_UNIQUE_ID_LIMIT 70

/**
 * NekoPop3Action:
 * @NEKO_POP3_CONTINUE: send the output, then feed on
 * @NEKO_POP3_LOG_IN: check user and password and list the maildrop, then call
 *   neko_pop3_session_logged_in() or neko_pop3_session_fail()
 * @NEKO_POP3_RETRIEVE: open the message, then call neko_pop3_session_retrieve() and send it behind
 *   the output, or call neko_pop3_session_fail()
 * @NEKO_POP3_UPDATE: delete the messages that are marked, then call neko_pop3_session_updated() or
 *   neko_pop3_session_fail()
 * @NEKO_POP3_START_TLS: send the output, throw away the input behind the command, begin TLS as its
 *   server, then call neko_pop3_session_set_security()
 * @NEKO_POP3_CLOSE: send the output and close
 *
 * What the owner of a session has to do before it feeds on.
 */
typedef enum {
  NEKO_POP3_CONTINUE,
  NEKO_POP3_LOG_IN,
  NEKO_POP3_RETRIEVE,
  NEKO_POP3_UPDATE,
  NEKO_POP3_START_TLS,
  NEKO_POP3_CLOSE,
} NekoPop3Action;

/**
 * NekoPop3Failure:
 * @NEKO_POP3_FAILURE_AUTHENTICATION: user name or password are wrong, RFC 3206 section 4
 * @NEKO_POP3_FAILURE_TEMPORARY: the same may work later, RFC 3206 section 3
 * @NEKO_POP3_FAILURE_PERMANENT: it will not work until somebody does something
 */
typedef enum {
  NEKO_POP3_FAILURE_AUTHENTICATION,
  NEKO_POP3_FAILURE_TEMPORARY,
  NEKO_POP3_FAILURE_PERMANENT,
} NekoPop3Failure;

/**
 * NekoPop3Listing:
 * @count: how many messages there are
 * @total: the sum of their octets
 * @get_octets: what RETR of a message sends, without stuffing and terminator
 * @get_unique_id: its unique-id
 * @data: for the functions
 *
 * The snapshot that a session numbers; positions are from 0.
 */
typedef struct {
  size_t  count;
  guint64 total;
  guint64 (*get_octets)(gconstpointer data,
                        size_t        position);
  const char *(*get_unique_id)(gconstpointer data,
                               size_t position);
  gconstpointer data;
} NekoPop3Listing;

typedef struct _NekoPop3Session NekoPop3Session;

NekoPop3Session *neko_pop3_session_new (void) G_GNUC_WARN_UNUSED_RESULT;
void             neko_pop3_session_free (NekoPop3Session *self);
void             neko_pop3_session_set_security (NekoPop3Session *self,
                                                 NekoSecurity     security);
NekoPop3Action   neko_pop3_session_feed (NekoPop3Session *self,
                                         const uint8_t  **data,
                                         size_t          *length);
GString         *neko_pop3_session_get_output (NekoPop3Session *self);
const char      *neko_pop3_session_get_user (NekoPop3Session *self);
const char      *neko_pop3_session_get_password (NekoPop3Session *self);
size_t           neko_pop3_session_get_position (NekoPop3Session *self);
int              neko_pop3_session_get_lines (NekoPop3Session *self);
gboolean         neko_pop3_session_is_marked (NekoPop3Session *self,
                                              size_t           position);
gboolean         neko_pop3_session_is_closed (NekoPop3Session *self);
void             neko_pop3_session_logged_in (NekoPop3Session       *self,
                                              const NekoPop3Listing *listing);
void             neko_pop3_session_retrieve (NekoPop3Session *self);
NekoPop3Action   neko_pop3_session_updated (NekoPop3Session *self);
NekoPop3Action   neko_pop3_session_fail (NekoPop3Session *self,
                                         NekoPop3Failure  failure,
                                         const char      *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoPop3Session, neko_pop3_session_free)

G_END_DECLS
