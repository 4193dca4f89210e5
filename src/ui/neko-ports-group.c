/* neko-ports-group.c - the ports of the mail servers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-ports-group.h"

#include "neko-note-row.h"
#include "neko-port-row.h"

struct _NekoPortsGroup {
  AdwPreferencesGroup parent_instance;

  NekoPortRow        *pop3_row;
  NekoPortRow        *smtp_row;
};

G_DEFINE_FINAL_TYPE (NekoPortsGroup, neko_ports_group, ADW_TYPE_PREFERENCES_GROUP)


/**
 * neko_ports_group_set_model:
 *
 * Shows and sets the ports of @model.
 */
void
neko_ports_group_set_model (NekoPortsGroup *self,
                            NekoModel      *model)
{
  g_return_if_fail (NEKO_IS_PORTS_GROUP (self));

  neko_port_row_set_model (self->pop3_row, model);
  neko_port_row_set_model (self->smtp_row, model);
}


static void
neko_ports_group_class_init (NekoPortsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (NEKO_TYPE_NOTE_ROW);
  g_type_ensure (NEKO_TYPE_PORT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-ports-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoPortsGroup, pop3_row);
  gtk_widget_class_bind_template_child (widget_class, NekoPortsGroup, smtp_row);
}


static void
neko_ports_group_init (NekoPortsGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
