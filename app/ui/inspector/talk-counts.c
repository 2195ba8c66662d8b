#include "app/ui/inspector/talk-counts.h"

#include "app/trace/packet-fate.h"

static void
start_anew (WtTalkCounter *self, WtTrace *trace, guint32 conversation)
{
  const WtEntity *entity = wt_trace_entity (trace, conversation);

  *self = (WtTalkCounter){ .trace = trace, .conversation = conversation };
  self->next_packet = entity ? wt_trace_list_before (trace, WT_LIST_PACKETS, entity->born) : 0;
}

static void
count_message (WtTalkCounter *self, const WtEvent *event)
{
  if (event->kind != WT_EVENT_MESSAGE)
    return;
  self->counts.n_messages[wt_event_direction (event)]++;
  self->counts.n_bytes[wt_event_direction (event)] += event->payload_len;
}

static void
count_packet (WtTalkCounter *self, WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);

  if (event->kind != WT_EVENT_PACKET || event->entity != self->conversation)
    return;
  self->counts.n_packets++;
  self->counts.n_lost += wt_packet_is_lost (trace, n);
  self->counts.n_again += (event->flags & WT_EVENT_RETRANSMIT) != 0;
}

gboolean
wt_talk_counter_count (WtTalkCounter *self, WtTrace *trace, guint32 conversation, guint32 position)
{
  guint32 history_end, packet_end, left = WT_TALK_COUNTS_SLICE;

  if (self->trace != trace || self->conversation != conversation || position < self->position)
    start_anew (self, trace, conversation);
  self->position = position;
  history_end = wt_trace_history_before (trace, conversation, position);
  packet_end = wt_trace_list_before (trace, WT_LIST_PACKETS, position);
  for (; self->next_history < history_end && left; self->next_history++, left--)
    count_message (self, wt_trace_event (trace, wt_trace_history_nth (trace, conversation, self->next_history)));
  for (; self->next_packet < packet_end && left; self->next_packet++, left--)
    count_packet (self, trace, wt_trace_list_nth (trace, WT_LIST_PACKETS, self->next_packet));
  return self->next_history >= history_end && self->next_packet >= packet_end;
}
