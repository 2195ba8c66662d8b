/* What a managed device tells by itself: coldStart, linkDown, linkUp (RFC 3418, RFC 2863), and what a scenario has it
 * tell. */
#include "app/hosts/managed-device-private.h"

#include "app/hosts/key-check.h"
#include "app/hosts/snmp-values.h"

#include <glib/gi18n.h>
#include <string.h>

#define TARGETS_MAX 16

static const WtOid cold_start = { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 1 } };
static const WtOid link_down = { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 3 } };
static const WtOid link_up = { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 4 } };

/* --- whom -------------------------------------------------------------------------------------------------------- */

static guint32
address_of (WtManagedDevice *self, const char *host)
{
  guint32 ip = 0;
  if (!wt_parse_ipv4 (host, &ip) && self->host.directory)
    ip = wt_host_directory_address (self->host.directory, host);
  return ip;
}

void
wt_managed_traps_add_targets (WtManagedDevice *self)
{
  for (char **text = self->traps; *text; text++)
    {
      g_autofree char *host = NULL;
      guint16 port = WT_SNMP_TRAP_PORT;
      if (!wt_parse_endpoint (*text, &host, &port))
        continue;
      WtSnmpTarget target = { .peer = { address_of (self, host), port }, .version = self->trap_version, .retries = -1 };
      if (self->trap_version == WT_SNMP_V3)
        {
          target.user = self->trap_name;
          target.level = wt_snmp_usm_user_level (self->usm, self->trap_name);
        }
      else
        target.community = self->trap_name;
      if (target.peer.ip)
        wt_snmp_agent_add_target (self->agent, &target, self->informs && self->trap_version != WT_SNMP_V1);
      else
        wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING,
                       N_ ("%s has no address: no traps are sent there"), host);
    }
}

/* --- what -------------------------------------------------------------------------------------------------------- */

void
wt_managed_traps_cold_start (WtManagedDevice *self)
{
  if (*self->traps)
    wt_snmp_agent_notify (self->agent, wt_world_now (self->host.world), &cold_start, NULL, 0);
}

static WtOid
column (guint32 arc, guint i)
{
  return (WtOid){ 11, { 1, 3, 6, 1, 2, 1, 2, 2, 1, arc, i + 1 } };
}

static gboolean
is_enabled (WtManagedDevice *self, guint i)
{
  WtOid enable = { 12, { 1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 14, i + 1 } };
  WtSnmpValue value;
  return wt_managed_objects_value (self->objects, &enable, &value) && value.integer == 1;
}

static void
tell_link (WtManagedDevice *self, guint i, guint oper)
{
  static const guint32 arcs[] = { 1, 7, 8 }; /* ifIndex, ifAdminStatus, ifOperStatus */
  WtSnmpVarBind bindings[G_N_ELEMENTS (arcs)];
  for (guint j = 0; j < G_N_ELEMENTS (arcs); j++)
    {
      bindings[j] = (WtSnmpVarBind){ .name = column (arcs[j], i) };
      wt_managed_objects_value (self->objects, &bindings[j].name, &bindings[j].value);
    }
  wt_managed_device_record (self, &bindings[2].name, &bindings[2].value);
  if (is_enabled (self, i))
    wt_snmp_agent_notify (self->agent, wt_world_now (self->host.world), oper == 1 ? &link_up : &link_down, bindings,
                          G_N_ELEMENTS (bindings));
}

static void
look_at_ports (gpointer user_data)
{
  WtManagedDevice *self = user_data;
  self->port_timer = 0;
  for (guint i = 0; i < self->ports->len; i++)
    {
      WtManagedPort *port = &g_array_index (self->ports, WtManagedPort, i);
      guint oper = wt_managed_port_oper (self, i);
      gboolean tells = (oper == 1) != (port->oper == 1);
      port->oper = oper;
      if (tells)
        tell_link (self, i, oper);
    }
  wt_managed_device_flush (self);
}

/* Not at once: the world may be in the middle of something, and so may the agent. */
void
wt_managed_traps_link_changed (gpointer device)
{
  WtManagedDevice *self = device;
  if (self->agent && self->port_timer == 0)
    self->port_timer = wt_world_timer (self->host.world, 0, look_at_ports, self);
}

/* --- at a scenario's word ---------------------------------------------------------------------------------------- */

static void
add_binding (WtManagedDevice *self, GArray *bindings, GPtrArray *buffers, const char *text)
{
  GByteArray *buffer = g_byte_array_new ();
  WtSnmpVarBind binding = { .start = 0 };
  g_ptr_array_add (buffers, buffer);
  if (wt_snmp_assignment_parse (text, &binding.name, &binding.value, buffer, NULL))
    g_array_append_val (bindings, binding);
}

gboolean
wt_managed_traps_send (WtManagedDevice *self, const WtHostConfig *config, GError **error)
{
  g_autoptr (GArray) bindings = g_array_new (FALSE, FALSE, sizeof (WtSnmpVarBind));
  g_autoptr (GPtrArray) buffers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  WtOid trap;
  if (!wt_mib_parse (self->mib, wt_host_config_string (config, "trap"), &trap, error))
    return FALSE;
  for (const char *const *text = wt_host_config_list (config, "objects"); *text; text++)
    add_binding (self, bindings, buffers, *text);
  wt_snmp_agent_notify (self->agent, wt_world_now (self->host.world), &trap, (const WtSnmpVarBind *) bindings->data,
                        bindings->len);
  wt_managed_device_flush (self);
  return TRUE;
}
