/* Data that arrives: put in order, given to the host, acknowledged. */
#include "app/world/sim-tcp.h"

static void
slice_free (gpointer data)
{
  WtTcpSlice *slice = data;
  g_bytes_unref (slice->bytes);
  g_free (slice);
}

static WtTcpSlice *
slice_copy (const WtTcpSlice *slice)
{
  WtTcpSlice *copy = g_memdup2 (slice, sizeof *slice);
  g_bytes_ref (copy->bytes);
  return copy;
}

/* Takes the first n bytes off. */
static void
slice_trim (WtTcpSlice *slice, guint32 n)
{
  slice->seq += n;
  slice->start += n;
  slice->length -= n;
}

static void
free_slices (GQueue *slices)
{
  g_queue_clear_full (slices, slice_free);
}

void
wt_tcp_receive_clear (WtTcpConn *self)
{
  free_slices (&self->early);
  free_slices (&self->backlog);
  self->backlog_bytes = 0;
}

/* RFC 9293 3.8.6.2.2: the right edge never goes back; a window too small to be worth a segment is none. */
guint32
wt_tcp_receive_window (const WtTcpConn *self)
{
  guint32 space = self->backlog_bytes < WT_TCP_BUFFER ? WT_TCP_BUFFER - self->backlog_bytes : 0;
  guint64 told = self->rcv_adv > self->rcv_nxt ? self->rcv_adv - self->rcv_nxt : 0;
  if (space < WT_TCP_MSS)
    space = 0;
  return MAX (space, told);
}

/* Has so much room been made since the peer was told that it should hear of it? */
static gboolean
window_has_opened (const WtTcpConn *self)
{
  guint64 told = self->rcv_adv > self->rcv_nxt ? self->rcv_adv - self->rcv_nxt : 0;
  return !self->peer_closed && wt_tcp_receive_window (self) - told >= 2 * WT_TCP_MSS;
}

/* --- delivery ----------------------------------------------------------------------------------------------------- */

static void
give (WtTcpConn *self, const WtTcpSlice *slice)
{
  const guint8 *bytes = g_bytes_get_data (slice->bytes, NULL);
  if (self->base.ops->received)
    self->base.ops->received (&self->base, bytes + slice->start, slice->length, self->base.user_data);
}

void
wt_tcp_deliver (WtTcpConn *self)
{
  while (self->attached && !self->paused && !g_queue_is_empty (&self->backlog))
    {
      WtTcpSlice *slice = g_queue_pop_head (&self->backlog);
      self->backlog_bytes -= slice->length;
      give (self, slice);
      slice_free (slice);
    }
  if (!self->attached || self->state == WT_TCP_CLOSED)
    return;
  if (window_has_opened (self))
    self->ack_now = TRUE;
  if (self->peer_closed && g_queue_is_empty (&self->backlog))
    {
      self->closing = TRUE;
      wt_tcp_end (self, WT_CONN_CLOSED);
    }
}

/* In order: records the messages that are complete now, then gives the bytes to the host. */
static void
consume (WtTcpConn *self, const WtTcpSlice *slice)
{
  self->rcv_nxt += slice->length;
  wt_tcp_record_arrived (self, slice->ref);
  if (!self->attached)
    return;
  if (!self->paused && g_queue_is_empty (&self->backlog))
    {
      give (self, slice);
      return;
    }
  g_queue_push_tail (&self->backlog, slice_copy (slice));
  self->backlog_bytes += slice->length;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

/* Keeps what came too early, without what is there already. */
static void
keep_early (WtTcpConn *self, const WtTcpSlice *slice)
{
  WtTcpSlice rest = *slice;
  GList *l = self->early.head;
  for (; l && rest.length > 0; l = l->next)
    {
      WtTcpSlice *other = l->data;
      if (rest.seq < other->seq)
        {
          WtTcpSlice before = rest;
          before.length = MIN (rest.length, other->seq - rest.seq);
          g_queue_insert_before (&self->early, l, slice_copy (&before));
          slice_trim (&rest, before.length);
        }
      guint64 other_end = other->seq + other->length;
      if (rest.length > 0 && rest.seq < other_end)
        slice_trim (&rest, MIN (rest.length, other_end - rest.seq));
    }
  if (rest.length > 0)
    g_queue_push_tail (&self->early, slice_copy (&rest));
}

/* A hole was filled: what lies behind it is in order now. */
static void
take_early (WtTcpConn *self)
{
  WtTcpSlice *slice;
  while (self->state != WT_TCP_CLOSED && (slice = g_queue_peek_head (&self->early)) && slice->seq <= self->rcv_nxt)
    {
      g_queue_pop_head (&self->early);
      guint64 known = self->rcv_nxt - slice->seq;
      if (known < slice->length)
        {
          slice_trim (slice, known);
          consume (self, slice);
        }
      slice_free (slice);
    }
}

/* RFC 5681 4.2: at once when something is missing or was found, else every second full segment or after a while. */
static void
plan_ack (WtTcpConn *self, guint32 n_bytes, gboolean disorder)
{
  self->unacked += n_bytes;
  if (disorder || self->unacked >= 2 * WT_TCP_MSS)
    self->ack_now = TRUE;
  else if (!wt_tcp_timer_is_set (self, WT_TCP_TIMER_ACK))
    wt_tcp_timer_set (self, WT_TCP_TIMER_ACK, WT_TCP_DELAYED_ACK);
}

static void
receive_data (WtTcpConn *self, WtTcpSlice *slice)
{
  if (slice->seq < self->rcv_nxt)
    slice_trim (slice, MIN (slice->length, self->rcv_nxt - slice->seq));
  guint64 edge = MAX (self->rcv_adv, self->rcv_nxt);
  if (slice->seq + slice->length > edge)
    slice->length = edge > slice->seq ? edge - slice->seq : 0;
  if (slice->length == 0)
    {
      self->ack_now = TRUE;
      return;
    }
  gboolean in_order = slice->seq == self->rcv_nxt;
  gboolean disorder = !in_order || !g_queue_is_empty (&self->early);
  if (in_order)
    {
      plan_ack (self, slice->length, disorder); /* first, so that an answer of the host carries it */
      consume (self, slice);
      take_early (self);
      return;
    }
  keep_early (self, slice);
  plan_ack (self, 0, TRUE);
}

void
wt_tcp_receive (WtTcpConn *self, WtSimPacket *packet, guint64 seq)
{
  const WtSimHeader *header = &packet->header;
  if (header->payload_len > 0)
    {
      WtTcpSlice slice = { header->payload, seq, header->payload_start, header->payload_len, header->ref };
      receive_data (self, &slice);
    }
}
