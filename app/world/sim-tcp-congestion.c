/* Congestion control: slow start, congestion avoidance, fast retransmit (RFC 5681), fast recovery as NewReno has it
 * (RFC 6582), limited transmit (RFC 3042); round-trip time and retransmission timeout (RFC 6298). */
#include "app/world/sim-tcp.h"

static guint32
flight_size (const WtTcpConn *self)
{
  return self->snd_max - self->snd_una;
}

/* RFC 5681 3.1: one segment if the SYN had to be sent again. */
void
wt_tcp_congestion_start (WtTcpConn *self)
{
  self->cwnd = (self->syn_repeated ? 1 : WT_TCP_INITIAL_SEGMENTS) * self->mss;
  self->ssthresh = G_MAXUINT32;
  self->recover = 0;
  if (self->syn_repeated)
    self->rto = WT_TCP_RTO_AFTER_SYN;
}

void
wt_tcp_congestion_restart (WtTcpConn *self)
{
  self->cwnd = MIN (self->cwnd, WT_TCP_INITIAL_SEGMENTS * (guint32) self->mss);
}

/* RFC 5681 equation 4. */
static void
halve (WtTcpConn *self)
{
  self->ssthresh = MAX (flight_size (self) / 2, 2 * (guint32) self->mss);
}

/* The window grows only while it is used: a dialogue of short lines learns nothing about the network. */
static void
grow (WtTcpConn *self, guint32 n_bytes)
{
  if (flight_size (self) < self->cwnd / 2)
    return;
  if (self->cwnd < self->ssthresh)
    {
      self->cwnd += MIN (n_bytes, self->mss);
      return;
    }
  self->avoided += n_bytes;
  if (self->avoided >= self->cwnd)
    {
      self->avoided -= self->cwnd;
      self->cwnd += self->mss;
    }
}

/* RFC 6582 3.2: a partial acknowledgement shows the next hole; the last one ends the recovery. */
static void
recovery_acked (WtTcpConn *self, guint32 n_bytes)
{
  guint64 una = self->snd_una + n_bytes;
  if (una >= self->recover)
    {
      self->recovering = FALSE;
      self->cwnd = MIN (self->ssthresh, MAX ((guint32) (self->snd_max - una), self->mss) + self->mss);
      return;
    }
  self->cwnd -= MIN (n_bytes, self->cwnd);
  if (n_bytes >= self->mss)
    self->cwnd += self->mss;
  self->cwnd = MAX (self->cwnd, self->mss);
  self->hole = TRUE;
}

void
wt_tcp_congestion_acked (WtTcpConn *self, guint32 n_bytes)
{
  self->dup_acks = 0;
  if (self->recovering)
    recovery_acked (self, n_bytes);
  else
    grow (self, n_bytes);
}

void
wt_tcp_congestion_dup_ack (WtTcpConn *self)
{
  self->dup_acks++;
  if (self->recovering)
    {
      self->cwnd += self->mss;
      return;
    }
  if (self->dup_acks != WT_TCP_DUP_ACKS || self->snd_una <= self->recover)
    return;
  halve (self);
  self->recovering = TRUE;
  self->partial_seen = FALSE;
  self->recover = self->snd_max;
  self->cwnd = self->ssthresh + WT_TCP_DUP_ACKS * self->mss;
  wt_tcp_retransmit (self);
}

void
wt_tcp_congestion_timeout (WtTcpConn *self)
{
  if (self->retries == 0)
    halve (self);
  self->cwnd = self->mss;
  self->avoided = 0;
  self->dup_acks = 0;
  self->recovering = FALSE;
  self->recover = self->snd_max;
  self->snd_nxt = self->snd_una;
}

/* RFC 3042: the first two repeated acknowledgements each let one more segment out. */
guint32
wt_tcp_congestion_window (const WtTcpConn *self)
{
  guint extra = self->recovering ? 0 : MIN (self->dup_acks, WT_TCP_DUP_ACKS - 1);
  return self->cwnd + extra * self->mss;
}

/* RFC 6298 2.2 and 2.3; the clock's granularity is a nanosecond. */
void
wt_tcp_rtt_sample (WtTcpConn *self, gint64 rtt)
{
  if (self->srtt == 0)
    {
      self->srtt = MAX (rtt, 1);
      self->rttvar = rtt / 2;
    }
  else
    {
      self->rttvar = (3 * self->rttvar + ABS (self->srtt - rtt)) / 4;
      self->srtt = (7 * self->srtt + rtt) / 8;
    }
  self->rto = CLAMP (self->srtt + MAX (4 * self->rttvar, 1), WT_TCP_RTO_MIN, WT_TCP_RTO_MAX);
}
