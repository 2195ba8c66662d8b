/* What the simulated world writes into the trace. */
#include "app/world/sim-private.h"

void
wt_sim_record_hop (WtSimPacket *packet, WtSimNode *from, WtSimNode *to, WtEventFlags flags, gint64 arrival)
{
  WtTrace *trace = from->world->base.trace;
  WtSimHeader *header = &packet->header;
  if (!packet->on_its_way)
    {
      packet->on_its_way = TRUE;
      header->ref = wt_trace_length (trace);
      flags |= WT_EVENT_FIRST_HOP;
    }
  WtEvent event = { .time = from->world->now,
                    .other_time = arrival,
                    .payload = header->payload,
                    .payload_start = header->payload_start,
                    .payload_len = header->payload_len,
                    .entity = header->entity,
                    .from = from->entity,
                    .to = to->entity,
                    .value = packet->link->entity,
                    .ref = header->ref,
                    .seq = packet->is_udp ? 0 : header->seq,
                    .ack = packet->is_udp ? 0 : header->ack,
                    .window = packet->is_udp ? 0 : header->window,
                    .mss = packet->is_udp ? 0 : header->mss,
                    .kind = WT_EVENT_PACKET,
                    .protocol = header->protocol,
                    .flags = header->flags | flags | (to == packet->to ? WT_EVENT_LAST_HOP : 0),
                    .context = header->context };
  wt_trace_append (trace, &event);
}

void
wt_sim_record_message (WtSimWorld *self, guint32 entity, WtSimNode *from, WtSimNode *to, const WtMessage *message,
                       WtEventFlags flags, gint64 sent, guint32 ref)
{
  WtEvent event = { .time = self->now,
                    .other_time = sent,
                    .payload = message->bytes,
                    .payload_len = message->bytes ? g_bytes_get_size (message->bytes) : 0,
                    .entity = entity,
                    .from = from ? from->entity : 0,
                    .to = to ? to->entity : 0,
                    .value = message->exchange,
                    .ref = ref,
                    .kind = WT_EVENT_MESSAGE,
                    .protocol = message->protocol,
                    .flags = message->flags | flags,
                    .context = message->context };
  wt_trace_append (self->base.trace, &event);
}

void
wt_sim_record_updown (WtSimWorld *self, WtEventKind kind, guint32 entity, guint32 from, guint32 to, gboolean up)
{
  WtEvent event = { .time = self->now,
                    .other_time = self->now,
                    .entity = entity,
                    .from = from,
                    .to = to,
                    .value = up,
                    .ref = WT_EVENT_NO_REF,
                    .kind = kind };
  wt_trace_append (self->base.trace, &event);
}
