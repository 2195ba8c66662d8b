/* Segments that arrive (RFC 9293 3.10.7): handshake, reset, acknowledgement, close. */
#include "app/world/sim-tcp.h"

#include <glib/gi18n.h>

/* RFC 9293 figure 5, from ESTABLISHED on: what a FIN does. 0: nothing. */
static const struct {
  guint8 fin_sent, fin_acked, fin_received;
} next_state[WT_N_TCP_STATES] = {
  [WT_TCP_ESTABLISHED] = { .fin_sent = WT_TCP_FIN_WAIT_1, .fin_received = WT_TCP_CLOSE_WAIT },
  [WT_TCP_FIN_WAIT_1] = { .fin_acked = WT_TCP_FIN_WAIT_2, .fin_received = WT_TCP_CLOSING },
  [WT_TCP_FIN_WAIT_2] = { .fin_received = WT_TCP_TIME_WAIT_STATE },
  [WT_TCP_CLOSE_WAIT] = { .fin_sent = WT_TCP_LAST_ACK },
  [WT_TCP_CLOSING] = { .fin_acked = WT_TCP_TIME_WAIT_STATE },
  [WT_TCP_LAST_ACK] = { .fin_acked = WT_TCP_CLOSED },
};

static void
change_state (WtTcpConn *self, guint8 state)
{
  if (state == WT_TCP_CLOSED)
    return;
  self->state = state;
  if (state == WT_TCP_TIME_WAIT_STATE)
    wt_tcp_timer_set (self, WT_TCP_TIMER_LINGER, WT_TCP_TIME_WAIT);
  else if (state == WT_TCP_FIN_WAIT_2)
    wt_tcp_timer_set (self, WT_TCP_TIMER_LINGER, WT_TCP_FIN_WAIT);
}

void
wt_tcp_fin_sent (WtTcpConn *self)
{
  change_state (self, next_state[self->state].fin_sent);
}

static void
fin_acked (WtTcpConn *self)
{
  if (self->state == WT_TCP_LAST_ACK)
    {
      wt_tcp_finish (self);
      return;
    }
  change_state (self, next_state[self->state].fin_acked);
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* The peer's SYN, in whatever segment. */
static void
learn_peer (WtTcpConn *self, const WtSimHeader *header)
{
  self->peer_isn = header->seq;
  self->rcv_nxt = 1;
  self->rcv_adv = 1 + WT_TCP_BUFFER;
  self->mss = MIN (header->mss ? header->mss : WT_TCP_MSS_DEFAULT, WT_TCP_MSS);
  self->snd_wnd = self->max_wnd = header->window;
  self->snd_wl1 = 0;
}

static void
handshake_acked (WtTcpConn *self, const WtSimHeader *header)
{
  self->snd_una = 1;
  self->snd_wnd = header->window;
  self->max_wnd = MAX (self->max_wnd, self->snd_wnd);
  if (!self->syn_repeated)
    wt_tcp_rtt_sample (self, wt_tcp_world (self)->now - self->timed_at);
  self->timing = FALSE;
  self->retries = 0;
  wt_tcp_timer_stop (self, WT_TCP_TIMER_RETRANSMIT);
  wt_tcp_congestion_start (self);
  self->last_sent = wt_tcp_world (self)->now;
  self->state = WT_TCP_ESTABLISHED;
}

static void
answer_syn (WtSimPacket *packet)
{
  WtSimWorld *world = packet->to->world;
  WtListener *listener
      = g_hash_table_lookup (world->tcp->listeners, wt_sim_port_key (packet->to, packet->target.port));
  if (listener == NULL || packet->pair == NULL)
    {
      wt_tcp_answer_reset (packet);
      return;
    }
  WtTcpConn *self = wt_tcp_conn_new (world, packet->to, packet->target, packet->from, packet->source, packet->pair,
                                     listener->protocol);
  self->base.is_server = TRUE;
  self->state = WT_TCP_SYN_RECEIVED;
  learn_peer (self, &packet->header);
  self->timed_at = world->now;
  wt_tcp_send_syn (self);
  wt_tcp_timer_set (self, WT_TCP_TIMER_RETRANSMIT, self->rto);
}

static void
reset_peer (WtTcpConn *self)
{
  wt_tcp_send_reset (self);
  wt_tcp_record_end (self, WT_CONNECTION_RESET, N_ ("refused by the server"));
  wt_tcp_kill (self);
}

/* The third segment of the handshake: only now the host hears of it, as from accept(2). FALSE: the connection is gone. */
static gboolean
accept_client (WtTcpConn *self, const WtSimHeader *header)
{
  handshake_acked (self, header);
  wt_conn_record_change (&self->base, WT_CONNECTION_OPEN, NULL);
  WtListener *listener = g_hash_table_lookup (wt_tcp_world (self)->tcp->listeners,
                                              wt_sim_port_key (self->node, self->base.local.port));
  self->attached = TRUE;
  if (listener == NULL
      || !listener->func (listener, &self->base, &self->base.ops, &self->base.user_data, listener->user_data)
      || self->base.ops == NULL)
    {
      self->attached = FALSE;
      if (self->state != WT_TCP_CLOSED)
        reset_peer (self);
      return FALSE;
    }
  if (self->state != WT_TCP_CLOSED && self->base.ops->connected)
    self->base.ops->connected (&self->base, self->base.user_data);
  return self->state != WT_TCP_CLOSED;
}

static void
arrived_syn_sent (WtTcpConn *self, WtSimPacket *packet)
{
  const WtSimHeader *header = &packet->header;
  gboolean acks = header->context & WT_TCP_ACK;
  if (acks && header->ack != self->isn + 1)
    {
      if (!(header->context & WT_TCP_RST))
        wt_tcp_answer_reset (packet);
      return;
    }
  if (header->context & WT_TCP_RST)
    {
      if (!acks)
        return;
      wt_tcp_record_end (self, WT_CONNECTION_REFUSED, NULL);
      wt_tcp_end (self, WT_CONN_REFUSED);
      wt_tcp_kill (self);
      return;
    }
  if (!(header->context & WT_TCP_SYN) || !acks) /* both opening at once cannot happen: clients' ports have no listeners */
    return;
  learn_peer (self, header);
  handshake_acked (self, header);
  self->ack_now = TRUE;
  wt_tcp_mark_dirty (self);
  if (self->base.ops->connected)
    self->base.ops->connected (&self->base, self->base.user_data);
}

/* --- open --------------------------------------------------------------------------------------------------------- */

/* RFC 9293 3.10.7.4: does the segment lie in the receive window? A FIN needs no room. */
static gboolean
is_acceptable (const WtTcpConn *self, guint64 seq, guint32 length)
{
  guint64 edge = MAX (self->rcv_adv, self->rcv_nxt);
  if (length == 0)
    return seq == self->rcv_nxt || (seq > self->rcv_nxt && seq < edge);
  return seq < edge && seq + length > self->rcv_nxt;
}

static void
update_window (WtTcpConn *self, const WtSimHeader *header, guint64 seq, guint64 ack)
{
  if (self->snd_wl1 > seq || (self->snd_wl1 == seq && self->snd_wl2 > ack))
    return;
  self->snd_wnd = header->window;
  self->max_wnd = MAX (self->max_wnd, self->snd_wnd);
  self->snd_wl1 = seq;
  self->snd_wl2 = ack;
}

static void
restart_retransmission (WtTcpConn *self)
{
  if (self->snd_una == self->snd_max)
    wt_tcp_timer_stop (self, WT_TCP_TIMER_RETRANSMIT); /* RFC 6298 5.2 */
  else
    wt_tcp_timer_set (self, WT_TCP_TIMER_RETRANSMIT, self->rto); /* 5.3 */
}

static void
new_data_acked (WtTcpConn *self, guint64 ack)
{
  if (self->timing && ack >= self->timed_seq)
    {
      wt_tcp_rtt_sample (self, wt_tcp_world (self)->now - self->timed_at);
      self->timing = FALSE;
    }
  gboolean was_recovering = self->recovering;
  wt_tcp_congestion_acked (self, ack - self->snd_una);
  self->snd_una = ack;
  self->snd_nxt = MAX (self->snd_nxt, ack);
  self->retries = 0;
  wt_tcp_drop_acked (self);
  if (!was_recovering || !self->recovering || !self->partial_seen) /* RFC 6582 3.2: only the first partial one */
    restart_retransmission (self);
  if (self->hole)
    {
      self->hole = FALSE;
      self->partial_seen = TRUE;
      wt_tcp_retransmit (self);
    }
  if (self->closing && ack == self->snd_end + 1)
    fin_acked (self);
}

static void
process_ack (WtTcpConn *self, WtSimPacket *packet, guint64 seq)
{
  const WtSimHeader *header = &packet->header;
  guint64 ack = self->snd_una + (gint32) (header->ack - (self->isn + (guint32) self->snd_una));
  if (ack > self->snd_max && ack < G_MAXUINT64 / 2)
    {
      self->ack_now = TRUE;
      return;
    }
  if (ack < self->snd_una || ack >= G_MAXUINT64 / 2)
    return;
  guint32 old_window = self->snd_wnd;
  update_window (self, header, seq, ack);
  if (wt_tcp_timer_is_set (self, WT_TCP_TIMER_PERSIST))
    self->retries = 0; /* it answers, so it is there */
  if (ack > self->snd_una)
    new_data_acked (self, ack);
  else if (self->snd_max > self->snd_una && header->payload_len == 0 && !(header->context & WT_TCP_FIN)
           && self->snd_wnd == old_window && !wt_tcp_timer_is_set (self, WT_TCP_TIMER_PERSIST))
    wt_tcp_congestion_dup_ack (self); /* RFC 5681 2: what counts as a duplicate acknowledgement */
}

/* The peer's FIN, when all before it has arrived. */
static void
process_fin (WtTcpConn *self)
{
  if (self->peer_closed || self->fin_seq != self->rcv_nxt)
    return;
  self->peer_closed = TRUE;
  self->rcv_nxt++;
  self->ack_now = TRUE;
  wt_tcp_record_unfinished (self);
  if (++self->pair->n_fins == 2)
    wt_tcp_record_end (self, WT_CONNECTION_CLOSED, NULL);
  change_state (self, next_state[self->state].fin_received);
  wt_tcp_deliver (self);
}

static void
arrived_reset (WtTcpConn *self)
{
  if (self->state == WT_TCP_TIME_WAIT_STATE || self->finished)
    return; /* RFC 1337: a late RST must not end TIME-WAIT early; the host may have bytes left to read */
  if (self->state == WT_TCP_SYN_RECEIVED)
    {
      wt_tcp_kill (self);
      return;
    }
  wt_tcp_record_end (self, WT_CONNECTION_RESET, NULL);
  wt_tcp_end (self, WT_CONN_RESET);
  wt_tcp_kill (self);
}

static void
process_text (WtTcpConn *self, WtSimPacket *packet, guint64 seq)
{
  const WtSimHeader *header = &packet->header;
  gboolean has_fin = header->context & WT_TCP_FIN;
  if (has_fin && self->fin_seq == G_MAXUINT64)
    self->fin_seq = seq + header->payload_len;
  if (!self->peer_closed && header->payload_len > 0)
    wt_tcp_receive (self, packet, seq);
  if (self->state == WT_TCP_CLOSED)
    return;
  if (has_fin && seq + header->payload_len > self->rcv_nxt)
    self->ack_now = TRUE;
  process_fin (self);
}

/* The handshake once more: the peer did not get our part of it. */
static void
arrived_syn_again (WtTcpConn *self)
{
  if (self->state == WT_TCP_SYN_RECEIVED)
    {
      self->syn_repeated = TRUE;
      wt_tcp_send_syn (self);
    }
  else
    self->ack_now = TRUE;
}

static void
arrived_open (WtTcpConn *self, WtSimPacket *packet)
{
  const WtSimHeader *header = &packet->header;
  guint64 seq = self->rcv_nxt + (gint32) (header->seq - (self->peer_isn + (guint32) self->rcv_nxt));
  guint32 length = header->payload_len + !!(header->context & WT_TCP_FIN);
  if ((gint64) seq < 0)
    return;
  gboolean acceptable = is_acceptable (self, seq, length) || (seq == self->rcv_nxt && header->payload_len == 0);
  if (header->context & WT_TCP_RST)
    {
      if (seq >= self->rcv_nxt && seq <= MAX (self->rcv_adv, self->rcv_nxt)) /* a full window must not keep it out */
        arrived_reset (self);
      return;
    }
  if (header->context & WT_TCP_SYN)
    {
      arrived_syn_again (self);
      return;
    }
  if (self->state == WT_TCP_SYN_RECEIVED)
    {
      if (header->ack != self->isn + 1)
        wt_tcp_answer_reset (packet);
      else if (accept_client (self, header))
        process_text (self, packet, seq);
      return;
    }
  if (!acceptable)
    self->ack_now = TRUE;
  if (self->state == WT_TCP_TIME_WAIT_STATE && length > 0)
    wt_tcp_timer_set (self, WT_TCP_TIMER_LINGER, WT_TCP_TIME_WAIT);
  else if (self->state == WT_TCP_FIN_WAIT_2)
    wt_tcp_timer_set (self, WT_TCP_TIMER_LINGER, WT_TCP_FIN_WAIT);
  process_ack (self, packet, seq);
  if (acceptable && self->state != WT_TCP_CLOSED)
    process_text (self, packet, seq);
}

void
wt_tcp_arrived (WtSimPacket *packet)
{
  WtTcp *tcp = packet->to->world->tcp;
  guint8 flags = packet->header.context;
  WtTcpConn *self = wt_tcp_lookup (tcp, packet->target, packet->source);
  gboolean opens = (flags & (WT_TCP_SYN | WT_TCP_ACK)) == WT_TCP_SYN;
  if (self && opens && self->state == WT_TCP_TIME_WAIT_STATE && !self->attached)
    {
      wt_tcp_kill (self); /* RFC 9293 3.6.1: the same ports again, a new connection */
      self = NULL;
    }
  if (self == NULL && opens)
    answer_syn (packet);
  else if (self == NULL && !(flags & WT_TCP_RST))
    wt_tcp_answer_reset (packet);
  else if (self && self->state == WT_TCP_SYN_SENT)
    arrived_syn_sent (self, packet);
  else if (self)
    {
      arrived_open (self, packet);
      if (self->state != WT_TCP_CLOSED)
        wt_tcp_mark_dirty (self);
    }
}
