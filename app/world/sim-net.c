/* Links: how a packet gets from node to node. A packet that enters a link waits until the transmitter is free, takes
 * bytes * 8 / bandwidth to leave and `latency` to arrive; its arrival is one event in the queue. The wait is computed, not
 * simulated: nothing that happens later can change it, except a cut, which loses the packet. */
#include "app/world/sim-private.h"
#include "app/world/sim-tcp.h"

#include <string.h>

/* --- packets ------------------------------------------------------------------------------------------------------ */

WtSimPacket *
wt_sim_packet_new (WtSimWorld *self, WtSimNode *from, WtSimNode *to)
{
  WtSimPacket *packet = self->free_packets;
  if (packet)
    self->free_packets = packet->next_free;
  else
    packet = g_new (WtSimPacket, 1);
  memset (packet, 0, sizeof *packet);
  packet->world = self;
  packet->from = from;
  packet->to = to;
  return packet;
}

void
wt_sim_packet_free (WtSimPacket *packet)
{
  WtSimWorld *self = packet->world;
  g_clear_pointer (&packet->event.payload, g_bytes_unref);
  g_clear_pointer (&packet->pair, wt_tcp_pair_unref);
  packet->next_free = self->free_packets;
  self->free_packets = packet;
}

/* --- transmitters ------------------------------------------------------------------------------------------------- */

/* Packets that have left by now make room. */
static void
forget_finished (WtSimTransmitter *self, gint64 now)
{
  while (self->count > 0 && self->finish[self->first] <= now)
    {
      self->first = (self->first + 1) & (self->capacity - 1);
      self->count--;
    }
}

static void
push_finish (WtSimTransmitter *self, gint64 finish)
{
  if (self->count == self->capacity)
    {
      guint32 capacity = MAX (8, self->capacity * 2);
      gint64 *bigger = g_new (gint64, capacity);
      for (guint32 i = 0; i < self->count; i++)
        bigger[i] = self->finish[(self->first + i) & (self->capacity - 1)];
      g_free (self->finish);
      self->finish = bigger;
      self->capacity = capacity;
      self->first = 0;
    }
  self->finish[(self->first + self->count++) & (self->capacity - 1)] = finish;
}

/* When a packet that enters now will have left. FALSE: the queue is full. */
static gboolean
enter_transmitter (WtSimLink *link, WtSimTransmitter *transmitter, guint32 wire_bytes, gint64 *finish)
{
  gint64 now = link->world->now;
  *finish = now;
  if (link->properties.bandwidth == 0)
    return TRUE;
  forget_finished (transmitter, now);
  if (transmitter->count > link->properties.queue_packets) /* one is being sent, the others wait */
    return FALSE;
  gint64 sending = (gint64) ((double) wire_bytes * 8 * WT_NSEC_PER_SEC / link->properties.bandwidth);
  *finish = MAX (now, transmitter->busy_until) + sending;
  transmitter->busy_until = *finish;
  push_finish (transmitter, *finish);
  return TRUE;
}

/* --- hops --------------------------------------------------------------------------------------------------------- */

static gboolean forward (WtSimPacket *packet, WtSimNode *at);

static void
deliver (WtSimPacket *packet)
{
  if (packet->is_udp)
    wt_sim_udp_arrived (packet);
  else
    wt_tcp_arrived (packet);
  wt_sim_packet_free (packet);
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
    wt_sim_packet_free (packet);
  else if (node == packet->to)
    deliver (packet);
  else
    forward (packet, node);
}

static void
transmit (WtSimPacket *packet, WtSimLink *link, WtSimNode *at)
{
  WtSimWorld *self = packet->world;
  guint8 end = link->ends[0] == at ? 0 : 1;
  WtSimNode *next = link->ends[!end];
  gint64 finish;
  packet->link = link;
  if (!enter_transmitter (link, &link->transmitters[end], packet->wire_bytes, &finish))
    {
      wt_sim_record_hop (packet, at, next, WT_EVENT_QUEUE_FULL, self->now);
      wt_sim_packet_free (packet);
      return;
    }
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

/* Hosts do not forward what is not for them (RFC 1122 3.3.1). */
static gboolean
forward (WtSimPacket *packet, WtSimNode *at)
{
  WtSimWorld *self = packet->world;
  gboolean may = at == packet->from || at->kind != WT_NODE_HOST;
  WtSimLink *link = may ? wt_sim_route (self, at, packet->to) : NULL;
  if (link)
    {
      transmit (packet, link, at);
      return TRUE;
    }
  if (packet->on_its_way)
    {
      g_autofree char *target = wt_address_to_string ((WtAddress){ packet->target.ip, 0 });
      wt_trace_note (self->base.trace, self->now, at->entity, packet->event.entity, WT_NOTE_WARNING,
                     "no route to %s: packet dropped", target);
    }
  wt_sim_packet_free (packet);
  return FALSE;
}

gboolean
wt_sim_net_send (WtSimPacket *packet, guint header_bytes)
{
  WtSimWorld *self = packet->world;
  guint32 frame = WT_SIM_ETHERNET_HEADER + WT_SIM_IPV4_HEADER + header_bytes + packet->event.payload_len;
  packet->wire_bytes = MAX (frame, WT_SIM_ETHERNET_MIN) + WT_SIM_ETHERNET_FCS;
  packet->event.ref = WT_EVENT_NO_REF;
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
  while (self->free_packets)
    {
      WtSimPacket *packet = self->free_packets;
      self->free_packets = packet->next_free;
      g_free (packet);
    }
}

/* --- links -------------------------------------------------------------------------------------------------------- */

void
wt_sim_link_cut (WtSimLink *link)
{
  WtSimWorld *self = link->world;
  if (link->in_flight > 0)
    wt_trace_note (self->base.trace, self->now, link->ends[0]->entity, link->entity, WT_NOTE_WARNING,
                   "%u packets on the link were lost", link->in_flight);
  link->cuts++;
  link->in_flight = 0;
  for (guint i = 0; i < 2; i++)
    {
      link->transmitters[i].busy_until = self->now;
      link->transmitters[i].count = 0;
    }
}

void
wt_sim_link_free (WtSimLink *link)
{
  g_free (link->transmitters[0].finish);
  g_free (link->transmitters[1].finish);
  g_free (link);
}
