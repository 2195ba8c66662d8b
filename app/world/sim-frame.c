/* A recorded packet as the frame it would be on an Ethernet: RFC 894, 791, 768, 9293. All comes out of the trace. */
#include "app/world/frame.h"
#include "app/world/sim-private.h"

#define IP_TTL 64

/* --- where on its way ----------------------------------------------------------------------------------------------- */

static gboolean
is_switch (WtTrace *trace, guint32 node)
{
  const WtEntity *entity = wt_trace_entity (trace, node);
  return entity && entity->is_switch;
}

static gboolean
same_packet (const WtEvent *a, const WtEvent *b)
{
  return a->kind == WT_EVENT_PACKET && a->ref == b->ref;
}

/* The last router (or the sender) before this hop; the routers on the way have lowered the time to live. */
static void
look_back (WtTrace *trace, guint32 n, WtFrame *frame)
{
  const WtEvent *event = wt_trace_event (trace, n);
  frame->from = event->from;
  frame->ttl = IP_TTL;
  for (guint32 i = event->ref; i <= n; i++)
    {
      const WtEvent *hop = wt_trace_event (trace, i);
      if (!same_packet (hop, event) || is_switch (trace, hop->from))
        continue;
      frame->from = hop->from;
      if (!(hop->flags & WT_EVENT_FIRST_HOP))
        frame->ttl--;
    }
}

/* The next router (or the receiver): beyond switches it stands in the hops that follow, each at the arrival of the one
 * before. Where the packet got lost before, it is taken to have been for the receiver. */
static void
look_ahead (WtTrace *trace, guint32 n, const WtEntity *conversation, WtFrame *frame)
{
  const WtEvent *event = wt_trace_event (trace, n);
  frame->to = event->to;
  gint64 arrival = event->other_time;
  guint32 length = wt_trace_length (trace);
  for (guint32 i = n + 1; i < length && is_switch (trace, frame->to); i++)
    {
      const WtEvent *hop = wt_trace_event (trace, i);
      if (hop->time > arrival)
        break;
      if (!same_packet (hop, event))
        continue;
      frame->to = hop->to;
      arrival = hop->other_time;
    }
  if (is_switch (trace, frame->to))
    frame->to = wt_event_direction (event) == WT_TO_CLIENT ? conversation->client : conversation->server;
}

GBytes *
wt_sim_frame (WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);
  const WtEntity *conversation = wt_trace_entity (trace, event->entity);
  if (event->kind != WT_EVENT_PACKET || conversation == NULL)
    return NULL;
  gboolean back = wt_event_direction (event) == WT_TO_CLIENT;
  WtFrame frame = { .is_tcp = conversation->transport == WT_TRANSPORT_TCP,
                    .source = back ? conversation->server_address : conversation->client_address,
                    .target = back ? conversation->client_address : conversation->server_address,
                    .id = event->ref,
                    .seq = event->seq,
                    .ack = event->ack,
                    .flags = event->context,
                    .window = event->window,
                    .mss = event->mss };
  look_back (trace, n, &frame);
  look_ahead (trace, n, conversation, &frame);
  gsize n_payload;
  const guint8 *payload = wt_event_bytes (event, &n_payload);
  return wt_frame_bytes (&frame, payload, n_payload);
}
