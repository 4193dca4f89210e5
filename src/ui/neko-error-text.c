/* neko-error-text.c - what went wrong, in the user's language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-error-text.h"

#include <glib/gi18n.h>

#include "neko-account-error.h"
#include "neko-autostart.h"
#include "neko-mail-error.h"
#include "neko-remote-error.h"

typedef struct {
  int         code;
  const char *text;
} Text;

static const Text mail_texts[] = {
  { NEKO_MAIL_ERROR_UNAVAILABLE,       N_ ("The Worker cannot be reached, or failed. Try again later")         },
  { NEKO_MAIL_ERROR_THROTTLED,         N_ ("The Worker asks to wait. Try again in a few minutes")              },
  { NEKO_MAIL_ERROR_SIGN_IN,           N_ ("The Worker does not accept this computer any more. Sign in again") },
  { NEKO_MAIL_ERROR_KEYRING,           N_ ("The keyring is locked. Unlock it, and try again")                  },
  { NEKO_MAIL_ERROR_DISABLED,          N_ ("The Worker does not allow this. The account may be disabled, or not an administrator’s") },
  { NEKO_MAIL_ERROR_GONE,              N_ ("It is not there any more")                                         },
  { NEKO_MAIL_ERROR_TOO_LARGE,         N_ ("The message is larger than the Worker takes")                      },
  { NEKO_MAIL_ERROR_QUOTA,             N_ ("The mailbox is full. Delete mail, or ask for more room")           },
  { NEKO_MAIL_ERROR_PASSWORD,          N_ ("The address or the password is wrong")                             },
  { NEKO_MAIL_ERROR_TOO_MANY_FAILURES, N_ ("That was wrong too often. Wait for a while, and try again")        },
};

static const Text autostart_texts[] = {
  { NEKO_AUTOSTART_ERROR_DENIED,    N_ ("The desktop refused. Look for Neko Mail among the applications in its settings") },
  { NEKO_AUTOSTART_ERROR_NO_PORTAL, N_ ("This desktop cannot start programs of its kind at login")             },
};

static const Text account_texts[] = {
  { NEKO_ACCOUNT_ERROR_INVALID,           N_ ("This cannot be used: it is empty, too long, or has characters that cannot be in it") },
  { NEKO_ACCOUNT_ERROR_EXISTS,            N_ ("That is there already. Choose another name")                    },
  { NEKO_ACCOUNT_ERROR_LIMIT,             N_ ("There are as many as can be kept. Remove one first")            },
  { NEKO_ACCOUNT_ERROR_CORRUPT,           N_ ("The file with the accounts cannot be read. Mend it, or move it away and add the accounts again") },
  { NEKO_ACCOUNT_ERROR_FAILED,            N_ ("The sign-in cannot be read or kept. Try again")                 },
  { NEKO_ACCOUNT_ERROR_NO_TOKEN,          N_ ("This computer is not signed in. Sign in again")                 },
  { NEKO_ACCOUNT_ERROR_KEYRING_LOCKED,    N_ ("The keyring is locked. Unlock it, and try again")               },
  { NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED, N_ ("The keyring was not unlocked. Without it the sign-in cannot be kept") },
  { NEKO_ACCOUNT_ERROR_KEYRING_SLOW,      N_ ("The keyring does not answer. Try again")                           },
  { NEKO_ACCOUNT_ERROR_KEYRING_NONE,      N_ ("There is no default keyring. Make one in your desktop’s password settings") },
  { NEKO_ACCOUNT_ERROR_KEYRING_ABSENT,    N_ ("There is no keyring to keep the sign-in in. Install and start one, such as GNOME Keyring or KWallet") },
};

static const Text remote_texts[] = {
  { NEKO_REMOTE_ERROR_URL,          N_ ("This is no address of a Worker. It begins with https://")             },
  { NEKO_REMOTE_ERROR_HOST,         N_ ("This name is not known. Check how it is written, and whether this computer is online") },
  { NEKO_REMOTE_ERROR_CERTIFICATE,  N_ ("That server cannot prove who it is: its certificate is not trusted. Do not go on, and ask whoever runs it") },
  { NEKO_REMOTE_ERROR_UNREACHABLE,  N_ ("Nobody answers there. Check the address, and try again later")        },
  { NEKO_REMOTE_ERROR_NOT_WORKER,   N_ ("Something answers there, but it is no Worker of Neko Mail. Check the address") },
  { NEKO_REMOTE_ERROR_CUT,          N_ ("The mail came in part only, so nothing was saved. Try again")         },
  { NEKO_REMOTE_ERROR_SETUP_KEY,    N_ ("The setup key is wrong. It was shown when the Worker was set up")     },
  { NEKO_REMOTE_ERROR_SET_UP,       N_ ("Somebody has set this Worker up already. Sign in, or ask for an account") },
  { NEKO_REMOTE_ERROR_CLOSED,       N_ ("Only administrators make accounts there. Ask one of them")            },
  { NEKO_REMOTE_ERROR_INVITE,       N_ ("The invite is wrong, was used, or has expired. Ask for another one")  },
  { NEKO_REMOTE_ERROR_NOT_ADMIN,    N_ ("Only administrators may do this")                                     },
  { NEKO_REMOTE_ERROR_LAST_ADMIN,   N_ ("This is the last administrator. Make another one first")              },
  { NEKO_REMOTE_ERROR_NO_SUCH,      N_ ("It is not there any more")                                            },
  { NEKO_REMOTE_ERROR_TOO_MANY,     N_ ("There are as many as can be kept. Remove some first")                 },
  { NEKO_REMOTE_ERROR_ADDRESS,      N_ ("This is no mail address")                                             },
  { NEKO_REMOTE_ERROR_TAKEN,        N_ ("Somebody has this address already. Choose another one")               },
  { NEKO_REMOTE_ERROR_DOMAIN,       N_ ("The Worker does not serve this domain")                               },
  { NEKO_REMOTE_ERROR_TAGGED,       N_ ("An address with a +tag belongs to the address without it. Leave out the tag") },
  { NEKO_REMOTE_ERROR_RESERVED,     N_ ("This address is reserved. An administrator can give it to you")       },
  { NEKO_REMOTE_ERROR_PASSWORD,     N_ ("The password is too short or too long. Choose one of 10 to 256 characters") },
  { NEKO_REMOTE_ERROR_OLD_PASSWORD, N_ ("The old password is wrong")                                           },
  { NEKO_REMOTE_ERROR_INVALID,      N_ ("The Worker does not take this. Check what you entered")               },
};


static const char *
find (const Text *texts,
      size_t      count,
      int         code)
{
  for (size_t i = 0; i < count; i++) {
    if (texts[i].code == code)
      return _ (texts[i].text);
  }

  return NULL;
}


/**
 * neko_error_text:
 *
 * Returns: (transfer full): a sentence without a full stop at its end. What is not known here is told in the
 *   words of @error, which are English
 */
char *
neko_error_text (const GError *error)
{
  const char *text = NULL;

  if (error->domain == NEKO_MAIL_ERROR)
    text = find (mail_texts, G_N_ELEMENTS (mail_texts), error->code);
  else if (error->domain == NEKO_ACCOUNT_ERROR)
    text = find (account_texts, G_N_ELEMENTS (account_texts), error->code);
  else if (error->domain == NEKO_AUTOSTART_ERROR)
    text = find (autostart_texts, G_N_ELEMENTS (autostart_texts), error->code);
  else if (error->domain == NEKO_REMOTE_ERROR)
    text = find (remote_texts, G_N_ELEMENTS (remote_texts), error->code);

  return g_strdup (text != NULL ? text : error->message);
}
