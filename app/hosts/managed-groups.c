/* The objects of a managed device that follow the world: system (RFC 3418), interfaces (RFC 2863), ip, tcp and udp (RFC
 * 4293, 4022, 4113), and of a mail server its MTA-MIB (RFC 2789). */
#include "app/hosts/managed-device-private.h"

#include "app/hosts/mail-server.h"

#include <string.h>

#define ETHERNET_CSMACD 6
#define SOFTWARE_LOOPBACK 24
#define MTU 1500
#define LOOPBACK_MTU 65536

#define WELL_KNOWN_ENTERPRISE 32473 /* for documentation and examples, RFC 5612 */

/* --- helpers ----------------------------------------------------------------------------------------------------- */

static WtOid
oid_of (const guint32 *root, guint n_root, guint32 arc, guint32 index)
{
  WtOid oid = { .n = n_root };
  memcpy (oid.arcs, root, n_root * sizeof *root);
  wt_oid_append (&oid, arc);
  wt_oid_append (&oid, index);
  return oid;
}

#define OID(root, arc, index) (&(WtOid[1]){ oid_of (root, G_N_ELEMENTS (root), arc, index) }[0])

static void
put_text (WtManagedDevice *self, const WtOid *name, const char *text)
{
  wt_managed_objects_put (self->objects, name,
                          &(WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { (const guint8 *) text, strlen (text) } });
}

static void
put_number (WtManagedDevice *self, const WtOid *name, guint8 tag, guint64 number)
{
  WtSnmpValue value = { .tag = tag, .number = number };
  if (tag == WT_BER_INTEGER)
    value.integer = number;
  wt_managed_objects_put (self->objects, name, &value);
}

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
  put_text (self, OID (system_root, 1, 0), description);
  put_oid (self, OID (system_root, 2, 0), &kind);
  wt_managed_objects_put_func (self->objects, OID (system_root, 3, 0), WT_SNMP_TIME_TICKS, up_time, 0);
  put_text (self, OID (system_root, 4, 0), contact ? contact : "");
  put_text (self, OID (system_root, 5, 0), self->name);
  put_text (self, OID (system_root, 6, 0), location ? location : "");
  put_number (self, OID (system_root, 7, 0), WT_BER_INTEGER,
              self->forwards ? 4 : 72); /* internet; end-to-end and applications */
  put_number (self, OID (system_root, 8, 0), WT_SNMP_TIME_TICKS, 0);
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    {
      put_oid (self, OID (or_entry, 2, i + 1), &abilities[i].id);
      put_text (self, OID (or_entry, 3, i + 1), abilities[i].text);
      put_number (self, OID (or_entry, 4, i + 1), WT_SNMP_TIME_TICKS, 0);
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
  wt_managed_objects_value (self->objects, OID (if_entry, IF_ADMIN, i + 1), &value);
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
  put_number (self, OID (if_entry, 1, row), WT_BER_INTEGER, row);
  put_text (self, OID (if_entry, 2, row), description);
  put_number (self, OID (if_entry, 3, row), WT_BER_INTEGER, peer ? ETHERNET_CSMACD : SOFTWARE_LOOPBACK);
  put_number (self, OID (if_entry, 4, row), WT_BER_INTEGER, peer ? MTU : LOOPBACK_MTU);
  put_number (self, OID (if_entry, 5, row), WT_SNMP_GAUGE32, MIN (speed, G_MAXUINT32));
  wt_managed_objects_put (self->objects, OID (if_entry, 6, row),
                          &(WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { mac, peer ? sizeof mac : 0 } });
  put_number (self, OID (if_entry, IF_ADMIN, row), WT_BER_INTEGER, UP);
  for (guint j = 0; j < G_N_ELEMENTS (if_moving); j++)
    wt_managed_objects_put_func (self->objects, OID (if_entry, if_moving[j].arc, row), if_moving[j].tag,
                                 interface_value, i << 8 | if_moving[j].moving);
  for (guint j = 0; j < G_N_ELEMENTS (if_zero); j++)
    put_number (self, OID (if_entry, if_zero[j].arc, row), if_zero[j].tag, 0);
}

static void
put_ifx_row (WtManagedDevice *self, guint i, const WtInterface *interface)
{
  guint32 row = i + 1;
  g_autofree char *name = interface->peer ? g_strdup_printf ("eth%u", i) : g_strdup ("lo");
  put_text (self, OID (ifx_entry, 1, row), name);
  for (guint j = 0; j < G_N_ELEMENTS (ifx_moving); j++)
    wt_managed_objects_put_func (self->objects, OID (ifx_entry, ifx_moving[j].arc, row), ifx_moving[j].tag,
                                 interface_value, i << 8 | ifx_moving[j].moving);
  for (guint j = 0; j < G_N_ELEMENTS (ifx_zero); j++)
    put_number (self, OID (ifx_entry, ifx_zero[j].arc, row), ifx_zero[j].tag, 0);
  put_number (self, OID (ifx_entry, 14, row), WT_BER_INTEGER, 1); /* ifLinkUpDownTrapEnable: enabled */
  put_number (self, OID (ifx_entry, 15, row), WT_SNMP_GAUGE32, (interface->speed + 500000) / 1000000);
  put_number (self, OID (ifx_entry, 17, row), WT_BER_INTEGER, interface->peer ? 1 : 2);
  put_text (self, OID (ifx_entry, 18, row), "");
}

static void
put_interfaces (WtManagedDevice *self)
{
  guint n = wt_world_n_interfaces (self->host.world, self->host.node);
  put_number (self, OID (interfaces_root, 1, 0), WT_BER_INTEGER, n);
  put_number (self, OID (if_objects, 5, 0), WT_SNMP_TIME_TICKS, 0);
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

void
wt_managed_groups_changed (WtManagedDevice *self, const WtOid *name)
{
  guint n = G_N_ELEMENTS (if_entry);
  if (name->n != n + 2 || memcmp (name->arcs, if_entry, sizeof if_entry) != 0 || name->arcs[n] != IF_ADMIN)
    return;
  guint i = name->arcs[n + 1] - 1;
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
};

static void
net_value (gpointer device, guint arg, WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  WtNetCounters counters;
  wt_world_net_counters (self->host.world, self->host.node, &counters);
  value->number = (guint32) *(const guint64 *) ((const guint8 *) &counters + net_counts[arg].offset);
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
      WtOid name = oid_of (entry, G_N_ELEMENTS (entry), columns[i][0], ip >> 24);
      wt_oid_append (&name, ip >> 16 & 0xff);
      wt_oid_append (&name, ip >> 8 & 0xff);
      wt_oid_append (&name, ip & 0xff);
      put_number (self, &name, columns[i][1], columns[i][2]);
    }
}

static void
put_net (WtManagedDevice *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (net_counts); i++)
    {
      WtOid name = oid_of (net_counts[i].root, 7, net_counts[i].arc, 0);
      wt_managed_objects_put_func (self->objects, &name, WT_SNMP_COUNTER32, net_value, i);
    }
  put_number (self, OID (ip_root, 1, 0), WT_BER_INTEGER, self->forwards ? 1 : 2);
  put_number (self, OID (ip_root, 2, 0), WT_BER_INTEGER, 64);
  put_number (self, OID (tcp_root, 1, 0), WT_BER_INTEGER, 4); /* vanj: Van Jacobson's, RFC 6298 */
  put_number (self, OID (tcp_root, 2, 0), WT_BER_INTEGER, 1000);
  put_number (self, OID (tcp_root, 3, 0), WT_BER_INTEGER, 60000);
  put_number (self, OID (tcp_root, 4, 0), WT_BER_INTEGER, -1);
  put_address (self);
}

/* --- a mail server beside it ------------------------------------------------------------------------------------- */

static const guint32 appl_entry[] = { 1, 3, 6, 1, 2, 1, 27, 1, 1 };
static const guint32 mta_entry[] = { 1, 3, 6, 1, 2, 1, 28, 1, 1 };

static guint64
mail_count (const WtMailCounts *mail, guint arc)
{
  switch (arc)
    {
    case 1:
      return mail->received;
    case 2:
      return mail->stored;
    case 3:
      return mail->transmitted;
    case 4:
      return mail->received_bytes / 1024; /* K-octets */
    case 5:
      return (mail->stored_bytes + 1023) / 1024;
    case 6:
      return mail->transmitted_bytes / 1024;
    case 7:
      return mail->received_recipients;
    case 8:
      return mail->stored_recipients;
    default:
      return mail->transmitted_recipients;
    }
}

static void
mta_value (gpointer device, guint arg, WtSnmpValue *value)
{
  WtMailCounts mail;
  wt_mail_server_count (((WtManagedDevice *) device)->mail, &mail);
  value->number = (guint32) mail_count (&mail, arg);
}

static void
appl_value (gpointer device, guint arg, WtSnmpValue *value)
{
  WtMailCounts mail;
  wt_mail_server_count (((WtManagedDevice *) device)->mail, &mail);
  const guint32 numbers[] = { mail.inbound, mail.outbound, mail.inbound_total, mail.outbound_total };
  value->number = numbers[arg - 8];
}

void
wt_managed_groups_put_mail (WtManagedDevice *self)
{
  put_text (self, OID (appl_entry, 2, 1), "Wiretalk mail server");
  put_number (self, OID (appl_entry, 6, 1), WT_BER_INTEGER, UP);
  for (guint arc = 8; arc <= 11; arc++)
    wt_managed_objects_put_func (self->objects, OID (appl_entry, arc, 1),
                                 arc < 10 ? WT_SNMP_GAUGE32 : WT_SNMP_COUNTER32, appl_value, arc);
  for (guint arc = 1; arc <= 9; arc++)
    wt_managed_objects_put_func (self->objects, OID (mta_entry, arc, 1),
                                 arc == 2 || arc == 5 || arc == 8 ? WT_SNMP_GAUGE32 : WT_SNMP_COUNTER32, mta_value,
                                 arc);
}

void
wt_managed_groups_put (WtManagedDevice *self, const WtHostConfig *config)
{
  put_system (self, config);
  put_interfaces (self);
  put_net (self);
}
