/* What nodes and their managers know of interfaces: the ends of links, and what was counted there. */
#include "app/world/sim-tcp.h"

static WtSimLink *
link_of (WtWorld *world, WtNode entity, guint i, WtSimNode **node)
{
  *node = wt_sim_node ((WtSimWorld *) world, entity);
  g_return_val_if_fail (*node && i < (*node)->links->len, NULL);
  return g_ptr_array_index ((*node)->links, i);
}

guint
wt_sim_n_interfaces (WtWorld *world, WtNode entity)
{
  WtSimNode *node = wt_sim_node ((WtSimWorld *) world, entity);
  return node ? node->links->len : 0;
}

void
wt_sim_interface (WtWorld *world, WtNode entity, guint i, WtInterface *interface)
{
  WtSimNode *node;
  WtSimLink *link = link_of (world, entity, i, &node);
  guint end = link->ends[0] == node ? 0 : 1;
  const WtSimTraffic *traffic = &link->traffic[end];
  *interface = (WtInterface){ .link = link->entity,
                              .peer = link->ends[!end]->entity,
                              .up = link->up,
                              .speed = link->properties.bandwidth,
                              .changed = link->changed,
                              .in_octets = traffic->in_octets,
                              .in_packets = traffic->in_packets,
                              .out_octets = traffic->out_octets,
                              .out_packets = traffic->out_packets,
                              .out_discards = traffic->out_discards };
}

gboolean
wt_sim_set_interface_up (WtWorld *world, WtNode entity, guint i, gboolean up)
{
  WtSimNode *node;
  wt_sim_world_set_link_up (world, link_of (world, entity, i, &node)->entity, up);
  return TRUE;
}

void
wt_sim_net_counters (WtWorld *world, WtNode entity, WtNetCounters *counters)
{
  *counters = wt_sim_node ((WtSimWorld *) world, entity)->counters;
}

void
wt_sim_watch_interfaces (WtWorld *world, WtNode entity, WtTimerFunc func, gpointer user_data)
{
  WtSimNode *node = wt_sim_node ((WtSimWorld *) world, entity);
  node->link_watch = func;
  node->link_watch_data = user_data;
}

void
wt_sim_interface_changed (WtSimLink *link)
{
  for (guint end = 0; end < G_N_ELEMENTS (link->ends); end++)
    if (link->ends[end]->link_watch && link->ends[end]->up)
      link->ends[end]->link_watch (link->ends[end]->link_watch_data);
}

void
wt_sim_count_out (const WtSimPacket *packet)
{
  WtNetCounters *counters = &packet->from->counters;
  guint8 flags = packet->header.context;
  counters->ip_out++;
  if (packet->is_udp)
    counters->udp_out++;
  else if (packet->header.flags & WT_EVENT_RETRANSMIT)
    counters->tcp_retransmitted++;
  else
    {
      counters->tcp_out++;
      counters->tcp_active_opens += (flags & (WT_TCP_SYN | WT_TCP_ACK)) == WT_TCP_SYN;
      counters->tcp_passive_opens += (flags & (WT_TCP_SYN | WT_TCP_ACK)) == (WT_TCP_SYN | WT_TCP_ACK);
    }
}

void
wt_sim_count_delivered (const WtSimPacket *packet)
{
  packet->to->counters.ip_delivered++;
  if (!packet->is_udp)
    packet->to->counters.tcp_in++;
}

void
wt_sim_foreach_endpoint (WtWorld *world, WtNode entity, WtEndpointFunc func, gpointer user_data)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimNode *node = wt_sim_node (self, entity);
  if (node == NULL)
    return;
  wt_tcp_foreach_endpoint (self, node, func, user_data);
  wt_sim_udp_foreach_endpoint (self, node, func, user_data);
}
