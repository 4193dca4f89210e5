/* neko-check-text.c - a finding of a Worker's self-test, in the user's language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-check-text.h"

#include <glib/gi18n.h>

typedef struct {
  const char *check;  /* as the Worker calls it */
  const char *name;   /* what is looked at */
  const char *good;
  const char *bad;
  const char *advice; /* (nullable): what to do where it is bad */
} Words;

/* For each check in src/worker/src/diagnostics. Its sentences say more, with names and records, in English. */
static const Words words[] = {
  {
    "send-binding", N_ ("Sending"), N_ ("The Worker can send mail"), N_ ("The Worker cannot send mail"),
    N_ ("Its binding for that is missing. Deploy it again with the settings that it came with"),
  },
  {
    "storage", N_ ("Storage"), N_ ("Storage can be written and read"), N_ ("Storage cannot be written"),
    N_ ("Mail that comes in waits at its senders’ servers. A daily limit of Cloudflare may be reached, which ends at 00:00 UTC"),
  },
  {
    "schema", N_ ("Storage"), N_ ("Storage is up to date"), N_ ("Storage is not up to date"), NULL,
  },
  {
    "last-received", N_ ("Incoming mail"), N_ ("Mail comes in"), N_ ("No mail has come in yet"),
    N_ ("Send a message from elsewhere to an address here. If it does not arrive, look at Email Routing in the Cloudflare dashboard"),
  },
  {
    "mailbox-full", N_ ("Mailboxes"), N_ ("There is room in the mailboxes"), N_ ("A mailbox is full, and mail to it is refused"),
    N_ ("Give the user more room, or have old messages deleted"),
  },
  {
    "forward", N_ ("Forwarding"), N_ ("Mail is forwarded"), N_ ("Mail is not forwarded; it is kept here"),
    N_ ("In the Cloudflare dashboard, see whether the address that it goes to is a verified destination address"),
  },
  {
    "mx", N_ ("Incoming mail (MX)"), N_ ("Mail for the domain comes to Cloudflare"),
    N_ ("Not all mail for the domain comes to Cloudflare"),
    N_ ("Let Email Routing in the Cloudflare dashboard add its MX records, in place of others"),
  },
  {
    "spf", N_ ("Senders (SPF)"), N_ ("Cloudflare may send for the domain (SPF)"), N_ ("The SPF record is not as it should be"),
    N_ ("Change the TXT record of the domain as the details say"),
  },
  {
    "sending-spf", N_ ("Senders of bounces (SPF)"), N_ ("Cloudflare may send from the domain’s bounce address (SPF)"),
    N_ ("The SPF record for bounces is not as it should be"),
    N_ ("Onboard the domain for Email Sending in the Cloudflare dashboard"),
  },
  {
    "dkim", N_ ("Signatures (DKIM)"), N_ ("Signatures of sent mail can be checked (DKIM)"),
    N_ ("Signatures of sent mail cannot be checked (DKIM)"),
    N_ ("Onboard the domain for Email Sending in the Cloudflare dashboard"),
  },
  {
    "routing-dkim", N_ ("Signatures of forwarded mail (DKIM)"), N_ ("Signatures of forwarded mail (DKIM)"),
    N_ ("Signatures of forwarded mail (DKIM)"), NULL,
  },
  {
    "dmarc", N_ ("Forged mail (DMARC)"), N_ ("Receivers know what to do with forged mail (DMARC)"),
    N_ ("Receivers do not know what to do with forged mail (DMARC)"),
    N_ ("Add or change the TXT record as the details say"),
  },
  {
    "domains", N_ ("Domains"), N_ ("Only some of the domains were checked"), N_ ("Only some of the domains were checked"), NULL,
  },
};

/* What is not known is no finding about the settings. The Worker has no code for it, but always these words; where
 * they should change one day, it reads as a problem with these words as its details. */
static const struct {
  const char *beginning;
  const char *title;
  const char *advice; /* (nullable): said once, for all of them */
} unknowns[] = {
  {
    "DNS could not be asked",
    /* Translators: %s is what was looked at, as "Signatures (DKIM)" */
    N_ ("%s: DNS could not be asked"),
    NULL,
  },
  {
    "DNS answers with a failure",
    /* Translators: %s is what was looked at, as "Signatures (DKIM)" */
    N_ ("%s: DNS answers with a failure"),
    N_ ("Check again in a minute. If it stays so, look at the domain’s name servers and at DNSSEC"),
  },
};


static const Words *
find (const NekoRemoteCheck *check)
{
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_str_equal (words[i].check, check->check))
      return &words[i];
  }

  return NULL;
}


/* Returns: which of the unknowns, or their number */
static size_t
find_unknown (const NekoRemoteCheck *check)
{
  size_t i = 0;

  while (i < G_N_ELEMENTS (unknowns) && (check->is_ok || !g_str_has_prefix (check->finding, unknowns[i].beginning)))
    i++;

  return i;
}


/**
 * neko_check_text_is_unknown:
 *
 * Returns: whether it could not be looked at, so that it is no finding
 */
gboolean
neko_check_text_is_unknown (const NekoRemoteCheck *check)
{
  return find_unknown (check) < G_N_ELEMENTS (unknowns);
}


/**
 * neko_check_text_dup_title:
 *
 * Returns: (transfer full): what was found. Of a check that is not known here it is the Worker's sentence
 */
char *
neko_check_text_dup_title (const NekoRemoteCheck *check)
{
  const Words *its = find (check);
  size_t unknown = find_unknown (check);

  if (unknown < G_N_ELEMENTS (unknowns)) {
    g_auto (GStrv) parts = g_strsplit (_ (unknowns[unknown].title), "%s", 2);

    return g_strjoinv (its != NULL ? _ (its->name) : check->check, parts);
  }

  if (its == NULL)
    return g_strdup (check->finding);

  return g_strdup (check->is_ok ? _ (its->good) : _ (its->bad));
}


/**
 * neko_check_text_dup_advice:
 *
 * Returns: (transfer full) (nullable): what to do, with the Worker's own sentences, which say of what; %NULL where
 *   there is nothing to do
 */
char *
neko_check_text_dup_advice (const NekoRemoteCheck *check)
{
  const Words *its = find (check);
  size_t unknown = find_unknown (check);
  const char *advice = its != NULL && !check->is_ok ? its->advice : NULL;
  g_autofree char *details = NULL;

  if (check->is_ok && check->remedy == NULL)
    return NULL;

  if (unknown < G_N_ELEMENTS (unknowns))
    return unknowns[unknown].advice != NULL ? g_strdup (_ (unknowns[unknown].advice)) : NULL;

  details = check->remedy != NULL ? g_strconcat (check->finding, " ", check->remedy, NULL) : g_strdup (check->finding);

  /* Translators: the first is what to do, the second the same in more detail, in English */
  return advice != NULL ? g_strdup_printf (_ ("%s.\nDetails: %s"), _ (advice), details) : g_steal_pointer (&details);
}
