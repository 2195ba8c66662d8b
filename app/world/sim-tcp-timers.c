/* A connection's timers. Most are set and stopped again and again without ever running out, so they are only times; one
 * entry in the queue stands for all of a connection and is entered anew when it comes too early. */
#include "app/world/sim-tcp.h"

#include <glib/gi18n.h>

static gint64
next_due (const WtTcpConn *self)
{
  gint64 next = G_MAXINT64;
  for (guint i = 0; i < WT_N_TCP_TIMERS; i++)
    next = MIN (next, self->due[i]);
  return next;
}

static void wake (gpointer data);

static void
schedule (WtTcpConn *self)
{
  gint64 next = next_due (self);
  if (next >= self->wake_time) /* also when there is none: the entry finds out when it comes */
    return;
  WtSimQueue *queue = &wt_tcp_world (self)->queue;
  wt_sim_queue_cancel (queue, self->wake);
  self->wake_time = next;
  self->wake = wt_sim_queue_push (queue, next, wake, self);
}

void
wt_tcp_timer_set (WtTcpConn *self, WtTcpTimer timer, gint64 delay)
{
  self->due[timer] = wt_tcp_world (self)->now + delay;
  schedule (self);
}

void
wt_tcp_timer_stop (WtTcpConn *self, WtTcpTimer timer)
{
  self->due[timer] = G_MAXINT64;
}

gboolean
wt_tcp_timer_is_set (const WtTcpConn *self, WtTcpTimer timer)
{
  return self->due[timer] != G_MAXINT64;
}

void
wt_tcp_timers_clear (WtTcpConn *self)
{
  for (guint i = 0; i < WT_N_TCP_TIMERS; i++)
    self->due[i] = G_MAXINT64;
  wt_sim_queue_cancel (&wt_tcp_world (self)->queue, self->wake);
  self->wake = 0;
  self->wake_time = G_MAXINT64;
}

gboolean
wt_tcp_is_idle_wake (const WtSimQueueEvent *event)
{
  if (event->func != wake)
    return FALSE;
  WtTcpConn *self = event->data;
  self->wake = 0;
  self->wake_time = G_MAXINT64;
  if (next_due (self) <= event->time)
    return FALSE;
  schedule (self);
  return TRUE;
}

/* --- what happens ------------------------------------------------------------------------------------------------- */

static void
give_up (WtTcpConn *self, WtConnEnd how, const char *reason)
{
  if (self->state != WT_TCP_SYN_RECEIVED) /* then it is the client's to say */
    wt_tcp_record_end (self, WT_CONNECTION_TIMED_OUT, reason);
  wt_tcp_end (self, how);
  wt_tcp_kill (self);
}

static guint
retries_allowed (const WtTcpConn *self)
{
  if (self->state == WT_TCP_SYN_SENT)
    return WT_TCP_SYN_RETRIES;
  return self->state == WT_TCP_SYN_RECEIVED ? WT_TCP_SYN_ACK_RETRIES : WT_TCP_RETRIES;
}

static void
retransmit_due (WtTcpConn *self)
{
  if (self->retries >= retries_allowed (self))
    {
      give_up (self, WT_CONN_TIMED_OUT, N_ ("no answer"));
      return;
    }
  self->timing = FALSE; /* Karn's algorithm: what is sent again says nothing about the round-trip time */
  gboolean handshake = self->state == WT_TCP_SYN_SENT || self->state == WT_TCP_SYN_RECEIVED;
  if (!handshake)
    wt_tcp_congestion_timeout (self);
  self->retries++;
  self->rto = MIN (self->rto * 2, WT_TCP_RTO_MAX); /* RFC 6298 5.5 */
  if (handshake)
    {
      self->syn_repeated = TRUE;
      wt_tcp_send_syn (self);
    }
  else
    wt_tcp_mark_dirty (self);
  wt_tcp_timer_set (self, WT_TCP_TIMER_RETRANSMIT, self->rto);
}

/* RFC 9293 3.8.6.1: the receiver has no room; ask again and again, ever more seldom, as long as it answers. */
static void
persist_due (WtTcpConn *self)
{
  if (self->retries >= WT_TCP_RETRIES)
    {
      give_up (self, WT_CONN_TIMED_OUT, N_ ("no answer to window probes"));
      return;
    }
  wt_tcp_send_probe (self);
  self->retries++;
  self->persists = MIN (self->persists + 1, 16);
  wt_tcp_timer_set (self, WT_TCP_TIMER_PERSIST, MIN (self->rto << self->persists, WT_TCP_PERSIST_MAX));
}

static void
linger_due (WtTcpConn *self)
{
  if (self->unreachable)
    {
      give_up (self, WT_CONN_UNREACHABLE, N_ ("no route to host"));
      return;
    }
  if (self->closed_early)
    wt_tcp_end (self, WT_CONN_CLOSED);
  if (self->state == WT_TCP_FIN_WAIT_2)
    {
      give_up (self, WT_CONN_TIMED_OUT, N_ ("the peer never closed"));
      return;
    }
  wt_tcp_finish (self);
}

static void
wake (gpointer data)
{
  static void (*const actions[WT_N_TCP_TIMERS]) (WtTcpConn *) = {
    [WT_TCP_TIMER_RETRANSMIT] = retransmit_due,
    [WT_TCP_TIMER_PERSIST] = persist_due,
    [WT_TCP_TIMER_ACK] = wt_tcp_send_ack,
    [WT_TCP_TIMER_LINGER] = linger_due,
  };
  WtTcpConn *self = data;
  gint64 now = wt_tcp_world (self)->now;
  for (guint i = 0; i < WT_N_TCP_TIMERS && self->state != WT_TCP_CLOSED; i++)
    if (self->due[i] <= now)
      {
        self->due[i] = G_MAXINT64;
        actions[i](self);
      }
  if (self->state != WT_TCP_CLOSED)
    schedule (self);
}
