/* The tables of a managed device whose rows come and go: connections and ports (TCP-MIB, RFC 4022; UDP-MIB, RFC
 * 4113). */
#include "app/hosts/managed-device-private.h"
#include "app/hosts/managed-put.h"

#define FRESH (100 * WT_NSEC_PER_MSEC) /* so long rows are not looked for again: a walk over them costs one look */
#define ROWS_MAX 10000                 /* connections and ports that are told */

#define IPV4 1 /* InetAddressType, RFC 4001 */
#define IPV4_BYTES 4

/* Ascending; tcp and udp stand in each of their MIBs in an old table and a new one. */
static const WtOid roots[] = {
  { 8, { 1, 3, 6, 1, 2, 1, 6, 13 } }, /* tcpConnTable */
  { 8, { 1, 3, 6, 1, 2, 1, 6, 19 } }, /* tcpConnectionTable */
  { 8, { 1, 3, 6, 1, 2, 1, 6, 20 } }, /* tcpListenerTable */
  { 8, { 1, 3, 6, 1, 2, 1, 7, 5 } },  /* udpTable */
  { 8, { 1, 3, 6, 1, 2, 1, 7, 7 } },  /* udpEndpointTable */
};
enum { TCP_CONN, TCP_CONNECTION, TCP_LISTENER, UDP_OLD, UDP_ENDPOINT };

/* --- names ------------------------------------------------------------------------------------------------------- */

static void
append_ip (WtOid *oid, guint32 ip)
{
  for (gint shift = 24; shift >= 0; shift -= 8)
    wt_oid_append (oid, ip >> shift & 0xff);
}

/* As old tables write an endpoint: a.b.c.d.port. */
static void
append_old (WtOid *oid, WtAddress address)
{
  append_ip (oid, address.ip);
  wt_oid_append (oid, address.port);
}

/* As new ones do: type.length.bytes.port. */
static void
append_new (WtOid *oid, WtAddress address)
{
  wt_oid_append (oid, IPV4);
  wt_oid_append (oid, IPV4_BYTES);
  append_old (oid, address);
}

/* Any address: unknown(0) without bytes, and port 0. */
static void
append_any (WtOid *oid)
{
  for (guint i = 0; i < 3; i++)
    wt_oid_append (oid, 0);
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

/* Row `index` of table `which`: the column's value. */
static void
put (WtManagedObjects *tables, guint which, guint column, const WtOid *index, guint8 tag, guint64 number)
{
  WtOid name = wt_managed_oid (roots[which].arcs, roots[which].n, 1, column);
  for (guint i = 0; i < index->n; i++)
    wt_oid_append (&name, index->arcs[i]);
  wt_managed_put_number (tables, &name, tag, number);
}

static void
put_tcp (WtManagedObjects *tables, const WtEndpoint *end)
{
  WtOid old = { 0 }, new = { 0 };
  gboolean listens = end->state == WT_ENDPOINT_LISTEN;
  append_old (&old, end->local);
  append_old (&old, end->peer);
  put (tables, TCP_CONN, 1, &old, WT_BER_INTEGER, end->state);
  put (tables, TCP_CONN, 2, &old, WT_SNMP_IP_ADDRESS, end->local.ip);
  put (tables, TCP_CONN, 3, &old, WT_BER_INTEGER, end->local.port);
  put (tables, TCP_CONN, 4, &old, WT_SNMP_IP_ADDRESS, end->peer.ip);
  put (tables, TCP_CONN, 5, &old, WT_BER_INTEGER, end->peer.port);
  append_new (&new, end->local);
  if (listens)
    {
      put (tables, TCP_LISTENER, 4, &new, WT_SNMP_GAUGE32, 0);
      return;
    }
  append_new (&new, end->peer);
  put (tables, TCP_CONNECTION, 7, &new, WT_BER_INTEGER, end->state);
  put (tables, TCP_CONNECTION, 8, &new, WT_SNMP_GAUGE32, 0);
}

static void
put_udp (WtManagedObjects *tables, const WtEndpoint *end)
{
  WtOid old = { 0 }, new = { 0 };
  append_old (&old, end->local);
  put (tables, UDP_OLD, 1, &old, WT_SNMP_IP_ADDRESS, end->local.ip);
  put (tables, UDP_OLD, 2, &old, WT_BER_INTEGER, end->local.port);
  append_new (&new, end->local);
  append_any (&new);
  wt_oid_append (&new, 1); /* udpEndpointInstance */
  put (tables, UDP_ENDPOINT, 8, &new, WT_SNMP_GAUGE32, 0);
}

typedef struct {
  WtManagedObjects *tables;
  guint n_rows;
} Fill;

static void
put_endpoint (const WtEndpoint *end, gpointer user_data)
{
  Fill *fill = user_data;
  if (fill->n_rows++ >= ROWS_MAX)
    return;
  if (end->transport == WT_TRANSPORT_TCP)
    put_tcp (fill->tables, end);
  else
    put_udp (fill->tables, end);
}

static void
fill_tables (gpointer device, WtManagedObjects *tables)
{
  WtManagedDevice *self = device;
  Fill fill = { tables, 0 };
  gint64 now = wt_world_now (self->host.world);
  if (self->tables_filled && now - self->tables_time < FRESH)
    return;
  self->tables_filled = TRUE;
  self->tables_time = now;
  wt_managed_objects_clear (tables);
  wt_world_foreach_endpoint (self->host.world, self->host.node, put_endpoint, &fill);
}

/* --- setting ----------------------------------------------------------------------------------------------------- */

#define DELETE_TCB 12

static WtAddress
address_at (const WtOid *name, guint at)
{
  const guint32 *arcs = name->arcs + at;
  return (WtAddress){ arcs[0] << 24 | arcs[1] << 16 | arcs[2] << 8 | arcs[3], arcs[4] };
}

/* The ends of a row of tcpConnTable or tcpConnectionTable, which is there; FALSE: of another table. */
static gboolean
ends_of (const WtOid *name, WtAddress *local, WtAddress *peer)
{
  guint old = roots[TCP_CONN].n + 2, new = roots[TCP_CONNECTION].n + 2;
  gboolean is_old = wt_oid_has_prefix (name, &roots[TCP_CONN]);
  if (!is_old && !wt_oid_has_prefix (name, &roots[TCP_CONNECTION]))
    return FALSE;
  *local = is_old ? address_at (name, old) : address_at (name, new + 2);
  *peer = is_old ? address_at (name, old + 5) : address_at (name, new + 9);
  return TRUE;
}

/* deleteTCB ends the connection at once, anything else is wrong (RFC 4022, tcpConnectionState). */
static WtSnmpError
set_row (gpointer device, const WtOid *name, const WtSnmpValue *value, gboolean act)
{
  WtManagedDevice *self = device;
  WtAddress local, peer;
  if (!ends_of (name, &local, &peer))
    return WT_SNMP_NOT_WRITABLE;
  if (value->integer != DELETE_TCB)
    return WT_SNMP_WRONG_VALUE;
  if (peer.port == 0) /* a port that listens is its host's */
    return WT_SNMP_INCONSISTENT_VALUE;
  if (!act)
    return WT_SNMP_NO_ERROR;
  self->tables_filled = FALSE;
  return wt_world_reset_endpoint (self->host.world, self->host.node, local, peer) ? WT_SNMP_NO_ERROR : WT_SNMP_GEN_ERR;
}

void
wt_managed_tables_put (WtManagedDevice *self)
{
  wt_managed_objects_set_tables (self->objects, roots, G_N_ELEMENTS (roots), fill_tables, set_row);
}

/* tcpCurrEstab: connections in ESTABLISHED or CLOSE-WAIT. */
static void
count_established (const WtEndpoint *end, gpointer count)
{
  if (end->transport == WT_TRANSPORT_TCP
      && (end->state == WT_ENDPOINT_ESTABLISHED || end->state == WT_ENDPOINT_CLOSE_WAIT))
    ++*(guint *) count;
}

void
wt_managed_tables_established (gpointer device, guint arg, WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  guint n = 0;
  wt_world_foreach_endpoint (self->host.world, self->host.node, count_established, &n);
  value->number = n;
}
