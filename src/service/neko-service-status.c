/* neko-service-status.c - how a service is doing, to be shown to people and programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-status.h"

#include <unistd.h>

/* The names are for programs that read `status --json`: once they are out, they stay. */
static const char *listener_states[] = {
  [NEKO_LISTENER_STOPPED] = "stopped",
  [NEKO_LISTENER_LISTENING] = "listening",
  [NEKO_LISTENER_PORT_TAKEN] = "port-taken",
  [NEKO_LISTENER_ADDRESS_ABSENT] = "address-absent",
  [NEKO_LISTENER_FAILED] = "failed",
  [NEKO_LISTENER_BLOCKED] = "blocked",
};

static const char *mailbox_states[] = {
  [NEKO_MAILBOX_CONNECTING] = "connecting",
  [NEKO_MAILBOX_READY] = "ready",
  [NEKO_MAILBOX_OFFLINE] = "offline",
  [NEKO_MAILBOX_SIGN_IN] = "sign-in",
  [NEKO_MAILBOX_KEYRING] = "keyring",
};

static const char *keyring_states[] = {
  [NEKO_ACCOUNT_ERROR_KEYRING_ABSENT] = "absent",
  [NEKO_ACCOUNT_ERROR_KEYRING_NONE] = "none",
  [NEKO_ACCOUNT_ERROR_KEYRING_LOCKED] = "locked",
  [NEKO_ACCOUNT_ERROR_KEYRING_SLOW] = "slow",
  [NEKO_ACCOUNT_ERROR_FAILED] = "failed",
};


/* Where the user did not unlock it when the desktop asked, it is locked. */
static const char *
get_keyring_state (NekoMailbox *mailbox)
{
  NekoAccountError keyring = neko_mailbox_get_keyring (mailbox);

  if (keyring == NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED)
    keyring = NEKO_ACCOUNT_ERROR_KEYRING_LOCKED;

  return keyring_states[keyring];
}


static void
add_text (GVariantBuilder *builder,
          const char      *name,
          const char      *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return;

  /* Paths are what the file system has, and the bus takes UTF-8 only. */
  valid = g_utf8_make_valid (text, -1);
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_string (valid));
}


static void
add_number (GVariantBuilder *builder,
            const char      *name,
            guint64          number)
{
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_uint64 (number));
}


static void
add_listener (GVariantBuilder *builder,
              NekoListener    *listener)
{
  const char *address = neko_listener_get_address (listener);

  g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
  add_text (builder, "protocol", neko_listener_get_protocol (listener));
  add_text (builder, "address", address != NULL ? address : "localhost");
  add_number (builder, "port", neko_listener_get_port (listener));
  add_text (builder, "state", listener_states[neko_listener_get_state (listener)]);
  add_text (builder, "problem", neko_listener_get_problem (listener));
  g_variant_builder_close (builder);
}


static void
add_listeners (GVariantBuilder *builder,
               NekoServer      *server)
{
  GPtrArray *listeners = neko_server_get_listeners (server);

  for (guint i = 0; i < listeners->len; i++)
    add_listener (builder, g_ptr_array_index (listeners, i));
}


static GVariant *
list_listeners (NekoService *service)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  add_listeners (&builder, neko_service_get_pop3 (service));
  add_listeners (&builder, neko_service_get_smtp (service));

  return g_variant_builder_end (&builder);
}


static void
add_mailbox (GVariantBuilder *builder,
             NekoMailbox     *mailbox,
             NekoStatistics  *statistics)
{
  NekoAccount *account = neko_mailbox_get_account (mailbox);
  size_t messages;
  guint64 octets;
  gboolean is_in_step = neko_mailbox_get_contents (mailbox, &messages, &octets);

  g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
  add_text (builder, "address", neko_account_get_address (account));
  add_text (builder, "url", neko_account_get_url (account));
  add_text (builder, "state", mailbox_states[neko_mailbox_get_state (mailbox)]);

  if (neko_mailbox_get_state (mailbox) == NEKO_MAILBOX_KEYRING)
    add_text (builder, "keyring", get_keyring_state (mailbox));

  add_number (builder, "since", neko_mailbox_get_since (mailbox) / G_USEC_PER_SEC);
  g_variant_builder_add (builder, "{sv}", "inStep", g_variant_new_boolean (is_in_step));
  add_number (builder, "messages", messages);
  add_number (builder, "octets", octets);
  add_number (builder, "passwords", neko_account_get_passwords (account)->len);
  g_variant_builder_add (builder, "{sv}", "passwordUse",
                         neko_statistics_list_passwords (statistics, account));
  add_text (builder, "lastError", neko_mailbox_get_problem (mailbox));
  g_variant_builder_close (builder);
}


static GVariant *
list_mailboxes (NekoService *service)
{
  GListModel *mailboxes = neko_service_get_mailboxes (service);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < g_list_model_get_n_items (mailboxes); i++) {
    g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (mailboxes, i);

    add_mailbox (&builder, mailbox, neko_service_get_statistics (service));
  }

  return g_variant_builder_end (&builder);
}


static void
add_certificate (GVariantBuilder *builder,
                 NekoCertificate *certificate)
{
  GVariantBuilder members = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *fingerprint = NULL;

  if (!neko_certificate_is_used (certificate))
    return;

  fingerprint = neko_certificate_dup_fingerprint (certificate);
  add_text (&members, "path", neko_certificate_get_path (certificate));
  add_text (&members, "fingerprint", fingerprint);
  add_number (&members, "expires", neko_certificate_get_end (certificate));
  g_variant_builder_add (builder, "{sv}", "certificate", g_variant_builder_end (&members));
}


static void
add_overrides (GVariantBuilder     *builder,
               NekoServiceSettings *settings)
{
  g_auto (GStrv) keys = neko_service_settings_list_overrides (settings);

  g_variant_builder_add (builder, "{sv}", "overrides", g_variant_new_strv ((const char *const *) keys, -1));
}


/**
 * neko_service_status_new:
 * @program: its name
 * @token_file: (nullable): where it keeps tokens, %NULL for the keyring
 * @is_tray_shown: whether it has an icon in a tray
 * @started: when the program started, in seconds since 1970
 *
 * Returns: (transfer floating): an a{sv}: the program, its listeners, accounts, sessions and spool
 */
GVariant *
neko_service_status_new (NekoService *service,
                         const char  *program,
                         const char  *token_file,
                         gboolean     is_tray_shown,
                         gint64       started)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "program", program);
  add_text (&builder, "version", NEKO_VERSION);
  add_number (&builder, "processId", getpid ());
  add_number (&builder, "started", started);
  add_text (&builder, "tokenFile", token_file);
  g_variant_builder_add (&builder, "{sv}", "paused",
                         g_variant_new_boolean (neko_service_is_paused (service)));
  g_variant_builder_add (&builder, "{sv}", "trayShown", g_variant_new_boolean (is_tray_shown));
  add_overrides (&builder, neko_service_get_settings (service));
  g_variant_builder_add (&builder, "{sv}", "listeners", list_listeners (service));
  add_certificate (&builder, neko_service_get_certificate (service));
  add_number (&builder, "pop3Sessions",
              neko_server_get_connections (neko_service_get_pop3 (service)));
  add_number (&builder, "smtpSessions",
              neko_server_get_connections (neko_service_get_smtp (service)));
  g_variant_builder_add (&builder, "{sv}", "accounts", list_mailboxes (service));
  add_number (&builder, "spoolOctets", neko_service_get_spool_used (service));
  add_number (&builder, "spoolLimit", neko_service_get_spool_size (service) * NEKO_MEBIBYTE);

  return g_variant_builder_end (&builder);
}
