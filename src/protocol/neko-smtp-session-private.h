/* neko-smtp-session-private.h - what the parts of a submission session share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command-reader.h"
#include "neko-conversation.h"
#include "neko-dot-reader.h"
#include "neko-sasl.h"
#include "neko-secret.h"
#include "neko-smtp-session.h"

G_BEGIN_DECLS

#define NEKO_SMTP_TLS_FIRST "530 5.7.0 Must issue a STARTTLS command first"

typedef enum {
  NEKO_SMTP_STATE_CONNECTED = 1 << 0,       /* no EHLO yet */
  NEKO_SMTP_STATE_GREETED = 1 << 1,
  NEKO_SMTP_STATE_EXCHANGE = 1 << 2,        /* the next line answers a SASL challenge */
  NEKO_SMTP_STATE_LOGGING_IN = 1 << 3,      /* the owner checks the credentials */
  NEKO_SMTP_STATE_READY = 1 << 4,           /* authenticated, no transaction */
  NEKO_SMTP_STATE_CHECKING_SENDER = 1 << 5, /* the owner checks the sender */
  NEKO_SMTP_STATE_TRANSACTION = 1 << 6,     /* MAIL was taken */
  NEKO_SMTP_STATE_DATA = 1 << 7,            /* octets of the message come */
  NEKO_SMTP_STATE_SUBMITTING = 1 << 8,      /* the owner hands the message over */
  NEKO_SMTP_STATE_HANDSHAKE = 1 << 9,       /* the owner begins TLS */
  NEKO_SMTP_STATE_CHUNK = 1 << 10,          /* octets of a chunk come, RFC 3030 */
  NEKO_SMTP_STATE_CHUNKS = 1 << 11,         /* a chunk was read, and others follow */
  NEKO_SMTP_STATE_CLOSED = 1 << 12,

  NEKO_SMTP_STATE_ANY_TRANSACTION = NEKO_SMTP_STATE_TRANSACTION | NEKO_SMTP_STATE_CHUNKS,
  NEKO_SMTP_STATE_ANY_DATA = NEKO_SMTP_STATE_DATA | NEKO_SMTP_STATE_CHUNK | NEKO_SMTP_STATE_CHUNKS,
  NEKO_SMTP_STATE_ANY_COMMAND = NEKO_SMTP_STATE_CONNECTED | NEKO_SMTP_STATE_GREETED |
                                NEKO_SMTP_STATE_READY | NEKO_SMTP_STATE_ANY_TRANSACTION,
  NEKO_SMTP_STATE_ANY_INPUT = NEKO_SMTP_STATE_ANY_COMMAND | NEKO_SMTP_STATE_EXCHANGE |
                              NEKO_SMTP_STATE_DATA | NEKO_SMTP_STATE_CHUNK,
} NekoSmtpState;

struct _NekoSmtpSession {
  NekoSmtpState      state;
  NekoCommandReader *commands;
  GString           *output;
  NekoConversation   conversation;
  NekoSasl          *sasl;
  char              *user;
  NekoSecret        *password;
  gboolean           is_authenticated;
  NekoSecurity       security;
  guint64            max_size;
  char              *too_large; /* the reply to what is larger */
  NekoSubmission    *submission;  /* (nullable) */
  gboolean           is_utf8;     /* MAIL had SMTPUTF8 */
  NekoDotReader      reader;
  gboolean           is_after_cr; /* the last octet of the chunks so far was a CR */
  gboolean           has_nul;
  guint64            chunk_size;
  guint64            chunk_left;
  gboolean           is_last_chunk;
  NekoSmtpState      chunk_state; /* behind the chunk */
  gboolean           is_hopeless; /* the message was refused before the chunk */
  const char        *chunk_refusal; /* (nullable): the reply to a chunk that cannot stand here */
  size_t             reply_start; /* where the output has the reply to the last chunk */
  GByteArray        *body;        /* octets of the message that the owner has to take */
  const char        *data_failure; /* (nullable): the reply at the end of data, once it is known */
};

/* neko-smtp-session.c */
void           neko_smtp_session_enter (NekoSmtpSession *self,
                                        NekoSmtpState    state);
NekoSmtpAction neko_smtp_session_reply (NekoSmtpSession *self,
                                        const char      *line);
NekoSmtpAction neko_smtp_session_reply_good (NekoSmtpSession *self,
                                             const char      *line);
NekoSmtpAction neko_smtp_session_reply_bad (NekoSmtpSession *self,
                                            const char      *line);
NekoSmtpAction neko_smtp_session_close (NekoSmtpSession *self,
                                        const char      *line);
void           neko_smtp_session_reset (NekoSmtpSession *self);

/* neko-smtp-commands.c */
NekoSmtpAction neko_smtp_session_feed_line (NekoSmtpSession *self,
                                            const uint8_t  **data,
                                            size_t          *length);

/* neko-smtp-body.c */
NekoSmtpAction neko_smtp_session_begin_data (NekoSmtpSession *self);
NekoSmtpAction neko_smtp_session_begin_chunk (NekoSmtpSession *self,
                                              const char      *argument);
NekoSmtpAction neko_smtp_session_feed_chunk (NekoSmtpSession *self,
                                             const uint8_t  **data,
                                             size_t          *length);
NekoSmtpAction neko_smtp_session_feed_data (NekoSmtpSession *self,
                                            const uint8_t  **data,
                                            size_t          *length);

G_END_DECLS
