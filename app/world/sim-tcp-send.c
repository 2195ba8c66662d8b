/* Segments that leave. */
#include "app/world/sim-tcp.h"

/* --- one segment -------------------------------------------------------------------------------------------------- */

typedef struct {
  guint64 seq;
  guint32 length;
  guint8 flags;
} Segment;

static guint32
wire_ack (const WtTcpConn *self)
{
  return self->peer_isn + (guint32) self->rcv_nxt;
}

static WtTcpChunk *
chunk_at (const WtTcpConn *self, guint i)
{
  return &g_array_index (self->chunks, WtTcpChunk, i);
}

/* The chunk that holds the byte `seq`: the last one that starts at or before it. */
static guint
find_chunk (const WtTcpConn *self, guint64 seq)
{
  guint low = self->first_chunk, high = self->chunks->len;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      if (chunk_at (self, middle)->start <= seq)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* A segment within one chunk shares its bytes; one across several (short lines that leave together) gets a copy. */
static void
set_payload (WtTcpConn *self, WtSimHeader *header, guint64 seq, guint32 length)
{
  guint i = find_chunk (self, seq);
  WtTcpChunk *chunk = chunk_at (self, i);
  gsize offset = seq - chunk->start, size = g_bytes_get_size (chunk->bytes);
  header->payload_len = length;
  if (offset + length <= size)
    {
      header->payload = g_bytes_ref (chunk->bytes);
      header->payload_start = offset;
      return;
    }
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (length);
  while (bytes->len < length)
    {
      const guint8 *data = g_bytes_get_data (chunk->bytes, &size);
      g_byte_array_append (bytes, data + offset, MIN (size - offset, length - bytes->len));
      chunk = chunk_at (self, ++i);
      offset = 0;
    }
  header->payload = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static WtSimPacket *
new_packet (WtTcpConn *self)
{
  WtSimPacket *packet = wt_sim_packet_new (wt_tcp_world (self), self->node, self->peer_node);
  packet->source = self->base.local;
  packet->target = self->base.peer;
  packet->header.entity = self->base.entity;
  packet->header.protocol = WT_PROTOCOL_TCP;
  packet->header.flags = self->base.is_server ? WT_EVENT_TO_CLIENT : 0;
  return packet;
}

/* What every segment with an ACK tells the peer; nothing more needs to be said then. */
static void
acknowledge (WtTcpConn *self, WtSimHeader *header)
{
  guint32 window = wt_tcp_receive_window (self);
  header->ack = wire_ack (self);
  header->window = window;
  self->rcv_adv = MAX (self->rcv_adv, self->rcv_nxt + window);
  self->ack_now = FALSE;
  self->unacked = 0;
  wt_tcp_timer_stop (self, WT_TCP_TIMER_ACK);
}

static void
send_segment (WtTcpConn *self, const Segment *segment)
{
  WtSimPacket *packet = new_packet (self);
  WtSimHeader *header = &packet->header;
  gboolean has_fin = segment->flags & WT_TCP_FIN;
  header->seq = self->isn + (guint32) segment->seq;
  header->context = segment->flags;
  if (segment->flags & WT_TCP_ACK)
    acknowledge (self, header);
  if (segment->length > 0)
    {
      header->protocol = self->base.protocol;
      set_payload (self, header, segment->seq, segment->length);
    }
  if (segment->seq < self->snd_max && (segment->length > 0 || has_fin))
    header->flags |= WT_EVENT_RETRANSMIT;
  self->snd_max = MAX (self->snd_max, segment->seq + segment->length + (has_fin ? 1 : 0));
  wt_sim_net_send (packet);
}

/* Sequence number of a segment without data: after all that was sent, unless the peer had no room for it. */
static guint64
bare_seq (const WtTcpConn *self)
{
  return MIN (self->snd_max, MAX (self->snd_nxt, self->snd_una + self->snd_wnd));
}

void
wt_tcp_send_ack (WtTcpConn *self)
{
  send_segment (self, &(Segment){ bare_seq (self), 0, WT_TCP_ACK });
}

void
wt_tcp_send_syn (WtTcpConn *self)
{
  gboolean answers = self->state == WT_TCP_SYN_RECEIVED;
  WtSimPacket *packet = new_packet (self);
  WtSimHeader *header = &packet->header;
  header->seq = self->isn;
  header->context = WT_TCP_SYN | (answers ? WT_TCP_ACK : 0);
  header->window = WT_TCP_BUFFER;
  header->mss = WT_TCP_MSS;
  if (answers)
    acknowledge (self, header);
  else
    packet->pair = wt_tcp_pair_ref (self->pair);
  if (self->snd_max > 0)
    header->flags |= WT_EVENT_RETRANSMIT;
  self->snd_nxt = self->snd_max = 1;
  wt_sim_net_send (packet);
}

void
wt_tcp_send_reset (WtTcpConn *self)
{
  send_segment (self, &(Segment){ bare_seq (self), 0, WT_TCP_RST | WT_TCP_ACK });
}

void
wt_tcp_send_probe (WtTcpConn *self)
{
  guint64 waiting = self->snd_end - self->snd_una;
  guint32 length = MIN (MIN (waiting, MAX (self->snd_wnd, 1)), self->mss);
  if (length > 0)
    send_segment (self, &(Segment){ self->snd_una, length, WT_TCP_ACK });
}

/* RFC 9293 3.10.7.1. */
void
wt_tcp_answer_reset (WtSimPacket *packet)
{
  const WtSimHeader *in = &packet->header;
  WtSimPacket *answer = wt_sim_packet_new (packet->to->world, packet->to, packet->from);
  WtSimHeader *out = &answer->header;
  answer->source = packet->target;
  answer->target = packet->source;
  out->entity = in->entity;
  out->protocol = WT_PROTOCOL_TCP;
  out->flags = (in->flags & WT_EVENT_TO_CLIENT) ^ WT_EVENT_TO_CLIENT;
  out->context = WT_TCP_RST;
  if (in->context & WT_TCP_ACK)
    out->seq = in->ack;
  else
    {
      out->context |= WT_TCP_ACK;
      out->ack = in->seq + in->payload_len + !!(in->context & WT_TCP_SYN) + !!(in->context & WT_TCP_FIN);
    }
  wt_sim_net_send (answer);
}

/* --- what may leave ----------------------------------------------------------------------------------------------- */

static gboolean
may_send_data (const WtTcpConn *self)
{
  return self->state >= WT_TCP_ESTABLISHED && self->state != WT_TCP_FIN_WAIT_2 && self->state != WT_TCP_TIME_WAIT_STATE;
}

/* Sends data bytes from snd_nxt; the FIN goes with the last of them. */
static void
send_next (WtTcpConn *self, guint32 length, gboolean fin)
{
  WtSimWorld *world = wt_tcp_world (self);
  Segment segment = { self->snd_nxt, length, WT_TCP_ACK };
  if (length > 0 && self->snd_nxt + length == self->snd_end)
    segment.flags |= WT_TCP_PSH;
  if (fin)
    segment.flags |= WT_TCP_FIN;
  if (!self->timing && segment.seq >= self->snd_max)
    {
      self->timing = TRUE;
      self->timed_seq = segment.seq + length + fin;
      self->timed_at = world->now;
    }
  send_segment (self, &segment);
  self->snd_nxt += length + fin;
  self->last_sent = world->now;
  if (!wt_tcp_timer_is_set (self, WT_TCP_TIMER_RETRANSMIT))
    wt_tcp_timer_set (self, WT_TCP_TIMER_RETRANSMIT, self->rto);
  if (fin)
    wt_tcp_fin_sent (self);
}

/* Bytes that the next segment may carry. RFC 9293 3.8.6.2.1: no small segment while more waits, unless the window is small
 * as a whole. */
static guint32
next_length (const WtTcpConn *self)
{
  guint64 waiting = self->snd_end > self->snd_nxt ? self->snd_end - self->snd_nxt : 0;
  guint32 window = MIN (self->snd_wnd, wt_tcp_congestion_window (self));
  guint32 in_flight = self->snd_nxt - self->snd_una;
  guint32 usable = window > in_flight ? window - in_flight : 0;
  guint32 length = MIN (MIN (waiting, usable), self->mss);
  if (length < self->mss && length < waiting && length < self->max_wnd / 2)
    return 0;
  return length;
}

static void
send_waiting (WtTcpConn *self)
{
  if (self->snd_nxt == self->snd_una && wt_tcp_world (self)->now - self->last_sent > self->rto)
    wt_tcp_congestion_restart (self);
  for (;;)
    {
      guint32 length = next_length (self);
      gboolean fin = self->closing && self->snd_nxt + length == self->snd_end;
      if (length == 0 && !fin)
        break;
      send_next (self, length, fin);
    }
}

/* Something waits, nothing is in flight and the window is too small: only the persist timer can go on. */
static void
watch_window (WtTcpConn *self)
{
  gboolean stuck = self->snd_nxt == self->snd_una && self->snd_end > self->snd_nxt;
  if (!stuck)
    {
      wt_tcp_timer_stop (self, WT_TCP_TIMER_PERSIST);
      self->persists = 0;
    }
  else if (!wt_tcp_timer_is_set (self, WT_TCP_TIMER_PERSIST))
    {
      wt_tcp_timer_stop (self, WT_TCP_TIMER_RETRANSMIT);
      wt_tcp_timer_set (self, WT_TCP_TIMER_PERSIST, self->rto);
    }
}

void
wt_tcp_output (WtTcpConn *self)
{
  if (may_send_data (self))
    {
      send_waiting (self);
      watch_window (self);
    }
  if (self->ack_now)
    wt_tcp_send_ack (self);
}

void
wt_tcp_retransmit (WtTcpConn *self)
{
  guint64 data_end = MIN (self->snd_end, self->snd_max);
  guint32 length = data_end > self->snd_una ? MIN (data_end - self->snd_una, self->mss) : 0;
  gboolean fin = self->closing && self->snd_una + length == self->snd_end && self->snd_max > self->snd_end;
  if (length == 0 && !fin)
    return;
  self->timing = FALSE;
  send_segment (self, &(Segment){ self->snd_una, length, WT_TCP_ACK | (fin ? WT_TCP_FIN : 0) });
}

/* --- the send buffer ---------------------------------------------------------------------------------------------- */

void
wt_tcp_send (WtConn *conn, GBytes *bytes)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  gsize size = g_bytes_get_size (bytes);
  if (size == 0 || self->closing || self->state == WT_TCP_CLOSED)
    return;
  WtTcpChunk chunk = { g_bytes_ref (bytes), self->snd_end };
  g_array_append_val (self->chunks, chunk);
  self->snd_end += size;
  wt_tcp_encrypted_sent (self);
  wt_tcp_mark_dirty (self);
}

gsize
wt_tcp_unsent (WtConn *conn)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  return self->snd_end > self->snd_max ? self->snd_end - MAX (self->snd_max, 1) : 0;
}

void
wt_tcp_drop_acked (WtTcpConn *self)
{
  while (self->first_chunk < self->chunks->len)
    {
      WtTcpChunk *chunk = chunk_at (self, self->first_chunk);
      if (chunk->start + g_bytes_get_size (chunk->bytes) > self->snd_una)
        break;
      g_clear_pointer (&chunk->bytes, g_bytes_unref);
      self->first_chunk++;
    }
  if (self->first_chunk == self->chunks->len)
    g_array_set_size (self->chunks, 0);
  else if (self->first_chunk < 64 || self->first_chunk < self->chunks->len / 2)
    return;
  else
    g_array_remove_range (self->chunks, 0, self->first_chunk);
  self->first_chunk = 0;
}

void
wt_tcp_send_clear (WtTcpConn *self)
{
  for (guint i = self->first_chunk; i < self->chunks->len; i++)
    g_bytes_unref (chunk_at (self, i)->bytes);
  g_array_set_size (self->chunks, 0);
  self->first_chunk = 0;
}
