/* neko-pop3-session-private.h - what the parts of a POP3 session share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command-reader.h"
#include "neko-conversation.h"
#include "neko-pop3-session.h"
#include "neko-sasl.h"
#include "neko-secret.h"

G_BEGIN_DECLS

/* Output beyond this is sent before the next command is looked at, so that a client that sends
 * commands and reads no answers does not make us grow. */
#define NEKO_POP3_OUTPUT_LIMIT 16384

typedef enum {
  AUTHORIZATION = 1 << 0,
  EXCHANGE = 1 << 1,    /* the next line answers a SASL challenge */
  LOGGING_IN = 1 << 2,  /* the owner checks the credentials */
  TRANSACTION = 1 << 3,
  LISTING = 1 << 4,     /* a listing goes on as the output is sent */
  RETRIEVING = 1 << 5,  /* the owner opens a message */
  UPDATE = 1 << 6,      /* the owner deletes */
  STARTING_TLS = 1 << 7,
  CLOSED = 1 << 8,
} NekoPop3State;

/* What stands behind the number of a message in a listing. */
typedef enum {
  NEKO_POP3_OCTETS,
  NEKO_POP3_UNIQUE_ID,
} NekoPop3Column;

struct _NekoPop3Session {
  NekoPop3State      state;
  NekoCommandReader *reader;
  GString           *output;
  NekoConversation   conversation;
  NekoSecurity       security;
  NekoSasl          *sasl;
  char              *user;
  NekoSecret        *password;
  NekoPop3Listing    listing;
  guint8            *marks;         /* (nullable): a bit for each message, 1 = deleted at QUIT */
  size_t             marked;
  guint64            marked_octets;
  NekoPop3Column     column;        /* of the listing that goes on */
  size_t             cursor;        /* the message that it comes to next */
  size_t             position;      /* of the message that is being retrieved */
  int                lines;
};

typedef NekoPop3Action (*NekoPop3Handler) (NekoPop3Session *self,
                                           const char      *argument);

/* neko-pop3-commands.c */
void           neko_pop3_session_enter_state (NekoPop3Session *self,
                                              NekoPop3State    state);
NekoPop3Action neko_pop3_session_reply (NekoPop3Session *self,
                                        const char      *line);
NekoPop3Action neko_pop3_session_close (NekoPop3Session *self,
                                        const char      *line);
NekoPop3Action neko_pop3_session_refuse (NekoPop3Session *self,
                                         const char      *line);
NekoPop3Action neko_pop3_session_handle_command (NekoPop3Session *self,
                                                 const char      *line);

/* neko-pop3-authorization.c */
NekoPop3Action neko_pop3_session_respond (NekoPop3Session *self,
                                          const char      *line);
NekoPop3Action neko_pop3_handle_user (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_pass (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_auth (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_stls (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_utf8 (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_capa (NekoPop3Session *self,
                                      const char      *argument);

/* neko-pop3-listing.c */
void           neko_pop3_session_append_message (NekoPop3Session *self,
                                                 NekoPop3Column   column,
                                                 size_t           position);
void           neko_pop3_session_begin_listing (NekoPop3Session *self,
                                                NekoPop3Column   column);
void           neko_pop3_session_proceed_listing (NekoPop3Session *self);

/* neko-pop3-transaction.c */
NekoPop3Action neko_pop3_handle_stat (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_list (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_uidl (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_retr (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_top (NekoPop3Session *self,
                                     const char      *argument);
NekoPop3Action neko_pop3_handle_dele (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_rset (NekoPop3Session *self,
                                      const char      *argument);
NekoPop3Action neko_pop3_handle_noop (NekoPop3Session *self,
                                      const char      *argument);

G_END_DECLS
