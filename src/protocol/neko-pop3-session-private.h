/* neko-pop3-session-private.h - what the parts of a POP3 session share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-command-reader.h"
#include "neko-pop3-session.h"
#include "neko-sasl.h"
#include "neko-secret.h"

G_BEGIN_DECLS

typedef enum {
  AUTHORIZATION = 1 << 0,
  EXCHANGE = 1 << 1,    /* the next line answers a SASL challenge */
  LOGGING_IN = 1 << 2,  /* the owner checks the credentials */
  TRANSACTION = 1 << 3,
  RETRIEVING = 1 << 4,  /* the owner opens a message */
  UPDATE = 1 << 5,      /* the owner deletes */
  CLOSED = 1 << 6,
} NekoPop3State;

struct _NekoPop3Session {
  NekoPop3State      state;
  NekoCommandReader *reader;
  GString           *output;
  NekoSasl          *sasl;
  char              *user;
  NekoSecret        *password;
  NekoPop3Listing    listing;
  GByteArray        *marks;     /* one for each message of the listing, 1 = deleted at QUIT */
  size_t             marked;
  size_t             position;  /* of the message that is being retrieved */
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
NekoPop3Action neko_pop3_handle_capa (NekoPop3Session *self,
                                      const char      *argument);

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
