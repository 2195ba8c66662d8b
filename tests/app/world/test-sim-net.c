/* Links and routes: delay, queues, loss, shortest ways, cuts; UDP. */
#include "app/trace/packet-fate.h"
#include "app/world/sim-random.h"
#include "tests/app/world/sim-fixture.h"

#include <string.h>

#define UDP_PORT 161

typedef struct {
  WtTrace *trace;
  WtWorld *world;
  GArray *arrivals; /* gint64: when datagrams came */
  WtAddress last_from;
} Fixture;

static void
set_up (Fixture *self)
{
  *self = (Fixture){ .trace = wt_trace_new (), .arrivals = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  self->world = wt_sim_world_new (self->trace, 3, 0);
}

static void
tear_down (Fixture *self)
{
  wt_world_free (self->world);
  wt_trace_unref (self->trace);
  g_array_unref (self->arrivals);
}

static WtNode
add_node (Fixture *self, const char *name, WtNodeKind kind, guint32 ip)
{
  WtNode node = wt_sim_world_add_node (self->world, name, kind);
  if (ip)
    wt_sim_world_add_address (self->world, node, ip);
  return node;
}

static guint32
add_link (Fixture *self, WtNode a, WtNode b, gint64 latency, guint64 bandwidth, guint queue)
{
  WtLinkProperties properties = { .latency = latency, .bandwidth = bandwidth, .queue_packets = queue };
  return wt_sim_world_add_link (self->world, a, b, &properties);
}

static void
note_arrival (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Fixture *self = user_data;
  gint64 now = wt_world_now (self->world);
  g_array_append_val (self->arrivals, now);
  self->last_from = from;
}

static WtSocket *
bind_port (Fixture *self, WtNode node, guint16 port)
{
  g_autoptr (GError) error = NULL;
  WtSocket *socket = wt_world_bind (self->world, node, port, WT_PROTOCOL_SNMP, note_arrival, self, &error);
  g_assert_no_error (error);
  return socket;
}

static void
send_datagram (WtSocket *socket, guint32 ip, gsize n_bytes, guint32 exchange, guint8 flags)
{
  g_autoptr (GBytes) bytes = make_bytes (n_bytes, exchange);
  WtMessage message
      = { .protocol = WT_PROTOCOL_SNMP, .context = WT_CONTEXT_REPLY, .flags = flags, .exchange = exchange, .bytes = bytes };
  wt_socket_send (socket, (WtAddress){ ip, UDP_PORT }, &message);
}

static void
run (Fixture *self)
{
  wt_sim_world_run (self->world, G_MAXINT64, NULL);
}

static gint64
arrival (Fixture *self, guint i)
{
  g_assert_cmpuint (i, <, self->arrivals->len);
  return g_array_index (self->arrivals, gint64, i);
}

/* The way that the packets of the trace took from event `start` on: "a-r1 r1-b". */
static char *
way (Fixture *self, guint32 start)
{
  GString *text = g_string_new (NULL);
  for (guint32 n = start; n < wt_trace_length (self->trace); n++)
    {
      const WtEvent *event = wt_trace_event (self->trace, n);
      if (event->kind == WT_EVENT_PACKET)
        g_string_append_printf (text, "%s%s-%s%s", text->len ? " " : "", wt_trace_entity (self->trace, event->from)->name,
                                wt_trace_entity (self->trace, event->to)->name,
                                event->flags & (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL) ? "!" : "");
    }
  return g_string_free (text, FALSE);
}

static guint
count_notes (Fixture *self, const char *part)
{
  guint count = 0;
  for (guint32 n = 0; n < wt_trace_length (self->trace); n++)
    {
      gsize size;
      const WtEvent *event = wt_trace_event (self->trace, n);
      const guint8 *bytes = wt_event_bytes (event, &size);
      if (event->kind == WT_EVENT_NOTE && g_strstr_len ((const char *) bytes, size, part))
        count++;
    }
  return count;
}

/* --- one link --------------------------------------------------------------------------------------------------------- */

/* 1000 bytes and 46 of headers and FCS take 8.368 ms at 1 Mbit/s; the second waits for the first. */
static void
test_delay (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  add_link (&self, a, b, 5 * WT_NSEC_PER_MSEC, 1000000, 64);
  WtSocket *socket = bind_port (&self, a, 0);
  bind_port (&self, b, UDP_PORT);
  send_datagram (socket, IP_B, 1000, 1, 0);
  send_datagram (socket, IP_B, 1000, 1, 0);
  send_datagram (socket, IP_B, 1, 1, 0); /* padded to the shortest frame: 64 bytes */
  run (&self);
  g_assert_cmpint (arrival (&self, 0), ==, 5000000 + 8368000);
  g_assert_cmpint (arrival (&self, 1), ==, 5000000 + 2 * 8368000);
  g_assert_cmpint (arrival (&self, 2), ==, 5000000 + 2 * 8368000 + 512000);
  tear_down (&self);
}

/* One is being sent, two may wait, the others are dropped at once; each end has a queue of its own. */
static void
test_queue_full (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  add_link (&self, a, b, WT_NSEC_PER_MSEC, 1000000, 2);
  WtSocket *at_a = bind_port (&self, a, UDP_PORT), *at_b = bind_port (&self, b, UDP_PORT);
  for (guint i = 0; i < 5; i++)
    send_datagram (at_a, IP_B, 1000, 1, 0);
  send_datagram (at_b, IP_A, 1000, 1, 0);
  run (&self);
  g_autofree char *text = way (&self, 0);
  g_assert_cmpstr (text, ==, "a-b a-b a-b a-b! a-b! b-a");
  g_assert_cmpuint (self.arrivals->len, ==, 4);
  for (guint32 n = 0; n < wt_trace_length (self.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self.trace, n);
      if (event->flags & WT_EVENT_QUEUE_FULL)
        g_assert_cmpint (event->other_time, ==, event->time);
    }
  send_datagram (at_a, IP_B, 1000, 1, 0); /* later there is room again */
  run (&self);
  g_assert_cmpuint (self.arrivals->len, ==, 5);
  tear_down (&self);
}

static void
test_loss_rate (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  guint32 link = add_link (&self, a, b, WT_NSEC_PER_MSEC, 0, 0);
  wt_sim_world_set_link_loss (self.world, link, 0.1);
  WtSocket *socket = bind_port (&self, a, 0);
  bind_port (&self, b, UDP_PORT);
  for (guint i = 0; i < 10000; i++)
    send_datagram (socket, IP_B, 10, 1, 0);
  run (&self);
  g_assert_cmpuint (self.arrivals->len, >, 8900);
  g_assert_cmpuint (self.arrivals->len, <, 9100);
  g_assert_cmpuint (count_packets (self.trace, WT_EVENT_LOST, 0), ==, 10000 - self.arrivals->len);
  tear_down (&self);
}

/* --- ways ------------------------------------------------------------------------------------------------------------- */

typedef struct {
  Fixture *self;
  guint32 link;
  gboolean up;
} Cut;

static void
cut (gpointer data)
{
  Cut *it = data;
  wt_sim_world_set_link_up (it->self->world, it->link, it->up);
}

/* a - r1 - r2 - b, and a longer way over r3. */
static void
test_cut (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  WtNode r1 = add_node (&self, "r1", WT_NODE_ROUTER, 0), r2 = add_node (&self, "r2", WT_NODE_ROUTER, 0);
  WtNode r3 = add_node (&self, "r3", WT_NODE_ROUTER, 0);
  add_link (&self, a, r1, WT_NSEC_PER_MSEC, 0, 0);
  guint32 direct = add_link (&self, r1, r2, 10 * WT_NSEC_PER_MSEC, 0, 0);
  add_link (&self, r1, r3, 10 * WT_NSEC_PER_MSEC, 0, 0);
  guint32 second = add_link (&self, r3, r2, 10 * WT_NSEC_PER_MSEC, 0, 0);
  add_link (&self, r2, b, WT_NSEC_PER_MSEC, 0, 0);
  g_assert_cmpuint (wt_sim_world_find_link (self.world, r2, r1), ==, direct);
  g_assert_cmpuint (wt_sim_world_find_link (self.world, a, b), ==, 0);
  WtSocket *socket = bind_port (&self, a, 0);
  bind_port (&self, b, UDP_PORT);
  const struct { guint32 link; gboolean up; const char *way; guint n_arrived; } rows[] = {
    { direct, TRUE, "a-r1 r1-r2 r2-b", 1 },
    { direct, FALSE, "a-r1 r1-r3 r3-r2 r2-b", 2 },
    { second, FALSE, "", 2 }, /* not even sent: a's stack knows */
    { direct, TRUE, "a-r1 r1-r2 r2-b", 3 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint32 start = wt_trace_length (self.trace);
      wt_sim_world_set_link_up (self.world, rows[i].link, rows[i].up);
      send_datagram (socket, IP_B, 10, 1, 0);
      run (&self);
      g_autofree char *text = way (&self, start);
      g_assert_cmpstr (text, ==, rows[i].way);
      g_assert_cmpuint (self.arrivals->len, ==, rows[i].n_arrived);
    }
  g_assert_cmpuint (count_notes (&self, "no route to 10.0.0.2"), ==, 1);
  /* cut while the datagram is on that link */
  Cut now = { &self, direct, FALSE };
  wt_world_timer (self.world, 5 * WT_NSEC_PER_MSEC, cut, &now);
  send_datagram (socket, IP_B, 10, 1, 0);
  run (&self);
  g_assert_cmpuint (self.arrivals->len, ==, 3);
  g_assert_cmpuint (count_notes (&self, "packets lost on the link that was cut: 1"), ==, 1);
  guint n_lost = 0;
  for (guint32 n = 0; n < wt_trace_length (self.trace); n++)
    if (wt_packet_is_lost (self.trace, n))
      {
        const WtEvent *event = wt_trace_event (self.trace, n);
        gint64 when = wt_packet_cut_off (self.trace, n);
        g_assert_cmpuint (event->value, ==, direct);
        g_assert_cmpint (when, >, event->time);
        g_assert_cmpint (when, <, event->other_time);
        n_lost++;
      }
  g_assert_cmpuint (n_lost, ==, 1);
  tear_down (&self);
}

/* A host between two others passes nothing on, even on the shortest way; neither does a router that is down. */
static void
test_who_forwards (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  WtNode middle = add_node (&self, "middle", WT_NODE_HOST, 0x0a000003);
  WtNode s = add_node (&self, "switch", WT_NODE_SWITCH, 0);
  add_link (&self, a, middle, 1, 0, 0);
  add_link (&self, middle, b, 1, 0, 0);
  add_link (&self, a, s, WT_NSEC_PER_SEC, 0, 0);
  add_link (&self, s, b, WT_NSEC_PER_SEC, 0, 0);
  WtSocket *socket = bind_port (&self, a, 0);
  bind_port (&self, b, UDP_PORT);
  send_datagram (socket, IP_B, 10, 1, 0);
  wt_sim_world_set_node_up (self.world, s, FALSE);
  send_datagram (socket, IP_B, 10, 1, 0);
  run (&self);
  g_autofree char *text = way (&self, 0);
  g_assert_cmpstr (text, ==, "a-switch");
  g_assert_cmpuint (self.arrivals->len, ==, 0); /* the switch went down while it came */
  wt_sim_world_set_node_up (self.world, s, TRUE);
  send_datagram (socket, IP_B, 10, 1, 0);
  run (&self);
  g_assert_cmpuint (self.arrivals->len, ==, 1);
  tear_down (&self);
}

#define N_NODES 12

/* Random networks: the latency of the way that is taken is the least there is (Floyd and Warshall's algorithm). */
static void
check_random_network (guint seed)
{
  Fixture self;
  WtSimRandom random;
  WtNode nodes[N_NODES];
  gint64 distance[N_NODES][N_NODES];
  set_up (&self);
  wt_sim_random_init (&random, seed, 0);
  for (guint i = 0; i < N_NODES; i++)
    {
      nodes[i] = add_node (&self, "n", i < N_NODES / 2 ? WT_NODE_ROUTER : WT_NODE_HOST, IP_A + i);
      for (guint k = 0; k < N_NODES; k++)
        distance[i][k] = i == k ? 0 : G_MAXINT64 / 4;
    }
  for (guint i = 0; i < 16; i++)
    {
      guint a = wt_sim_random_next (&random) % N_NODES, b = wt_sim_random_next (&random) % N_NODES;
      gint64 latency = 1000 + wt_sim_random_next (&random) % 1000000;
      if (a == b || wt_sim_world_find_link (self.world, nodes[a], nodes[b]))
        continue;
      guint32 link = add_link (&self, nodes[a], nodes[b], latency, 0, 0);
      if (wt_sim_random_next (&random) % 8 == 0)
        wt_sim_world_set_link_up (self.world, link, FALSE);
      else
        distance[a][b] = distance[b][a] = latency;
    }
  for (guint k = 0; k < N_NODES / 2; k++) /* only routers pass on */
    for (guint i = 0; i < N_NODES; i++)
      for (guint j = 0; j < N_NODES; j++)
        distance[i][j] = MIN (distance[i][j], distance[i][k] + distance[k][j]);
  for (guint i = 0; i < N_NODES; i++)
    bind_port (&self, nodes[i], UDP_PORT);
  for (guint i = 0; i < N_NODES; i++)
    for (guint j = 0; j < N_NODES; j++)
      {
        if (i == j)
          continue;
        WtSocket *socket = bind_port (&self, nodes[i], 0);
        gint64 start = wt_world_now (self.world);
        g_array_set_size (self.arrivals, 0);
        send_datagram (socket, IP_A + j, 10, 1, 0);
        run (&self);
        wt_socket_close (socket);
        g_assert_cmpuint (self.arrivals->len, ==, distance[i][j] < G_MAXINT64 / 4 ? 1 : 0);
        if (self.arrivals->len)
          {
            gint64 took = arrival (&self, 0) - start;
            g_assert_cmpint (took, >=, distance[i][j]);
            g_assert_cmpint (took, <=, distance[i][j] + N_NODES); /* a nanosecond a hop may tip the scales */
          }
      }
  tear_down (&self);
}

static void
test_random_networks (void)
{
  for (guint seed = 1; seed <= 200; seed++)
    check_random_network (seed);
}

/* --- UDP -------------------------------------------------------------------------------------------------------------- */

static void
test_udp_record (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  add_link (&self, a, b, WT_NSEC_PER_MSEC, 0, 0);
  WtSocket *at_a = bind_port (&self, a, UDP_PORT), *at_b = bind_port (&self, b, UDP_PORT);
  send_datagram (at_a, IP_B, 10, 7, 0);
  run (&self);
  g_assert_cmpuint (self.last_from.ip, ==, IP_A);
  send_datagram (at_b, IP_A, 20, 7, WT_EVENT_FINAL);
  run (&self);
  guint i = 0;
  guint32 conversation = 0, packet = 0;
  for (guint32 n = 0; n < wt_trace_length (self.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self.trace, n);
      if (event->kind == WT_EVENT_PACKET)
        packet = n;
      if (event->kind != WT_EVENT_MESSAGE)
        continue;
      g_assert_true (conversation == 0 || conversation == event->entity);
      conversation = event->entity;
      g_assert_cmpuint (event->flags, ==, i ? WT_EVENT_TO_CLIENT | WT_EVENT_FINAL : 0);
      g_assert_cmpuint (event->from, ==, i ? b : a);
      g_assert_cmpuint (event->value, ==, 7);
      g_assert_cmpuint (event->context, ==, WT_CONTEXT_REPLY);
      g_assert_cmpuint (event->payload_len, ==, i ? 20 : 10);
      g_assert_cmpuint (event->ref, ==, packet);
      g_assert_cmpint (event->time - event->other_time, ==, WT_NSEC_PER_MSEC);
      i++;
    }
  g_assert_cmpuint (i, ==, 2);
  g_assert_cmpuint (wt_trace_entity (self.trace, conversation)->client, ==, a);
  tear_down (&self);
}

static void
test_udp_limits (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_HOST, IP_B);
  add_link (&self, a, b, WT_NSEC_PER_MSEC, 0, 0);
  WtSocket *socket = bind_port (&self, a, 0);
  send_datagram (socket, IP_B, 10, 1, 0); /* nobody listens there */
  run (&self);
  g_assert_cmpuint (count_notes (&self, "nobody listens on UDP port 161"), ==, 1);
  WtSocket *at_b = bind_port (&self, b, UDP_PORT);
  g_assert_null (wt_world_bind (self.world, b, UDP_PORT, WT_PROTOCOL_SNMP, note_arrival, &self, &error));
  g_assert_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_IN_USE);
  send_datagram (socket, IP_B, 65507, 1, 0);
  send_datagram (socket, IP_B, 65508, 1, 0);
  send_datagram (socket, 0x01020304, 1, 1, 0);
  run (&self);
  g_assert_cmpuint (self.arrivals->len, ==, 1);
  g_assert_cmpuint (count_notes (&self, "datagram of 65508 bytes not sent"), ==, 1);
  g_assert_cmpuint (count_notes (&self, "no route to 1.2.3.4"), ==, 1);
  wt_socket_close (at_b);
  bind_port (&self, b, UDP_PORT);
  wt_sim_world_set_node_up (self.world, b, FALSE); /* its sockets are gone; a datagram to it is lost */
  send_datagram (socket, IP_B, 10, 1, 0);
  run (&self);
  g_assert_cmpuint (count_packets (self.trace, WT_EVENT_LOST, 0), ==, 1);
  wt_sim_world_set_node_up (self.world, b, TRUE);
  bind_port (&self, b, UDP_PORT);
  send_datagram (socket, IP_B, 10, 1, 0);
  run (&self);
  g_assert_cmpuint (self.arrivals->len, ==, 2);
  tear_down (&self);
}

static void
answer (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  wt_socket_send (socket, from, &(WtMessage){ .protocol = WT_PROTOCOL_SNMP, .bytes = copy });
}

/* A node with two addresses answers from the one that was asked. */
static void
test_second_address (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A), b = add_node (&self, "b", WT_NODE_ROUTER, IP_B);
  wt_sim_world_add_address (self.world, b, IP_B + 1);
  add_link (&self, a, b, WT_NSEC_PER_MSEC, 0, 0);
  WtSocket *socket = bind_port (&self, a, 0);
  wt_world_bind (self.world, b, UDP_PORT, WT_PROTOCOL_SNMP, answer, NULL, NULL);
  for (guint i = 0; i < 4; i++)
    {
      send_datagram (socket, IP_B + i % 2, 10, 1, 0);
      run (&self);
      g_assert_cmpuint (self.last_from.ip, ==, IP_B + i % 2);
    }
  g_assert_cmpuint (wt_world_node_ip (self.world, b), ==, IP_B);
  g_assert_cmpuint (wt_world_find_ip (self.world, IP_B + 1), ==, b);
  g_assert_cmpuint (wt_trace_n_entities (self.trace), ==, 2 + 1 + 2); /* two conversations */
  tear_down (&self);
}

/* A host may send to itself; nothing of it crosses a link. */
static void
test_loopback (void)
{
  Fixture self;
  set_up (&self);
  WtNode a = add_node (&self, "a", WT_NODE_HOST, IP_A);
  send_datagram (bind_port (&self, a, UDP_PORT), IP_A, 10, 1, 0);
  run (&self);
  g_assert_cmpuint (self.arrivals->len, ==, 1);
  g_assert_cmpuint (count_packets (self.trace, 0, 0), ==, 0);
  g_assert_cmpuint (wt_trace_list_length (self.trace, WT_LIST_MESSAGES), ==, 1);
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/net/delay", test_delay);
  g_test_add_func ("/world/net/queue-full", test_queue_full);
  g_test_add_func ("/world/net/loss-rate", test_loss_rate);
  g_test_add_func ("/world/net/cut", test_cut);
  g_test_add_func ("/world/net/who-forwards", test_who_forwards);
  g_test_add_func ("/world/net/random-networks", test_random_networks);
  g_test_add_func ("/world/udp/record", test_udp_record);
  g_test_add_func ("/world/udp/limits", test_udp_limits);
  g_test_add_func ("/world/udp/second-address", test_second_address);
  g_test_add_func ("/world/udp/loopback", test_loopback);
  return g_test_run ();
}
