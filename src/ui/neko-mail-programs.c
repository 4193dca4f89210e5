/* neko-mail-programs.c - how to set up the mail programs that people use most
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mail-programs.h"

#include <glib/gi18n.h>

static const NekoMailProgram programs[] = {
  {
    "Thunderbird",
    {
      N_ ("Open the menu, choose New Account, then Email, and enter your name and your mail address"),
      N_ ("If it does not find the settings by itself, choose to configure them manually, or to edit the configuration"),
      N_ ("For incoming mail choose POP3; enter the server, the POP3 port, connection security None and normal "
          "password, as shown above"),
      N_ ("For outgoing mail enter the same server, the SMTP port, connection security None and normal password"),
      N_ ("Enter the password for Thunderbird that you made above"),
    },
  },
  {
    "Evolution",
    {
      N_ ("Choose New, then Mail Account in the File menu, and enter your name and mail address; switch off the "
          "look-up of server details"),
      N_ ("For receiving choose POP; enter the server, the POP3 port, the user name, no encryption and the "
          "authentication Password"),
      N_ ("For sending choose SMTP; enter the server, the SMTP port, that the server requires authentication, no "
          "encryption, the type PLAIN and the user name"),
      N_ ("When it asks for a password, enter the one for Evolution that you made above"),
    },
  },
  {
    "KMail",
    {
      N_ ("Choose Configure KMail in the Settings menu, then Accounts"),
      N_ ("Add a custom receiving account of the type POP3: the server, the user name and the password that you made "
          "above; under Advanced no encryption, the POP3 port and the authentication Clear text"),
      N_ ("Add a sending account of the type SMTP: the server, that it requires authentication, the user name and the "
          "same password; under Advanced no encryption, the SMTP port and PLAIN"),
      N_ ("In the identity, enter your name and mail address and choose this sending account"),
    },
  },
  {
    "Outlook",
    {
      N_ ("Outlook runs on another computer: let that one in first, in the settings under other computers, and use the "
          "ports with TLS"),
      N_ ("Choose Add Account in the File menu, enter your mail address, choose to set it up manually, and POP"),
      N_ ("For both servers enter this computer’s address in your network, the ports for TLS and the encryption "
          "SSL/TLS"),
      N_ ("Enter the password that you made above, and trust the certificate when its fingerprint is that in the "
          "settings"),
    },
  },
  {
    "mutt",
    {
      N_ ("Copy these lines to ~/.config/mutt/muttrc, or to ~/.muttrc"),
      N_ ("Press G to fetch mail, and enter the password that you made above"),
    },
  },
};


/**
 * neko_mail_programs_get:
 * @count: (out): how many there are
 */
const NekoMailProgram *
neko_mail_programs_get (size_t *count)
{
  *count = G_N_ELEMENTS (programs);

  return programs;
}


/**
 * neko_mail_programs_dup_mutt:
 *
 * Returns: (transfer full): what stands in mutt's settings, without a password
 */
char *
neko_mail_programs_dup_mutt (const char *address,
                             unsigned    pop3_port,
                             unsigned    smtp_port)
{
  g_autofree char *user = g_uri_escape_string (address, NULL, FALSE);

  return g_strdup_printf ("set from=\"%s\"\n"
                          "set pop_host=\"pop://%s@127.0.0.1:%u\"\n"
                          "set smtp_url=\"smtp://%s@127.0.0.1:%u\"\n"
                          "set pop_authenticators=user smtp_authenticators=plain\n"
                          "set ssl_starttls=no ssl_force_tls=no",
                          address, user, pop3_port, user, smtp_port);
}
