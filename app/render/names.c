#include "app/render/names.h"

#include <glib/gi18n.h>

#define CONVERSATIONS_LOOKED_AT 2000 /* enough to see what a host does, and bounded */

const char *
wt_names_label (const WtCanvasNames *names, gpointer user_data, WtTrace *trace, guint32 node)
{
  const char *label = names && names->label ? names->label (node, user_data) : NULL;
  const WtEntity *entity = label ? NULL : wt_trace_entity (trace, node);

  if (label)
    return label;
  return entity && entity->name ? entity->name : "";
}

static gboolean
has_store (WtTrace *trace, guint32 node)
{
  guint32 n = wt_trace_n_children (trace, node);

  for (guint32 i = 0; i < n; i++)
    {
      const WtEntity *child = wt_trace_entity (trace, wt_trace_child (trace, node, i));

      if (child && (child->kind == WT_ENTITY_MAILBOX || child->kind == WT_ENTITY_QUEUE))
        return TRUE;
    }
  return FALSE;
}

typedef struct { gboolean dns_server, mail_server, device, client; guint n_links; } Roles;

static void
add_roles (Roles *roles, const WtEntity *entity, guint32 node)
{
  if (entity->kind == WT_ENTITY_LINK)
    roles->n_links += entity->ends[0] == node || entity->ends[1] == node;
  if (entity->kind != WT_ENTITY_CONVERSATION)
    return;
  roles->client |= entity->client == node;
  roles->dns_server |= entity->server == node && entity->protocol == WT_PROTOCOL_DNS;
  roles->device |= entity->server == node && entity->protocol == WT_PROTOCOL_SNMP;
  roles->mail_server |= entity->server == node && entity->transport == WT_TRANSPORT_TCP;
}

static const char *
guess (WtTrace *trace, guint32 node)
{
  guint32 n = MIN (wt_trace_n_entities (trace), CONVERSATIONS_LOOKED_AT);
  Roles roles = { 0 };

  if (has_store (trace, node))
    return "mail-server";
  for (guint32 id = 1; id <= n; id++)
    {
      const WtEntity *entity = wt_trace_entity (trace, id);

      if (entity)
        add_roles (&roles, entity, node);
    }
  if (roles.dns_server)
    return "name-server";
  if (roles.mail_server)
    return "mail-server";
  if (roles.device)
    return "managed-device";
  return !roles.client && roles.n_links >= 2 ? "router" : "mail-client";
}

const char *
wt_names_type (const WtCanvasNames *names, gpointer user_data, WtTrace *trace, guint32 node)
{
  const char *type = names && names->type ? names->type (node, user_data) : NULL;

  return type ? type : guess (trace, node);
}

const char *
wt_type_title (const char *type)
{
  static const struct { const char *type, *title; } titles[] = {
    { "mail-client", N_ ("Mail client") },
    { "mail-server", N_ ("Mail server") },
    { "name-server", N_ ("Name server") },
    { "router", N_ ("Router") },
    { "switch", N_ ("Switch") },
    { "managed-device", N_ ("Managed device") },
    { "server", N_ ("Server") },
    { "printer", N_ ("Printer") },
    { "ups", N_ ("Uninterruptible power supply") },
    { "sensor", N_ ("Sensor") },
    { "management-station", N_ ("Management station") },
    { "recording-proxy", N_ ("Recording proxy") },
    { "external", N_ ("Outside this network") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (type, titles[i].type) == 0)
      return _(titles[i].title);
  return _("Host");
}
