/* neko-server-plan.c - what the settings mean for the two servers together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-server-plan.h"

enum {
  POP3,
  SMTP,
  POP3S,
  SMTPS,
  N_PORTS,
};

static const struct {
  const char *name;
  const char *key;
} ports[N_PORTS] = {
  [POP3] = { "POP3", NEKO_SETTING_POP3_PORT },
  [SMTP] = { "SMTP", NEKO_SETTING_SMTP_PORT },
  [POP3S] = { "POP3 with TLS", NEKO_SETTING_POP3S_PORT },
  [SMTPS] = { "SMTP with TLS", NEKO_SETTING_SMTPS_PORT },
};

struct _NekoServerPlan {
  NekoServerSettings pop3;
  NekoServerSettings smtp;
  char              *address;         /* (nullable) */
  char              *address_problem; /* (nullable) */
  char              *port_problems[N_PORTS];
};


void
neko_server_plan_free (NekoServerPlan *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->pop3.certificate);
  g_free (self->address);
  g_free (self->address_problem);

  for (size_t i = 0; i < N_PORTS; i++)
    g_free (self->port_problems[i]);

  g_free (self);
}


/* The first of two that want the same port gets it; the other one says why it does not. */
static void
find_equal_ports (NekoServerPlan      *self,
                  NekoServiceSettings *settings,
                  size_t               count)
{
  for (size_t i = 1; i < count; i++) {
    guint16 port = neko_service_settings_get_port (settings, ports[i].key);

    for (size_t j = 0; j < i && port != 0 && self->port_problems[i] == NULL; j++) {
      if (neko_service_settings_get_port (settings, ports[j].key) == port)
        self->port_problems[i] = g_strdup_printf ("Port %u is chosen for %s too; choose another one "
                                                  "for %s", port, ports[j].name, ports[i].name);
    }
  }
}


static void
find_certificate (NekoServerPlan  *self,
                  NekoCertificate *certificate)
{
  g_autoptr (GError) error = NULL;

  if (neko_certificate_open (certificate, self->address_problem == NULL ? self->address : NULL,
                             &error)) {
    self->pop3.certificate = g_object_ref (neko_certificate_get_tls (certificate));
    return;
  }

  if (self->address != NULL && self->address_problem == NULL)
    self->address_problem = g_strdup (error->message);

  for (size_t i = POP3S; i < N_PORTS; i++) {
    if (self->port_problems[i] == NULL)
      self->port_problems[i] = g_strdup (error->message);
  }
}


/**
 * neko_server_plan_new:
 * @certificate: opened where it is needed
 *
 * Settings that do not go together are problems in the plan, and what is not touched by them works.
 *
 * Returns: (transfer full): a plan
 */
NekoServerPlan *
neko_server_plan_new (NekoServiceSettings *settings,
                      NekoCertificate     *certificate)
{
  NekoServerPlan *self = g_new0 (NekoServerPlan, 1);
  gboolean has_tls = neko_service_settings_has_tls (settings);
  g_autoptr (GError) error = NULL;
  gboolean is_used;

  self->address = neko_service_settings_dup_address (settings);

  if (self->address != NULL && !neko_service_settings_check_address (self->address, &error))
    self->address_problem = g_strdup (error->message);

  is_used = has_tls || (self->address != NULL && self->address_problem == NULL);
  find_equal_ports (self, settings, is_used ? N_PORTS : POP3S);

  if (is_used)
    find_certificate (self, certificate);

  neko_certificate_keep (certificate, is_used);
  self->pop3.address = self->address;
  self->pop3.address_problem = self->address_problem;
  self->pop3.has_tls = has_tls;
  self->smtp = self->pop3;
  self->pop3.port = neko_service_settings_get_port (settings, ports[POP3].key);
  self->pop3.port_problem = self->port_problems[POP3];
  self->pop3.tls_port = neko_service_settings_get_port (settings, ports[POP3S].key);
  self->pop3.tls_port_problem = self->port_problems[POP3S];
  self->smtp.port = neko_service_settings_get_port (settings, ports[SMTP].key);
  self->smtp.port_problem = self->port_problems[SMTP];
  self->smtp.tls_port = neko_service_settings_get_port (settings, ports[SMTPS].key);
  self->smtp.tls_port_problem = self->port_problems[SMTPS];

  return self;
}


const NekoServerSettings *
neko_server_plan_get_pop3 (const NekoServerPlan *self)
{
  return &self->pop3;
}


const NekoServerSettings *
neko_server_plan_get_smtp (const NekoServerPlan *self)
{
  return &self->smtp;
}
