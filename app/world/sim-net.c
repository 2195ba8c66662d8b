/* Links: how a packet gets from node to node. A packet that enters a link waits until the transmitter is free, takes
 * bytes * 8 / bandwidth to leave and `latency` to arrive; its arrival is one event in the queue. The wait is computed, not
 * simulated: nothing that happens later can change it, except a cut, which loses the packet. */
#include "app/world/sim-private.h"
#include "app/world/sim-tcp.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- packets ------------------------------------------------------------------------------------------------------ */

#define PACKETS_PER_BLOCK 256

static void
add_block (WtSimWorld *self)
{
  WtSimPacket *block = wt_sim_new (WtSimPacket, PACKETS_PER_BLOCK);
  g_ptr_array_add (self->packet_blocks, block);
  for (guint i = 0; i < PACKETS_PER_BLOCK; i++)
    {
      block[i].next_free = self->free_packets;
      self->free_packets = &block[i];
    }
}

WtSimPacket *
wt_sim_packet_new (WtSimWorld *self, WtSimNode *from, WtSimNode *to)
{
  if (self->free_packets == NULL)
    add_block (self);
  WtSimPacket *packet = self->free_packets;
  self->free_packets = packet->next_free;
  memset (packet, 0, sizeof *packet);
  packet->from = from;
  packet->to = to;
  return packet;
}

void
wt_sim_packet_free (WtSimPacket *packet)
{
  WtSimWorld *self = packet->from->world;
  g_clear_pointer (&packet->header.payload, g_bytes_unref);
  g_clear_pointer (&packet->pair, wt_tcp_pair_unref);
  packet->next_free = self->free_packets;
  self->free_packets = packet;
}

/* The Ethernet frame with FCS; preamble and the gap between frames are left out. */
static guint32
wire_bytes (const WtSimPacket *packet)
{
  guint32 frame = WT_SIM_ETHERNET_HEADER + WT_SIM_IPV4_HEADER + packet->header.payload_len;
  if (packet->is_udp)
    frame += WT_SIM_UDP_HEADER;
  else
    frame += WT_SIM_TCP_HEADER + (packet->header.mss ? WT_SIM_TCP_MSS_OPTION : 0);
  return MAX (frame, WT_SIM_ETHERNET_MIN) + WT_SIM_ETHERNET_FCS;
}

/* --- transmitters ------------------------------------------------------------------------------------------------- */

static void
push_start (WtSimTransmitter *self, gint64 start)
{
  if (self->count == self->capacity)
    {
      guint32 capacity = MAX (8, self->capacity * 2);
      gint64 *bigger = g_new (gint64, capacity);
      for (guint32 i = 0; i < self->count; i++)
        bigger[i] = self->starts[(self->first + i) & (self->capacity - 1)];
      g_free (self->starts);
      self->starts = bigger;
      self->capacity = capacity;
      self->first = 0;
    }
  self->starts[(self->first + self->count++) & (self->capacity - 1)] = start;
}

/* A packet that enters now waits for those before it. FALSE: as many wait already as may. */
static gboolean
wait_in_line (WtSimTransmitter *self, gint64 now, guint limit)
{
  while (self->count > 0 && self->starts[self->first] <= now)
    {
      self->first = (self->first + 1) & (self->capacity - 1);
      self->count--;
    }
  if (self->count >= limit)
    return FALSE;
  push_start (self, self->busy_until);
  return TRUE;
}

/* When a packet that enters now will have left. FALSE: the queue is full. */
static gboolean
enter_transmitter (const WtLinkProperties *properties, WtSimTransmitter *self, guint32 n_bytes, gint64 now, gint64 *finish)
{
  *finish = now;
  if (properties->bandwidth == 0)
    return TRUE;
  if (self->busy_until <= now)
    {
      self->busy_until = now;
      self->count = 0;
    }
  else if (!wait_in_line (self, now, properties->queue_packets))
    return FALSE;
  self->busy_until += (gint64) ((double) n_bytes * 8 * WT_NSEC_PER_SEC / properties->bandwidth);
  *finish = self->busy_until;
  return TRUE;
}

/* --- hops --------------------------------------------------------------------------------------------------------- */

static gboolean forward (WtSimPacket *packet, WtSimNode *at);

static void
deliver (WtSimPacket *packet)
{
  wt_sim_count_delivered (packet);
  if (packet->is_udp)
    wt_sim_udp_arrived (packet);
  else
    wt_tcp_arrived (packet);
  wt_sim_packet_free (packet);
}

static void
count_in (const WtSimPacket *packet, WtSimLink *link)
{
  WtSimTraffic *traffic = &link->traffic[packet->direction];
  traffic->in_octets += wire_bytes (packet);
  traffic->in_packets++;
  WtSimNode *node = link->ends[packet->direction];
  if (node->kind != WT_NODE_SWITCH || node == packet->to) /* what a switch passes on its IP never sees */
    node->counters.ip_in++;
}

static void
arrive (gpointer data)
{
  WtSimPacket *packet = data;
  WtSimLink *link = packet->link;
  if (link && packet->cuts != link->cuts)
    {
      wt_sim_packet_free (packet);
      return;
    }
  if (link)
    link->in_flight--;
  WtSimNode *node = link ? link->ends[packet->direction] : packet->to;
  if (!node->up)
    {
      wt_sim_packet_free (packet);
      return;
    }
  if (link)
    count_in (packet, link);
  if (node == packet->to)
    deliver (packet);
  else
    forward (packet, node);
}

static void
transmit (WtSimPacket *packet, WtSimLink *link, WtSimNode *at)
{
  WtSimWorld *self = at->world;
  guint8 end = link->ends[0] == at ? 0 : 1;
  WtSimNode *next = link->ends[!end];
  guint32 n_bytes = wire_bytes (packet);
  gint64 finish;
  packet->link = link;
  link->traffic[end].out_packets++; /* those thrown away count, too: RFC 2863 ifOutUcastPkts */
  if (!enter_transmitter (&link->properties, &link->transmitters[end], n_bytes, self->now, &finish))
    {
      link->traffic[end].out_discards++;
      wt_sim_record_hop (packet, at, next, WT_EVENT_QUEUE_FULL, self->now);
      wt_sim_packet_free (packet);
      return;
    }
  link->traffic[end].out_octets += n_bytes;
  gint64 arrival = finish + link->properties.latency;
  gboolean lost = !next->up;
  if (link->properties.loss > 0 && wt_sim_random_double (&self->link_random) < link->properties.loss)
    lost = TRUE;
  wt_sim_record_hop (packet, at, next, lost ? WT_EVENT_LOST : 0, arrival);
  if (lost)
    {
      wt_sim_packet_free (packet);
      return;
    }
  packet->direction = !end;
  packet->cuts = link->cuts;
  link->in_flight++;
  wt_sim_queue_push (&self->queue, arrival, arrive, packet);
}

/* Hosts do not forward what is not for them (RFC 1122 3.2.1.3). */
static gboolean
forward (WtSimPacket *packet, WtSimNode *at)
{
  gboolean may = !packet->on_its_way || at->kind != WT_NODE_HOST;
  WtSimLink *link = may ? wt_sim_route (at, packet->to) : NULL;
  if (link)
    {
      if (packet->on_its_way && at->kind == WT_NODE_ROUTER)
        at->counters.ip_forwarded++;
      transmit (packet, link, at);
      return TRUE;
    }
  at->counters.ip_no_route++;
  if (packet->on_its_way)
    {
      WtSimWorld *self = at->world;
      g_autofree char *target = wt_address_to_string ((WtAddress){ packet->target.ip, 0 });
      wt_trace_note (self->base.trace, self->now, at->entity, packet->header.entity, WT_NOTE_WARNING,
                     N_ ("no route to %s: packet dropped"), target);
    }
  wt_sim_packet_free (packet);
  return FALSE;
}

gboolean
wt_sim_net_send (WtSimPacket *packet)
{
  WtSimWorld *self = packet->from->world;
  packet->header.ref = WT_EVENT_NO_REF;
  wt_sim_count_out (packet);
  if (packet->to && packet->from != packet->to)
    return forward (packet, packet->from);
  if (packet->to)
    wt_sim_queue_push (&self->queue, self->now + WT_SIM_LOOPBACK_DELAY, arrive, packet);
  else
    wt_sim_packet_free (packet);
  return FALSE;
}

void
wt_sim_packets_clear (WtSimWorld *self)
{
  WtSimQueueEvent event;
  while (wt_sim_queue_pop (&self->queue, &event))
    if (event.func == arrive)
      wt_sim_packet_free (event.data);
  g_ptr_array_set_size (self->packet_blocks, 0);
  self->free_packets = NULL;
}

/* --- links -------------------------------------------------------------------------------------------------------- */

WtSimLink *
wt_sim_link_new (WtSimNode *a, WtSimNode *b, const WtLinkProperties *properties)
{
  WtSimLink *link = wt_sim_new (WtSimLink, 1);
  link->ends[0] = a;
  link->ends[1] = b;
  link->properties = *properties;
  link->up = TRUE;
  g_ptr_array_add (a->links, link);
  g_ptr_array_add (b->links, link);
  return link;
}

void
wt_sim_link_cut (WtSimLink *link)
{
  WtSimWorld *self = link->ends[0]->world;
  if (link->in_flight > 0)
    wt_trace_note (self->base.trace, self->now, link->ends[0]->entity, link->entity, WT_NOTE_WARNING,
                   N_ ("packets lost on the link that was cut: %u"), link->in_flight);
  link->cuts++;
  link->in_flight = 0;
  link->transmitters[0].busy_until = link->transmitters[1].busy_until = 0;
}

void
wt_sim_link_free (WtSimLink *link)
{
  g_free (link->transmitters[0].starts);
  g_free (link->transmitters[1].starts);
  g_aligned_free (link);
}
