#include "app/trace/packet-fate.h"

#define LOST (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL)

/* When the link went down while the packet was on it; -1: it did not. */
static gint64
link_cut (WtTrace *trace, guint32 n, const WtEvent *packet)
{
  guint32 link = packet->value, length = wt_trace_history_length (trace, link);
  for (guint32 i = wt_trace_history_before (trace, link, n + 1); i < length; i++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_history_nth (trace, link, i));
      if (event->time >= packet->other_time)
        break;
      if (event->kind == WT_EVENT_LINK && event->value == 0)
        return event->time;
    }
  return -1;
}

/* The node at the link's end is down when the packet comes. */
static gboolean
is_awaited_by_nobody (WtTrace *trace, guint32 n, const WtEvent *packet)
{
  guint32 node = packet->to, length = wt_trace_history_length (trace, node);
  gboolean down = FALSE;
  for (guint32 i = wt_trace_history_before (trace, node, n + 1); i < length; i++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_history_nth (trace, node, i));
      if (event->time >= packet->other_time)
        break;
      if (event->kind == WT_EVENT_NODE)
        down = event->value == 0;
    }
  return down;
}

gint64
wt_packet_cut_off (WtTrace *trace, guint32 n)
{
  const WtEvent *packet = wt_trace_event (trace, n);
  if (packet->kind != WT_EVENT_PACKET || packet->flags & LOST)
    return -1;
  gint64 cut = link_cut (trace, n, packet);
  if (cut < 0 && is_awaited_by_nobody (trace, n, packet))
    return packet->other_time;
  return cut;
}

gboolean
wt_packet_is_lost (WtTrace *trace, guint32 n)
{
  const WtEvent *packet = wt_trace_event (trace, n);
  return packet->kind == WT_EVENT_PACKET && (packet->flags & LOST || wt_packet_cut_off (trace, n) >= 0);
}
