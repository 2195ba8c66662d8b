/* Conversations: which packets belong together, what protocol they carry, and TCP's streams put together again (RFC 9293
 * 3.4): what comes twice is dropped, what comes too early waits. */
#include "app/capture/capture-private.h"

#include <string.h>

#define OFFSET 10000 /* at which live mode has the ports */

/* A segment that came before one that is missing. */
typedef struct {
  guint32 seq;
  GBytes *bytes;
} Early;

typedef struct {
  gboolean known; /* `next` is */
  guint32 next;
  GQueue early;   /* of Early, by sequence number */
  gsize n_early;  /* bytes */
  gboolean has_end;
  guint32 end;    /* sequence number of the FIN */
} Half;

typedef struct {
  WtTransport transport;
  WtAddress client, server;
  gboolean opening; /* SYN seen, no more */
  gboolean over, ignored;
  guint32 entity;   /* 0: not recorded, the protocol is not known yet */
  WtCaptureDialogue *dialogue; /* (nullable) */
  Half halves[2]; /* by WtDirection of who sends */
  GList link;     /* in `recent` */
} Flow;

struct _WtCaptureFlows {
  WtCaptureRecord *record;
  GHashTable *flows; /* Flow, by its two ends */
  GQueue recent;     /* the one that was silent for longest first */
  guint n_recorded, n_unknown;
};

/* --- which protocol ----------------------------------------------------------------------------------------------- */

static WtProtocol
protocol_of_port (WtTransport transport, guint16 port)
{
  static const struct {
    WtTransport transport;
    guint16 port;
    WtProtocol protocol;
  } ports[] = {
    { WT_TRANSPORT_TCP, 25, WT_PROTOCOL_SMTP },   { WT_TRANSPORT_TCP, 587, WT_PROTOCOL_SMTP },
    { WT_TRANSPORT_TCP, 24, WT_PROTOCOL_LMTP },   { WT_TRANSPORT_TCP, 110, WT_PROTOCOL_POP3 },
    { WT_TRANSPORT_TCP, 143, WT_PROTOCOL_IMAP },  { WT_TRANSPORT_TCP, 465, WT_PROTOCOL_TLS },
    { WT_TRANSPORT_TCP, 993, WT_PROTOCOL_TLS },   { WT_TRANSPORT_TCP, 995, WT_PROTOCOL_TLS },
    { WT_TRANSPORT_UDP, 53, WT_PROTOCOL_DNS },    { WT_TRANSPORT_UDP, 161, WT_PROTOCOL_SNMP },
    { WT_TRANSPORT_UDP, 162, WT_PROTOCOL_SNMP },
  };
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    if (ports[i].transport == transport && (port == ports[i].port || port == ports[i].port + OFFSET))
      return ports[i].protocol;
  return WT_PROTOCOL_NONE;
}

static gboolean
begins_with (const guint8 *bytes, gsize n_bytes, const char *text)
{
  return n_bytes >= strlen (text) && memcmp (bytes, text, strlen (text)) == 0;
}

/* The server's greeting tells, on whatever port. */
static WtProtocol
protocol_of_greeting (const guint8 *bytes, gsize n_bytes)
{
  if (begins_with (bytes, n_bytes, "220 ") || begins_with (bytes, n_bytes, "220-"))
    return WT_PROTOCOL_SMTP;
  if (begins_with (bytes, n_bytes, "+OK"))
    return WT_PROTOCOL_POP3;
  if (begins_with (bytes, n_bytes, "* OK") || begins_with (bytes, n_bytes, "* PREAUTH"))
    return WT_PROTOCOL_IMAP;
  return WT_PROTOCOL_NONE;
}

/* --- recording ---------------------------------------------------------------------------------------------------- */

static void
record_change (WtCaptureFlows *self, Flow *flow, WtConnectionChange change)
{
  const WtEntity *conversation = wt_trace_entity (self->record->trace, flow->entity);
  WtEvent event = { .kind = WT_EVENT_CONNECTION, .entity = flow->entity, .value = change };
  if (conversation == NULL || flow->transport != WT_TRANSPORT_TCP)
    return;
  event.from = conversation->client;
  event.to = conversation->server;
  event.protocol = conversation->protocol;
  wt_capture_record (self->record, &event);
}

static void
begin_record (WtCaptureFlows *self, Flow *flow, WtProtocol protocol)
{
  WtEntity conversation = { .kind = WT_ENTITY_CONVERSATION,
                            .transport = flow->transport,
                            .protocol = protocol,
                            .client = wt_capture_node (self->record, flow->client.ip),
                            .server = wt_capture_node (self->record, flow->server.ip),
                            .client_address = flow->client,
                            .server_address = flow->server };
  flow->entity = conversation.id = wt_trace_add_entity (self->record->trace, &conversation);
  flow->dialogue = wt_capture_dialogue_new (self->record, &conversation);
  self->n_recorded++;
  record_change (self, flow, flow->opening ? WT_CONNECTION_OPENING : WT_CONNECTION_OPEN);
}

static void
deliver (WtCaptureFlows *self, Flow *flow, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  if (flow->entity == 0 && !flow->ignored)
    {
      WtProtocol protocol = direction == WT_TO_CLIENT ? protocol_of_greeting (bytes, n_bytes) : WT_PROTOCOL_NONE;
      flow->ignored = protocol == WT_PROTOCOL_NONE;
      self->n_unknown += flow->ignored;
      if (!flow->ignored)
        begin_record (self, flow, protocol);
    }
  if (flow->dialogue)
    wt_capture_dialogue_feed (flow->dialogue, direction, bytes, n_bytes);
}

/* --- one direction of TCP ----------------------------------------------------------------------------------------- */

static void
early_free (Early *early)
{
  g_bytes_unref (early->bytes);
  g_free (early);
}

static gint32
distance (guint32 from, guint32 to)
{
  return (gint32) (to - from);
}

static void
hold (Half *half, guint32 seq, const guint8 *bytes, gsize n_bytes)
{
  Early *early = g_new (Early, 1);
  GList *place = half->early.tail;
  *early = (Early){ seq, g_bytes_new (bytes, n_bytes) };
  while (place && distance (((Early *) place->data)->seq, seq) < 0)
    place = place->prev;
  if (place)
    g_queue_insert_after (&half->early, place, early);
  else
    g_queue_push_head (&half->early, early);
  half->n_early += n_bytes;
}

/* What of a segment is new, when it is its turn. */
static void
take (WtCaptureFlows *self, Flow *flow, WtDirection direction, guint32 seq, const guint8 *bytes, gsize n_bytes)
{
  Half *half = &flow->halves[direction];
  guint32 known = half->next - seq; /* bytes of it that were there before */
  if (known >= n_bytes)
    return;
  half->next = seq + n_bytes;
  deliver (self, flow, direction, bytes + known, n_bytes - known);
}

/* What had come too early, as far as its turn has come. */
static void
take_early (WtCaptureFlows *self, Flow *flow, WtDirection direction)
{
  Half *half = &flow->halves[direction];
  while (half->early.head && distance (half->next, ((Early *) half->early.head->data)->seq) <= 0)
    {
      Early *early = g_queue_pop_head (&half->early);
      gsize n_bytes;
      const guint8 *bytes = g_bytes_get_data (early->bytes, &n_bytes);
      half->n_early -= n_bytes;
      take (self, flow, direction, early->seq, bytes, n_bytes);
      early_free (early);
    }
}

/* What is missing will not come: on with what is there. */
static void
skip_gaps (WtCaptureFlows *self, Flow *flow, WtDirection direction, gsize held_max)
{
  Half *half = &flow->halves[direction];
  while (half->early.head && half->n_early > held_max)
    {
      guint32 seq = ((Early *) half->early.head->data)->seq;
      if (flow->dialogue)
        wt_capture_dialogue_gap (flow->dialogue, direction, seq - half->next);
      half->next = seq;
      take_early (self, flow, direction);
    }
}

static void
feed_half (WtCaptureFlows *self, Flow *flow, WtDirection direction, const WtCapturedPacket *packet)
{
  Half *half = &flow->halves[direction];
  guint32 seq = packet->seq + (packet->flags & WT_TCP_SYN ? 1 : 0);
  if (!half->known)
    {
      half->known = TRUE;
      half->next = seq;
    }
  if (packet->flags & WT_TCP_FIN)
    {
      half->has_end = TRUE;
      half->end = seq + packet->n_payload + packet->n_cut;
    }
  if (distance (half->next, seq) > 0 && packet->n_payload > 0)
    hold (half, seq, packet->payload, packet->n_payload);
  else
    take (self, flow, direction, seq, packet->payload, packet->n_payload);
  take_early (self, flow, direction);
  skip_gaps (self, flow, direction, WT_CAPTURE_HELD_MAX);
}

/* --- the conversation's course ------------------------------------------------------------------------------------ */

static void
end_flow (WtCaptureFlows *self, Flow *flow, WtConnectionChange change, gboolean record)
{
  if (flow->over)
    return;
  flow->over = TRUE;
  for (guint i = 0; i < 2; i++)
    skip_gaps (self, flow, i, 0);
  if (flow->dialogue)
    wt_capture_dialogue_end (flow->dialogue);
  if (record)
    record_change (self, flow, change);
  g_clear_pointer (&flow->dialogue, wt_capture_dialogue_free);
}

static gboolean
has_ended (const Half *half)
{
  return half->has_end && distance (half->next, half->end) <= 0;
}

static void
feed_tcp (WtCaptureFlows *self, Flow *flow, WtDirection direction, const WtCapturedPacket *packet)
{
  if (packet->flags & WT_TCP_RST)
    {
      end_flow (self, flow, flow->opening ? WT_CONNECTION_REFUSED : WT_CONNECTION_RESET, TRUE);
      return;
    }
  if (flow->opening && direction == WT_TO_SERVER && !(packet->flags & WT_TCP_SYN))
    {
      flow->opening = FALSE; /* its ACK: established at both ends */
      record_change (self, flow, WT_CONNECTION_OPEN);
    }
  feed_half (self, flow, direction, packet);
  if (has_ended (&flow->halves[0]) && has_ended (&flow->halves[1]))
    end_flow (self, flow, WT_CONNECTION_CLOSED, TRUE);
}

/* --- which conversation ------------------------------------------------------------------------------------------- */

static guint
flow_hash (gconstpointer key)
{
  const Flow *flow = key;
  guint a = flow->client.ip * 31 + flow->client.port, b = flow->server.ip * 31 + flow->server.port;
  return (a ^ b) + flow->transport; /* the same both ways */
}

static gboolean
same_address (WtAddress a, WtAddress b)
{
  return a.ip == b.ip && a.port == b.port;
}

static gboolean
flow_equal (gconstpointer key, gconstpointer other)
{
  const Flow *a = key, *b = other;
  return a->transport == b->transport
         && ((same_address (a->client, b->client) && same_address (a->server, b->server))
             || (same_address (a->client, b->server) && same_address (a->server, b->client)));
}

static void
flow_free (gpointer data)
{
  Flow *flow = data;
  for (guint i = 0; i < 2; i++)
    g_queue_clear_full (&flow->halves[i].early, (GDestroyNotify) early_free);
  wt_capture_dialogue_free (flow->dialogue);
  g_free (flow);
}

static void
drop (WtCaptureFlows *self, Flow *flow)
{
  end_flow (self, flow, WT_CONNECTION_CLOSED, FALSE);
  g_queue_unlink (&self->recent, &flow->link);
  g_hash_table_remove (self->flows, flow);
}

/* Who opened it. Of one that was under way when the capture began: the end with the well-known port is the server, else
 * the lower one. */
static gboolean
is_from_client (const WtCapturedPacket *packet)
{
  gboolean syn = packet->transport == WT_TRANSPORT_TCP && packet->flags & WT_TCP_SYN;
  WtProtocol source = protocol_of_port (packet->transport, packet->source.port);
  WtProtocol target = protocol_of_port (packet->transport, packet->target.port);
  if (syn)
    return !(packet->flags & WT_TCP_ACK);
  if ((source == WT_PROTOCOL_NONE) != (target == WT_PROTOCOL_NONE))
    return target != WT_PROTOCOL_NONE;
  return packet->target.port <= packet->source.port;
}

static Flow *
add_flow (WtCaptureFlows *self, const WtCapturedPacket *packet)
{
  Flow *flow = g_new0 (Flow, 1);
  gboolean from_client = is_from_client (packet);
  flow->transport = packet->transport;
  flow->client = from_client ? packet->source : packet->target;
  flow->server = from_client ? packet->target : packet->source;
  flow->opening = packet->transport == WT_TRANSPORT_TCP && packet->flags & WT_TCP_SYN;
  flow->link.data = flow;
  if (g_hash_table_size (self->flows) >= WT_CAPTURE_CONVERSATIONS_MAX)
    drop (self, self->recent.head->data);
  g_hash_table_add (self->flows, flow);
  g_queue_push_tail_link (&self->recent, &flow->link);
  WtProtocol protocol = protocol_of_port (flow->transport, flow->server.port);
  if (protocol != WT_PROTOCOL_NONE)
    begin_record (self, flow, protocol);
  else if (flow->transport == WT_TRANSPORT_UDP)
    {
      flow->ignored = TRUE;
      self->n_unknown++;
    }
  return flow;
}

/* A SYN with other ports' past: the same ends begin anew. */
static gboolean
begins_anew (const Flow *flow, const WtCapturedPacket *packet)
{
  const Half *half = &flow->halves[WT_TO_SERVER];
  return packet->transport == WT_TRANSPORT_TCP && (packet->flags & (WT_TCP_SYN | WT_TCP_ACK)) == WT_TCP_SYN
         && (flow->over || !half->known || packet->seq + 1 != half->next);
}

void
wt_capture_flows_feed (WtCaptureFlows *self, const WtCapturedPacket *packet)
{
  Flow key = { .transport = packet->transport, .client = packet->source, .server = packet->target };
  Flow *flow = g_hash_table_lookup (self->flows, &key);
  if (flow && begins_anew (flow, packet))
    {
      drop (self, flow);
      flow = NULL;
    }
  if (flow == NULL)
    flow = add_flow (self, packet);
  g_queue_unlink (&self->recent, &flow->link);
  g_queue_push_tail_link (&self->recent, &flow->link);
  WtDirection direction = same_address (packet->source, flow->client) ? WT_TO_SERVER : WT_TO_CLIENT;
  if (flow->over || flow->ignored)
    return;
  if (packet->transport == WT_TRANSPORT_TCP)
    feed_tcp (self, flow, direction, packet);
  else if (flow->dialogue)
    wt_capture_dialogue_datagram (flow->dialogue, direction, packet->payload, packet->n_payload);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

WtCaptureFlows *
wt_capture_flows_new (WtCaptureRecord *record)
{
  WtCaptureFlows *self = g_new0 (WtCaptureFlows, 1);
  self->record = record;
  self->flows = g_hash_table_new_full (flow_hash, flow_equal, flow_free, NULL);
  return self;
}

void
wt_capture_flows_end (WtCaptureFlows *self)
{
  for (GList *each = self->recent.head; each; each = each->next)
    end_flow (self, each->data, WT_CONNECTION_CLOSED, FALSE);
}

guint
wt_capture_flows_n_recorded (const WtCaptureFlows *self)
{
  return self->n_recorded;
}

guint
wt_capture_flows_n_unknown (const WtCaptureFlows *self)
{
  return self->n_unknown;
}

void
wt_capture_flows_free (WtCaptureFlows *self)
{
  g_hash_table_unref (self->flows);
  g_free (self);
}
