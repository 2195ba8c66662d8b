/* The one interface that a node has in the live world: what its sockets carried. */
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
  *counters = (WtNetCounters){ .udp_in = it->udp_in, .udp_out = it->udp_out };
}

void
wt_live_watch_interfaces (WtWorld *world, WtNode node, WtTimerFunc func, gpointer user_data)
{
  /* it is always up */
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
