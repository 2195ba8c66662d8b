/* The objects of a managed device that follow the world: system (RFC 3418), interfaces (RFC 2863), ip, tcp and udp (RFC
 * 4293, 4022, 4113). */
#include "app/hosts/managed-device-private.h"
#include "app/hosts/managed-put.h"

#include <string.h>

#define ETHERNET_CSMACD 6
#define SOFTWARE_LOOPBACK 24
#define MTU 1500
#define LOOPBACK_MTU 65536

#define WELL_KNOWN_ENTERPRISE 32473 /* for documentation and examples, RFC 5612 */

static void
put_oid (WtManagedDevice *self, const WtOid *name, const WtOid *oid)
{
  guint8 bytes[WT_OID_ENCODED_MAX];
  gsize n = wt_oid_encode (oid, bytes);
  wt_managed_objects_put (self->objects, name, &(WtSnmpValue){ .tag = WT_BER_OID, .oid = { bytes, n } });
}

/* sysUpTime of a moment of the world. */
static guint32
ticks_at (WtManagedDevice *self, gint64 time)
{
  return self->usm && time > 0 ? wt_snmp_usm_ticks (self->usm, time) : 0;
}

/* --- system ------------------------------------------------------------------------------------------------------ */

static const guint32 system_root[] = { 1, 3, 6, 1, 2, 1, 1 };
static const guint32 or_entry[] = { 1, 3, 6, 1, 2, 1, 1, 9, 1 };

static void
up_time (gpointer device, guint arg, WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  value->number = ticks_at (self, wt_world_now (self->host.world));
}

/* What the agent does, as sysORTable names it: by MIB modules and their compliance statements. */
static const struct {
  WtOid id;
  const char *text;
} abilities[] = {
  { { 7, { 1, 3, 6, 1, 6, 3, 1 } }, "SNMPv2-MIB: system and snmp groups" },
  { { 10, { 1, 3, 6, 1, 6, 3, 10, 3, 1, 1 } }, "SNMP-FRAMEWORK-MIB: the SNMP engine" },
  { { 10, { 1, 3, 6, 1, 6, 3, 15, 2, 1, 1 } }, "SNMP-USER-BASED-SM-MIB: users with authentication and privacy" },
  { { 7, { 1, 3, 6, 1, 2, 1, 31 } }, "IF-MIB: network interfaces" },
};

static void
put_system (WtManagedDevice *self, const WtHostConfig *config)
{
  const char *contact = wt_host_config_string (config, "contact"),
             *location = wt_host_config_string (config, "location");
  WtOid kind = { 8, { 1, 3, 6, 1, 4, 1, WELL_KNOWN_ENTERPRISE, 1 } };
  g_autofree char *description = g_strdup_printf ("Wiretalk host %s", self->name);
  wt_managed_put_text (self->objects, WT_MANAGED_OID (system_root, 1, 0), description);
  put_oid (self, WT_MANAGED_OID (system_root, 2, 0), &kind);
  wt_managed_objects_put_func (self->objects, WT_MANAGED_OID (system_root, 3, 0), WT_SNMP_TIME_TICKS, up_time, 0);
  wt_managed_put_text (self->objects, WT_MANAGED_OID (system_root, 4, 0), contact ? contact : "");
  wt_managed_put_text (self->objects, WT_MANAGED_OID (system_root, 5, 0), self->name);
  wt_managed_put_text (self->objects, WT_MANAGED_OID (system_root, 6, 0), location ? location : "");
  wt_managed_put_number (self->objects, WT_MANAGED_OID (system_root, 7, 0), WT_BER_INTEGER,
              self->forwards ? 4 : 72); /* internet; end-to-end and applications */
  wt_managed_put_number (self->objects, WT_MANAGED_OID (system_root, 8, 0), WT_SNMP_TIME_TICKS, 0);
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    {
      put_oid (self, WT_MANAGED_OID (or_entry, 2, i + 1), &abilities[i].id);
      wt_managed_put_text (self->objects, WT_MANAGED_OID (or_entry, 3, i + 1), abilities[i].text);
      wt_managed_put_number (self->objects, WT_MANAGED_OID (or_entry, 4, i + 1), WT_SNMP_TIME_TICKS, 0);
    }
}

/* --- interfaces -------------------------------------------------------------------------------------------------- */

static const guint32 interfaces_root[] = { 1, 3, 6, 1, 2, 1, 2 };
static const guint32 if_entry[] = { 1, 3, 6, 1, 2, 1, 2, 2, 1 };
static const guint32 ifx_entry[] = { 1, 3, 6, 1, 2, 1, 31, 1, 1, 1 };
static const guint32 if_objects[] = { 1, 3, 6, 1, 2, 1, 31, 1 };

enum {
  IF_ADMIN = 7,
  IF_OPER = 8,
  IF_LAST_CHANGE = 9
};
enum {
  UP = 1,
  DOWN = 2,
  TESTING = 3
};

/* Which count a column shows; those that are always 0 here (errors, broadcasts) are put as constants. */
typedef enum {
  IN_OCTETS,
  IN_PACKETS,
  OUT_OCTETS,
  OUT_PACKETS,
  OUT_DISCARDS,
  OPER_STATUS,
  LAST_CHANGE
} Moving;

static const struct {
  guint8 arc, tag;
  Moving moving;
} if_moving[] = {
  { IF_OPER, WT_BER_INTEGER, OPER_STATUS },    { IF_LAST_CHANGE, WT_SNMP_TIME_TICKS, LAST_CHANGE },
  { 10, WT_SNMP_COUNTER32, IN_OCTETS },        { 11, WT_SNMP_COUNTER32, IN_PACKETS },
  { 16, WT_SNMP_COUNTER32, OUT_OCTETS },       { 17, WT_SNMP_COUNTER32, OUT_PACKETS },
  { 19, WT_SNMP_COUNTER32, OUT_DISCARDS },
}, ifx_moving[] = {
  { 6, WT_SNMP_COUNTER64, IN_OCTETS },   { 7, WT_SNMP_COUNTER64, IN_PACKETS },
  { 10, WT_SNMP_COUNTER64, OUT_OCTETS }, { 11, WT_SNMP_COUNTER64, OUT_PACKETS },
};

static const struct {
  guint8 arc, tag;
} if_zero[] = {
  { 12, WT_SNMP_COUNTER32 }, { 13, WT_SNMP_COUNTER32 }, { 14, WT_SNMP_COUNTER32 }, { 15, WT_SNMP_COUNTER32 },
  { 18, WT_SNMP_COUNTER32 }, { 20, WT_SNMP_COUNTER32 }, { 21, WT_SNMP_GAUGE32 },
}, ifx_zero[] = {
  { 2, WT_SNMP_COUNTER32 },  { 3, WT_SNMP_COUNTER32 },  { 4, WT_SNMP_COUNTER32 },  { 5, WT_SNMP_COUNTER32 },
  { 8, WT_SNMP_COUNTER64 },  { 9, WT_SNMP_COUNTER64 },  { 12, WT_SNMP_COUNTER64 }, { 13, WT_SNMP_COUNTER64 },
  { 19, WT_SNMP_TIME_TICKS },
};

static guint
admin_status (WtManagedDevice *self, guint i)
{
  WtSnmpValue value = { .integer = UP };
  wt_managed_objects_value (self->objects, WT_MANAGED_OID (if_entry, IF_ADMIN, i + 1), &value);
  return value.integer;
}

guint
wt_managed_port_oper (WtManagedDevice *self, guint i)
{
  WtInterface interface;
  wt_world_interface (self->host.world, self->host.node, i, &interface);
  guint admin = admin_status (self, i);
  return admin == TESTING ? TESTING : admin == UP && interface.up ? UP : DOWN;
}

static void
interface_value (gpointer device, guint arg, WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  WtInterface interface;
  guint i = arg >> 8;
  wt_world_interface (self->host.world, self->host.node, i, &interface);
  guint64 numbers[] = { [IN_OCTETS] = interface.in_octets,
                        [IN_PACKETS] = interface.in_packets,
                        [OUT_OCTETS] = interface.out_octets,
                        [OUT_PACKETS] = interface.out_packets,
                        [OUT_DISCARDS] = interface.out_discards };
  if ((arg & 0xff) == OPER_STATUS)
    value->integer = wt_managed_port_oper (self, i);
  else if ((arg & 0xff) == LAST_CHANGE)
    value->number = ticks_at (self, interface.changed);
  else if (value->tag == WT_SNMP_COUNTER32)
    value->number = (guint32) numbers[arg & 0xff]; /* wraps */
  else
    value->number = numbers[arg & 0xff];
}

static void
put_if_row (WtManagedDevice *self, guint i, const WtInterface *interface)
{
  const WtEntity *peer = interface->peer ? wt_trace_entity (wt_world_trace (self->host.world), interface->peer) : NULL;
  g_autofree char *description = peer ? g_strdup_printf ("Ethernet to %s", peer->name) : g_strdup ("Loopback");
  guint64 speed = interface->speed ? interface->speed : G_MAXUINT32;
  guint32 node = self->host.node, row = i + 1;
  guint8 mac[6] = { 2, 0, node >> 24, node >> 16, node >> 8, node };
  wt_managed_put_number (self->objects, WT_MANAGED_OID (if_entry, 1, row), WT_BER_INTEGER, row);
  wt_managed_put_text (self->objects, WT_MANAGED_OID (if_entry, 2, row), description);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (if_entry, 3, row), WT_BER_INTEGER,
                         peer ? ETHERNET_CSMACD : SOFTWARE_LOOPBACK);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (if_entry, 4, row), WT_BER_INTEGER, peer ? MTU : LOOPBACK_MTU);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (if_entry, 5, row), WT_SNMP_GAUGE32, MIN (speed, G_MAXUINT32));
  wt_managed_objects_put (self->objects, WT_MANAGED_OID (if_entry, 6, row),
                          &(WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { mac, peer ? sizeof mac : 0 } });
  wt_managed_put_number (self->objects, WT_MANAGED_OID (if_entry, IF_ADMIN, row), WT_BER_INTEGER, UP);
  for (guint j = 0; j < G_N_ELEMENTS (if_moving); j++)
    wt_managed_objects_put_func (self->objects, WT_MANAGED_OID (if_entry, if_moving[j].arc, row), if_moving[j].tag,
                                 interface_value, i << 8 | if_moving[j].moving);
  for (guint j = 0; j < G_N_ELEMENTS (if_zero); j++)
    wt_managed_put_number (self->objects, WT_MANAGED_OID (if_entry, if_zero[j].arc, row), if_zero[j].tag, 0);
}

static void
put_ifx_row (WtManagedDevice *self, guint i, const WtInterface *interface)
{
  guint32 row = i + 1;
  g_autofree char *name = interface->peer ? g_strdup_printf ("eth%u", i) : g_strdup ("lo");
  wt_managed_put_text (self->objects, WT_MANAGED_OID (ifx_entry, 1, row), name);
  for (guint j = 0; j < G_N_ELEMENTS (ifx_moving); j++)
    wt_managed_objects_put_func (self->objects, WT_MANAGED_OID (ifx_entry, ifx_moving[j].arc, row), ifx_moving[j].tag,
                                 interface_value, i << 8 | ifx_moving[j].moving);
  for (guint j = 0; j < G_N_ELEMENTS (ifx_zero); j++)
    wt_managed_put_number (self->objects, WT_MANAGED_OID (ifx_entry, ifx_zero[j].arc, row), ifx_zero[j].tag, 0);
  /* ifLinkUpDownTrapEnable: enabled */
  wt_managed_put_number (self->objects, WT_MANAGED_OID (ifx_entry, 14, row), WT_BER_INTEGER, 1);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (ifx_entry, 15, row), WT_SNMP_GAUGE32,
                         (interface->speed + 500000) / 1000000);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (ifx_entry, 17, row), WT_BER_INTEGER, interface->peer ? 1 : 2);
  wt_managed_put_text (self->objects, WT_MANAGED_OID (ifx_entry, 18, row), "");
}

static void
put_interfaces (WtManagedDevice *self)
{
  guint n = wt_world_n_interfaces (self->host.world, self->host.node);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (interfaces_root, 1, 0), WT_BER_INTEGER, n);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (if_objects, 5, 0), WT_SNMP_TIME_TICKS, 0);
  for (guint i = 0; i < n; i++)
    {
      WtInterface interface;
      WtManagedPort port = { UP };
      wt_world_interface (self->host.world, self->host.node, i, &interface);
      put_if_row (self, i, &interface);
      put_ifx_row (self, i, &interface);
      g_array_append_val (self->ports, port);
    }
}

static gboolean
is_admin_status (const WtOid *name)
{
  guint n = G_N_ELEMENTS (if_entry);
  return name->n == n + 2 && memcmp (name->arcs, if_entry, sizeof if_entry) == 0 && name->arcs[n] == IF_ADMIN;
}

/* The loopback interface of live mode is this machine's: what cannot be done is not promised, so that ifAdminStatus and
 * ifOperStatus never contradict each other (RFC 2863 3.1.13). */
static WtSnmpError
test_value (gpointer device, const WtOid *name, const WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  gboolean fixed = is_admin_status (name) && wt_world_is_live (self->host.world) && self->ports->len > 0;
  return fixed && value->integer != UP ? WT_SNMP_INCONSISTENT_VALUE : WT_SNMP_NO_ERROR;
}

void
wt_managed_groups_changed (WtManagedDevice *self, const WtOid *name)
{
  if (!is_admin_status (name))
    return;
  guint i = name->arcs[G_N_ELEMENTS (if_entry) + 1] - 1;
  if (i >= self->ports->len)
    return;
  wt_world_set_interface_up (self->host.world, self->host.node, i, admin_status (self, i) == UP);
  wt_managed_traps_link_changed (self);
}

/* --- IP, TCP, UDP ------------------------------------------------------------------------------------------------ */

static const guint32 ip_root[] = { 1, 3, 6, 1, 2, 1, 4 };
static const guint32 tcp_root[] = { 1, 3, 6, 1, 2, 1, 6 };
static const guint32 udp_root[] = { 1, 3, 6, 1, 2, 1, 7 };

#define COUNT(member) G_STRUCT_OFFSET (WtNetCounters, member)

static const struct {
  const guint32 *root; /* 7 arcs */
  guint32 arc;
  gsize offset; /* in WtNetCounters */
} net_counts[] = {
  { ip_root, 3, COUNT (ip_in) },
  { ip_root, 6, COUNT (ip_forwarded) },
  { ip_root, 9, COUNT (ip_delivered) },
  { ip_root, 10, COUNT (ip_out) },
  { ip_root, 12, COUNT (ip_no_route) },
  { tcp_root, 5, COUNT (tcp_active_opens) },
  { tcp_root, 6, COUNT (tcp_passive_opens) },
  { tcp_root, 10, COUNT (tcp_in) },
  { tcp_root, 11, COUNT (tcp_out) },
  { tcp_root, 12, COUNT (tcp_retransmitted) },
  { udp_root, 1, COUNT (udp_in) },
  { udp_root, 2, COUNT (udp_no_port) },
  { udp_root, 4, COUNT (udp_out) },
}, net_counts_64[] = {
  { tcp_root, 17, COUNT (tcp_in) },
  { tcp_root, 18, COUNT (tcp_out) },
  { udp_root, 8, COUNT (udp_in) },
  { udp_root, 9, COUNT (udp_out) },
};

static guint64
net_count (WtManagedDevice *self, gsize offset)
{
  WtNetCounters counters;
  wt_world_net_counters (self->host.world, self->host.node, &counters);
  return *(const guint64 *) ((const guint8 *) &counters + offset);
}

static void
net_value (gpointer device, guint arg, WtSnmpValue *value)
{
  value->number = (guint32) net_count (device, net_counts[arg].offset); /* wraps */
}

static void
net_value_64 (gpointer device, guint arg, WtSnmpValue *value)
{
  value->number = net_count (device, net_counts_64[arg].offset);
}

static void
put_address (WtManagedDevice *self)
{
  static const guint32 entry[] = { 1, 3, 6, 1, 2, 1, 4, 20, 1 };
  guint32 ip = wt_world_node_ip (self->host.world, self->host.node);
  const guint32 columns[][3] = { { 1, WT_SNMP_IP_ADDRESS, ip },
                                 { 2, WT_BER_INTEGER, 1 },
                                 { 3, WT_SNMP_IP_ADDRESS, 0xffffff00 },
                                 { 4, WT_BER_INTEGER, 1 } };
  for (guint i = 0; ip && i < G_N_ELEMENTS (columns); i++)
    {
      WtOid name = wt_managed_oid (entry, G_N_ELEMENTS (entry), columns[i][0], ip >> 24);
      wt_oid_append (&name, ip >> 16 & 0xff);
      wt_oid_append (&name, ip >> 8 & 0xff);
      wt_oid_append (&name, ip & 0xff);
      wt_managed_put_number (self->objects, &name, columns[i][1], columns[i][2]);
    }
}

static void
put_net (WtManagedDevice *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (net_counts); i++)
    {
      WtOid name = wt_managed_oid (net_counts[i].root, 7, net_counts[i].arc, 0);
      wt_managed_objects_put_func (self->objects, &name, WT_SNMP_COUNTER32, net_value, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (net_counts_64); i++)
    {
      WtOid name = wt_managed_oid (net_counts_64[i].root, 7, net_counts_64[i].arc, 0);
      wt_managed_objects_put_func (self->objects, &name, WT_SNMP_COUNTER64, net_value_64, i);
    }
  wt_managed_objects_put_func (self->objects, WT_MANAGED_OID (tcp_root, 9, 0), WT_SNMP_GAUGE32,
                               wt_managed_tables_established, 0);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (ip_root, 1, 0), WT_BER_INTEGER, self->forwards ? 1 : 2);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (ip_root, 2, 0), WT_BER_INTEGER, 64);
  /* vanj: Van Jacobson's, RFC 6298 */
  wt_managed_put_number (self->objects, WT_MANAGED_OID (tcp_root, 1, 0), WT_BER_INTEGER, 4);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (tcp_root, 2, 0), WT_BER_INTEGER, 1000);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (tcp_root, 3, 0), WT_BER_INTEGER, 60000);
  wt_managed_put_number (self->objects, WT_MANAGED_OID (tcp_root, 4, 0), WT_BER_INTEGER, -1);
  put_address (self);
}

void
wt_managed_groups_put (WtManagedDevice *self, const WtHostConfig *config)
{
  put_system (self, config);
  put_interfaces (self);
  put_net (self);
  wt_managed_tables_put (self);
  wt_managed_objects_set_test (self->objects, test_value);
}
