/* Congestion control and timers of TCP against RFC 5681, 6298, 6582 and 9293, seen in the trace and in the connection. */
#include "app/world/sim-tcp.h"
#include "tests/app/world/sim-fixture.h"

#define MSS WT_TCP_MSS
#define LATENCY (50 * WT_NSEC_PER_MSEC)
#define RTT (2 * LATENCY)

typedef struct {
  Net net;
  End client, server;
} Fixture;

static void
set_up (Fixture *self, gint64 latency, double loss, gsize n_bytes)
{
  WtLinkProperties link = { .latency = latency, .loss = loss };
  net_init (&self->net, 4, &link);
  end_init (&self->client);
  end_init (&self->server);
  if (n_bytes > 0)
    self->client.greeting = make_bytes (n_bytes, 1);
  end_listen (&self->server, &self->net);
  end_connect (&self->client, &self->net);
}

static void
tear_down (Fixture *self)
{
  net_clear (&self->net);
  end_clear (&self->client);
  end_clear (&self->server);
}

static void
run (Fixture *self, gint64 until)
{
  wt_sim_world_run (self->net.world, until, NULL);
}

static WtTcpConn *
client_conn (Fixture *self)
{
  return (WtTcpConn *) self->client.conn;
}

/* The n-th packet (from 0) with that direction and, if wanted, with data. (nullable) */
static const WtEvent *
nth_packet (WtTrace *trace, WtDirection direction, gboolean data, guint nth)
{
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind == WT_EVENT_PACKET && wt_event_direction (event) == direction && (event->payload_len > 0) == data
          && nth-- == 0)
        return event;
    }
  return NULL;
}

static guint
data_packets_between (WtTrace *trace, gint64 from, gint64 to)
{
  guint count = 0;
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind == WT_EVENT_PACKET && event->payload_len > 0 && event->time >= from && event->time < to)
        count++;
    }
  return count;
}

static void
send_bytes (Fixture *self, gsize n_bytes)
{
  g_autoptr (GBytes) bytes = make_bytes (n_bytes, 2);
  wt_conn_send (self->client.conn, bytes);
}

/* --- slow start, congestion avoidance --------------------------------------------------------------------------------- */

/* Every acknowledgement adds a segment; the receiver acknowledges every second one, so a round trip adds half, rounded up
 * for the odd segment: 3, 4, 6, 9 ... */
static void
test_slow_start (void)
{
  Fixture self;
  set_up (&self, LATENCY, 0, 60000);
  run (&self, 10 * WT_NSEC_PER_SEC);
  guint before = data_packets_between (self.net.trace, RTT, 2 * RTT);
  g_assert_cmpuint (before, ==, WT_TCP_INITIAL_SEGMENTS);
  for (guint round = 2; round < 5; round++)
    {
      guint now = data_packets_between (self.net.trace, round * RTT, (round + 1) * RTT);
      g_assert_cmpuint (now, >=, before);
      g_assert_cmpuint (now, <=, 2 * before);
      before = now;
    }
  g_assert_cmpuint (before, >=, 8);
  g_assert_cmpuint (self.server.read->len, ==, 60000);
  tear_down (&self);
}

/* Above ssthresh: one segment a round trip. */
static void
test_congestion_avoidance (void)
{
  Fixture self;
  set_up (&self, LATENCY, 0, 0);
  run (&self, WT_NSEC_PER_SEC);
  client_conn (&self)->cwnd = client_conn (&self)->ssthresh = 10 * MSS;
  client_conn (&self)->last_sent = WT_NSEC_PER_SEC;
  run (&self, WT_NSEC_PER_SEC);
  send_bytes (&self, 2000000);
  guint32 before = 10 * MSS;
  for (guint round = 1; round <= 20; round++)
    {
      run (&self, WT_NSEC_PER_SEC + round * RTT + LATENCY);
      guint32 now = client_conn (&self)->cwnd;
      g_assert_cmpuint (now - before, >=, round > 2 ? MSS / 2 : 0);
      g_assert_cmpuint (now - before, <=, MSS);
      before = now;
    }
  g_assert_cmpuint (before, >=, 27 * MSS);
  tear_down (&self);
}

/* --- loss ------------------------------------------------------------------------------------------------------------- */

typedef struct {
  guint recoveries, recovered, timeouts;
} Seen;

static guint32
half_flight (const WtTcpConn *self)
{
  return MAX ((guint32) (self->snd_max - self->snd_una) / 2, 2 * MSS);
}

/* One event has changed `before` to `after`: was that right? */
static void
check_step (const WtTcpConn *before, const WtTcpConn *after, Seen *seen)
{
  if (!before->recovering && after->recovering)
    {
      g_assert_cmpuint (after->ssthresh, ==, half_flight (before));
      g_assert_cmpuint (after->cwnd, ==, after->ssthresh + 3 * MSS);
      seen->recoveries++;
    }
  else if (after->retries > before->retries)
    {
      g_assert_cmpuint (after->cwnd, ==, MSS);
      g_assert_cmpuint (after->ssthresh, ==, before->retries == 0 ? half_flight (before) : before->ssthresh);
      g_assert_cmpint (after->rto, ==, MIN (2 * before->rto, WT_TCP_RTO_MAX));
      g_assert_false (after->recovering);
      seen->timeouts++;
    }
  else if (before->recovering && !after->recovering)
    {
      g_assert_cmpuint (after->cwnd, <=, after->ssthresh);
      seen->recovered++;
    }
  else if (!after->recovering)
    g_assert_cmpuint (after->cwnd, <=, before->cwnd + MSS);
}

static void
test_loss_halves (void)
{
  Fixture self;
  Seen seen = { 0 };
  set_up (&self, LATENCY, 0.02, 3000000);
  while (!self.client.connected)
    wt_sim_world_run_one (self.net.world);
  WtTcpConn *conn = client_conn (&self);
  while (self.server.read->len < 3000000)
    {
      WtTcpConn before = *conn;
      g_assert_true (wt_sim_world_run_one (self.net.world));
      check_step (&before, conn, &seen);
    }
  g_assert_cmpuint (seen.recoveries, >, 10);
  g_assert_cmpuint (seen.recovered, >, 5);
  g_assert_cmpuint (seen.timeouts, >, 0);
  tear_down (&self);
}

/* --- round-trip time and timeout -------------------------------------------------------------------------------------- */

/* RFC 6298 2.2: after the first measurement R, RTO = R + 4 * R/2. */
static void
test_first_measurement (void)
{
  Fixture self;
  set_up (&self, 400 * WT_NSEC_PER_MSEC, 0, 0);
  run (&self, G_MAXINT64);
  g_assert_cmpint (client_conn (&self)->srtt, ==, 800 * WT_NSEC_PER_MSEC);
  g_assert_cmpint (client_conn (&self)->rto, ==, 2400 * WT_NSEC_PER_MSEC);
  tear_down (&self);
}

/* RFC 6298 5.7: the round trip takes longer than the first timeout, so the SYN was sent twice: 3 s until it is measured. */
static void
test_syn_repeated (void)
{
  Fixture self;
  set_up (&self, 700 * WT_NSEC_PER_MSEC, 0, 0);
  run (&self, G_MAXINT64);
  g_assert_cmpuint (count_packets (self.net.trace, WT_EVENT_RETRANSMIT, WT_TCP_SYN), >=, 1);
  g_assert_cmpint (client_conn (&self)->srtt, ==, 0);
  g_assert_cmpint (client_conn (&self)->rto, ==, 3 * WT_NSEC_PER_SEC);
  g_assert_cmpuint (client_conn (&self)->cwnd, ==, MSS); /* RFC 5681 3.1 */
  tear_down (&self);
}

/* Karn's algorithm: what was sent again is not measured, and the timeout stays backed off until something is. */
static void
test_karn (void)
{
  Fixture self;
  set_up (&self, LATENCY, 0, 0);
  run (&self, WT_NSEC_PER_SEC);
  WtTcpConn *conn = client_conn (&self);
  gint64 srtt = conn->srtt;
  wt_sim_world_set_link_loss (self.net.world, self.net.link, 1);
  send_bytes (&self, 10);
  run (&self, wt_world_now (self.net.world) + WT_NSEC_PER_MSEC);
  wt_sim_world_set_link_loss (self.net.world, self.net.link, 0);
  run (&self, 10 * WT_NSEC_PER_SEC);
  g_assert_cmpuint (self.server.read->len, ==, 10);
  g_assert_cmpuint (count_packets (self.net.trace, WT_EVENT_RETRANSMIT, 0), ==, 1);
  g_assert_cmpint (conn->srtt, ==, srtt);
  g_assert_cmpint (conn->rto, ==, 2 * WT_NSEC_PER_SEC);
  send_bytes (&self, 10);
  run (&self, 20 * WT_NSEC_PER_SEC);
  g_assert_cmpint (conn->rto, ==, WT_NSEC_PER_SEC);
  tear_down (&self);
}

/* --- acknowledgements ------------------------------------------------------------------------------------------------- */

static void
test_delayed_ack (void)
{
  static const struct { gsize n_bytes; guint nth_ack; gint64 after; } rows[] = {
    { 10, 0, WT_TCP_DELAYED_ACK },          /* one small segment: 200 ms */
    { MSS, 0, WT_TCP_DELAYED_ACK },         /* one full segment: the same */
    { 2 * MSS, 0, 0 },                      /* every second full segment: at once */
    { 3 * MSS, 0, 0 },
    { 3 * MSS, 1, WT_TCP_DELAYED_ACK },     /* the odd one waits */
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture self;
      set_up (&self, LATENCY, 0, rows[i].n_bytes);
      run (&self, G_MAXINT64);
      const WtEvent *data = nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 0);
      const WtEvent *ack = nth_packet (self.net.trace, WT_TO_CLIENT, FALSE, 1 + rows[i].nth_ack); /* after the SYN-ACK */
      g_assert_cmpint (ack->time, ==, data->other_time + rows[i].after);
      tear_down (&self);
    }
}

/* RFC 5681 4.2: what comes out of order is acknowledged at once, and so is what fills the hole. */
static void
test_out_of_order_ack (void)
{
  Fixture self;
  set_up (&self, LATENCY, 0, 0);
  run (&self, WT_NSEC_PER_SEC);
  wt_sim_world_set_link_loss (self.net.world, self.net.link, 1);
  send_bytes (&self, 100);
  run (&self, WT_NSEC_PER_SEC + WT_NSEC_PER_MSEC);
  wt_sim_world_set_link_loss (self.net.world, self.net.link, 0);
  send_bytes (&self, 100);
  run (&self, 10 * WT_NSEC_PER_SEC);
  const WtEvent *second = nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 1);
  const WtEvent *duplicate = nth_packet (self.net.trace, WT_TO_CLIENT, FALSE, 1);
  g_assert_cmpint (duplicate->time, ==, second->other_time);
  g_assert_cmpuint (duplicate->ack, ==, nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 0)->seq);
  const WtEvent *again = nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 2);
  const WtEvent *all = nth_packet (self.net.trace, WT_TO_CLIENT, FALSE, 2);
  g_assert_cmpint (again->time, ==, nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 0)->time + WT_NSEC_PER_SEC);
  g_assert_cmpint (all->time, ==, again->other_time);
  g_assert_cmpuint (all->ack, ==, second->seq + second->payload_len);
  tear_down (&self);
}

static void
test_fast_retransmit (void)
{
  Fixture self;
  set_up (&self, LATENCY, 0, 0);
  run (&self, WT_NSEC_PER_SEC);
  client_conn (&self)->cwnd = 10 * MSS;
  client_conn (&self)->last_sent = WT_NSEC_PER_SEC;
  wt_sim_world_set_link_loss (self.net.world, self.net.link, 1);
  send_bytes (&self, MSS);
  run (&self, WT_NSEC_PER_SEC + WT_NSEC_PER_MSEC);
  wt_sim_world_set_link_loss (self.net.world, self.net.link, 0);
  send_bytes (&self, 4 * MSS);
  run (&self, 10 * WT_NSEC_PER_SEC);
  const WtEvent *again = nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 5);
  g_assert_true (again->flags & WT_EVENT_RETRANSMIT);
  g_assert_cmpuint (again->seq, ==, nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 0)->seq);
  /* with the third duplicate, one round trip after the four, not after a timeout */
  g_assert_cmpint (again->time, ==, nth_packet (self.net.trace, WT_TO_SERVER, TRUE, 1)->time + RTT);
  g_assert_cmpuint (self.server.read->len, ==, 5 * MSS);
  tear_down (&self);
}

/* --- window ----------------------------------------------------------------------------------------------------------- */

static void
resume (gpointer data)
{
  wt_conn_pause (((Fixture *) data)->server.conn, FALSE);
}

/* A host that does not read closes the window: after 1 s what still fits is sent, though it is no full segment, then a byte
 * each 2, 4, 8 ... s until the window opens. */
static void
test_zero_window (void)
{
  Fixture self;
  set_up (&self, LATENCY, 0, 200000);
  self.server.pause = TRUE;
  wt_world_timer (self.net.world, 30 * WT_NSEC_PER_SEC, resume, &self);
  run (&self, 29 * WT_NSEC_PER_SEC);
  g_assert_cmpuint (self.server.read->len, ==, 0);
  g_assert_cmpuint (wt_conn_unsent (self.client.conn), >, 200000 - 65536 - 2);
  guint probes = 0;
  gint64 last = 0, gap = 0;
  for (guint32 n = 0; n < wt_trace_length (self.net.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self.net.trace, n);
      if (event->kind != WT_EVENT_PACKET || event->payload_len != 1)
        continue;
      if (last > 0)
        {
          g_assert_cmpint (event->time - last, >=, gap);
          gap = event->time - last;
        }
      last = event->time;
      probes++;
    }
  g_assert_cmpuint (probes, ==, 3);
  g_assert_cmpint (gap, ==, 8 * WT_NSEC_PER_SEC);
  run (&self, G_MAXINT64);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self.client.greeting, &size);
  g_assert_cmpmem (self.server.read->data, self.server.read->len, bytes, size);
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/tcp-congestion/slow-start", test_slow_start);
  g_test_add_func ("/world/tcp-congestion/avoidance", test_congestion_avoidance);
  g_test_add_func ("/world/tcp-congestion/loss-halves", test_loss_halves);
  g_test_add_func ("/world/tcp-congestion/first-measurement", test_first_measurement);
  g_test_add_func ("/world/tcp-congestion/syn-repeated", test_syn_repeated);
  g_test_add_func ("/world/tcp-congestion/karn", test_karn);
  g_test_add_func ("/world/tcp-congestion/delayed-ack", test_delayed_ack);
  g_test_add_func ("/world/tcp-congestion/out-of-order-ack", test_out_of_order_ack);
  g_test_add_func ("/world/tcp-congestion/fast-retransmit", test_fast_retransmit);
  g_test_add_func ("/world/tcp-congestion/zero-window", test_zero_window);
  return g_test_run ();
}
