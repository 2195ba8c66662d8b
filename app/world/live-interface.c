/* The one interface that a node has in the live world: what its sockets carried. */
#include "app/world/address-pair.h"
#include "app/world/live-private.h"

static WtLiveNode *
node_of (WtLiveWorld *self, WtNode node)
{
  return (WtLiveNode *) wt_live_node (self, node);
}

guint
wt_live_n_interfaces (WtWorld *world, WtNode node)
{
  return node_of ((WtLiveWorld *) world, node) ? 1 : 0;
}

void
wt_live_interface (WtWorld *world, WtNode node, guint i, WtInterface *interface)
{
  *interface = node_of ((WtLiveWorld *) world, node)->traffic;
  interface->up = TRUE;
}

/* The machine's loopback interface is not ours to switch off. */
gboolean
wt_live_set_interface_up (WtWorld *world, WtNode node, guint i, gboolean up)
{
  return up;
}

void
wt_live_net_counters (WtWorld *world, WtNode node, WtNetCounters *counters)
{
  const WtLiveNode *it = node_of ((WtLiveWorld *) world, node);
  *counters = (WtNetCounters){ .udp_in = it->udp_in,
                                .udp_out = it->udp_out,
                                .tcp_active_opens = it->tcp_active,
                                .tcp_passive_opens = it->tcp_passive };
}

/* What is known here: that we have closed, that the peer has; not which of the packets of a close have been acknowledged. */
static WtEndpointState
state_of (const WtLiveConn *conn)
{
  if (conn->opening)
    return WT_ENDPOINT_SYN_SENT;
  if (conn->hung_up)
    return conn->fin_sent ? WT_ENDPOINT_LAST_ACK : WT_ENDPOINT_CLOSE_WAIT;
  return conn->fin_sent ? WT_ENDPOINT_FIN_WAIT_2 : WT_ENDPOINT_ESTABLISHED;
}

gboolean
wt_live_reset_endpoint (WtWorld *world, WtNode node, WtAddress local, WtAddress peer)
{
  WtLiveConn *conn = ((WtLiveWorld *) world)->conns;
  while (conn
         && (conn->conn.node != node || !wt_address_equal (conn->conn.local, local)
             || !wt_address_equal (conn->conn.peer, peer)))
    conn = conn->next;
  if (conn)
    wt_live_conn_end (conn, WT_CONN_RESET, TRUE);
  return conn != NULL;
}

void
wt_live_foreach_endpoint (WtWorld *world, WtNode node, WtEndpointFunc func, gpointer user_data)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  guint32 ip = wt_world_node_ip (world, node);
  for (guint i = 0; i < self->listeners->len; i++)
    {
      const WtListener *listener = g_ptr_array_index (self->listeners, i);
      if (listener->node == node)
        func (&(WtEndpoint){ WT_TRANSPORT_TCP, WT_ENDPOINT_LISTEN, { ip, listener->port } }, user_data);
    }
  for (const WtLiveConn *conn = self->conns; conn; conn = conn->next)
    if (conn->conn.node == node)
      func (&(WtEndpoint){ WT_TRANSPORT_TCP, state_of (conn), conn->conn.local, conn->conn.peer }, user_data);
  for (guint i = 0; i < self->sockets->len; i++)
    {
      const WtSocket *socket = g_ptr_array_index (self->sockets, i);
      if (socket->node == node)
        func (&(WtEndpoint){ WT_TRANSPORT_UDP, 0, { ip, socket->port } }, user_data);
    }
}

void
wt_live_watch_interfaces (WtWorld *world, WtNode node, WtTimerFunc func, gpointer user_data)
{
  /* it is always up */
}

void
wt_live_count_open (WtLiveWorld *self, WtNode node, gboolean passive)
{
  WtLiveNode *it = node_of (self, node);
  if (it == NULL)
    return;
  it->tcp_passive += passive;
  it->tcp_active += !passive;
}

void
wt_live_count_in (WtLiveWorld *self, WtNode node, gsize n_bytes, gboolean datagram)
{
  WtLiveNode *it = node_of (self, node);
  if (it == NULL)
    return;
  it->traffic.in_octets += n_bytes;
  it->traffic.in_packets++;
  it->udp_in += datagram;
}

void
wt_live_count_out (WtLiveWorld *self, WtNode node, gsize n_bytes, gboolean datagram)
{
  WtLiveNode *it = node_of (self, node);
  if (it == NULL)
    return;
  it->traffic.out_octets += n_bytes;
  it->traffic.out_packets++;
  it->udp_out += datagram;
}
