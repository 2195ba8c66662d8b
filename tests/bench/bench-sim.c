/* The simulated world on one core, with the trace on: UDP echo between two hosts (as in ns-3's udp-echo example), a TCP
 * transfer, and how the cost of an event grows from 10 to 10,000 hosts.
 *
 * Seconds are processor time of one core. "events" are events of the simulator's queue, "packets" are packets that crossed a link, "recorded" are trace events. */
#include "app/world/sim-world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ECHO_PORT 9
#define ECHO_BYTES 1024 /* shared by all datagrams, as ns-3 shares its buffers */
#define ECHOES 400000
#define TCP_BYTES (400 * 1024 * 1024)
#define TCP_CHUNK (1024 * 1024)
#define GROWTH_ECHOES 300000
#define HOSTS_PER_ROUTER 100
#define ECHO_INTERVAL (50 * WT_NSEC_PER_MSEC) /* longer than any round trip: a datagram a pair is under way */

/* --- a client and its echo server ----------------------------------------------------------------------------------- */

typedef struct {
  WtWorld *world;
  WtSocket *socket;
  WtAddress server;
  WtMessage *message;
  gint64 interval;
  guint left, received;
} Client;

static void
echo (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  wt_socket_send (socket, from, user_data);
}

static void
count_reply (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  ((Client *) user_data)->received++;
}

static void
send_next (gpointer data)
{
  Client *self = data;
  wt_socket_send (self->socket, self->server, self->message);
  if (--self->left > 0)
    wt_world_timer (self->world, self->interval, send_next, self);
}

static void
start_pair (Client *client, WtWorld *world, WtNode a, WtNode b, WtMessage *message, guint n, gint64 interval, gint64 at)
{
  wt_world_bind (world, b, ECHO_PORT, WT_PROTOCOL_UDP, echo, message, NULL);
  *client = (Client){ .world = world,
                      .socket = wt_world_bind (world, a, 0, WT_PROTOCOL_UDP, count_reply, client, NULL),
                      .server = { wt_world_node_ip (world, b), ECHO_PORT },
                      .message = message,
                      .interval = interval,
                      .left = n };
  wt_world_timer (world, at, send_next, client);
}

/* --- measuring ------------------------------------------------------------------------------------------------------ */

static guint
packets (WtTrace *trace)
{
  guint count = 0;
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    count += wt_trace_event (trace, n)->kind == WT_EVENT_PACKET;
  return count;
}

/* Of this thread, so that other work on the machine does not count. */
static double
cpu_seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

/* Runs to the end; prints a line. Returns ns an event. */
static double
measure (const char *name, WtWorld *world)
{
  WtTrace *trace = wt_world_trace (world);
  double start = cpu_seconds ();
  wt_sim_world_run (world, G_MAXINT64, NULL);
  double seconds = cpu_seconds () - start;
  guint64 n_events = wt_sim_world_n_events (world);
  guint n_packets = packets (trace), n_recorded = wt_trace_length (trace);
  printf ("%-28s %6.2f s  %10.0f events/s  %10.0f packets/s  %10.0f recorded/s  %5.0f ns/event\n", name, seconds,
          n_events / seconds, n_packets / seconds, n_recorded / seconds, seconds * 1e9 / n_events);
  fflush (stdout);
  return seconds * 1e9 / n_events;
}

static WtMessage
echo_message (void)
{
  guint8 *bytes = g_malloc0 (ECHO_BYTES);
  return (WtMessage){ .protocol = WT_PROTOCOL_UDP, .bytes = g_bytes_new_take (bytes, ECHO_BYTES) };
}

static void
bench_echo (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtWorld) world = wt_sim_world_new (trace, 1, 0);
  WtLinkProperties link = { .latency = 2 * WT_NSEC_PER_MSEC, .bandwidth = 5000000, .queue_packets = 100 };
  WtMessage message = echo_message ();
  Client client;
  WtNode a = wt_sim_world_add_node (world, "a", WT_NODE_HOST), b = wt_sim_world_add_node (world, "b", WT_NODE_HOST);
  wt_sim_world_add_address (world, a, 0x0a010101);
  wt_sim_world_add_address (world, b, 0x0a010102);
  wt_sim_world_add_link (world, a, b, &link);
  start_pair (&client, world, a, b, &message, ECHOES, 2 * WT_NSEC_PER_MSEC, 0);
  measure ("UDP echo, two hosts", world);
  if (client.received != ECHOES)
    printf ("  only %u of %u came back\n", client.received, ECHOES);
  g_bytes_unref (message.bytes);
}

/* --- TCP ------------------------------------------------------------------------------------------------------------ */

static gsize tcp_read;

static void
tcp_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  tcp_read += n_bytes;
}

static void
tcp_connected (WtConn *conn, gpointer user_data)
{
  for (gsize n = 0; n < TCP_BYTES; n += TCP_CHUNK)
    wt_conn_send (conn, user_data);
  wt_conn_close (conn);
}

static gboolean
tcp_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data, gpointer user_data)
{
  static const WtConnOps reader = { .received = tcp_received };
  *ops = &reader;
  return TRUE;
}

static void
bench_tcp (const char *name, double loss)
{
  static const WtConnOps writer = { .connected = tcp_connected };
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtWorld) world = wt_sim_world_new (trace, 1, 0);
  g_autoptr (GBytes) chunk = g_bytes_new_take (g_malloc0 (TCP_CHUNK), TCP_CHUNK);
  WtLinkProperties link = { .latency = WT_NSEC_PER_MSEC, .bandwidth = 1000000000, .queue_packets = 1000, .loss = loss };
  WtNode a = wt_sim_world_add_node (world, "a", WT_NODE_HOST), b = wt_sim_world_add_node (world, "b", WT_NODE_HOST);
  wt_sim_world_add_address (world, a, 0x0a010101);
  wt_sim_world_add_address (world, b, 0x0a010102);
  wt_sim_world_add_link (world, a, b, &link);
  wt_world_listen (world, b, 80, WT_PROTOCOL_SMTP, tcp_accept, NULL, NULL);
  wt_world_connect (world, a, (WtAddress){ 0x0a010102, 80 }, WT_PROTOCOL_SMTP, &writer, chunk);
  tcp_read = 0;
  measure (name, world);
  if (tcp_read != TCP_BYTES)
    printf ("  only %" G_GSIZE_FORMAT " bytes arrived\n", tcp_read);
}

/* --- growth --------------------------------------------------------------------------------------------------------- */

/* Hosts behind routers, routers on a ring with chords; each even host echoes with an odd one elsewhere. */
static double
bench_growth (guint n_hosts)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtWorld) world = wt_sim_world_new (trace, 1, 0);
  WtLinkProperties link = { .latency = WT_NSEC_PER_MSEC, .bandwidth = 1000000000, .queue_packets = 1000 };
  guint n_routers = MAX (1, n_hosts / HOSTS_PER_ROUTER), n_pairs = n_hosts / 2;
  g_autofree WtNode *routers = g_new (WtNode, n_routers);
  g_autofree WtNode *hosts = g_new (WtNode, n_hosts);
  g_autofree Client *clients = g_new0 (Client, n_pairs);
  WtMessage message = echo_message ();
  for (guint i = 0; i < n_routers; i++)
    {
      routers[i] = wt_sim_world_add_node (world, "router", WT_NODE_ROUTER);
      if (i > 0)
        wt_sim_world_add_link (world, routers[i], routers[i - 1], &link);
      if (i >= 10)
        wt_sim_world_add_link (world, routers[i], routers[i / 2], &link);
    }
  for (guint i = 0; i < n_hosts; i++)
    {
      hosts[i] = wt_sim_world_add_node (world, "host", WT_NODE_HOST);
      wt_sim_world_add_address (world, hosts[i], 0x0a000001 + i);
      wt_sim_world_add_link (world, hosts[i], routers[i % n_routers], &link);
    }
  guint each = GROWTH_ECHOES / n_pairs;
  for (guint i = 0; i < n_pairs; i++)
    start_pair (&clients[i], world, hosts[2 * i], hosts[(2 * i + 7) % n_hosts | 1], &message, each, ECHO_INTERVAL,
                i * ECHO_INTERVAL / n_pairs);
  g_autofree char *name = g_strdup_printf ("UDP echo, %u hosts", n_hosts);
  double cost = measure (name, world);
  g_bytes_unref (message.bytes);
  return cost;
}

static void
bench_all_growth (void)
{
  double first = 0;
  for (guint n = 10; n <= 10000; n *= 10)
    {
      double cost = bench_growth (n);
      if (n == 10)
        first = cost;
      printf ("  %.2f times the cost of an event with 10 hosts; log n would be %.0f times\n", cost / first, log10 (n));
    }
}

/* Without argument all; "echo", "tcp", or "hosts" with their number: that one. */
int
main (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp (what, "hosts") == 0 && argc > 2)
    {
      bench_growth (CLAMP (atoi (argv[2]), 10, 100000));
      return 0;
    }
  if (strcmp (what, "tcp") != 0)
    bench_echo ();
  if (strcmp (what, "echo") != 0)
    {
      bench_tcp ("TCP 400 MiB, 1 Gbit/s", 0);
      bench_tcp ("TCP 400 MiB, 0.1 % loss", 0.001);
    }
  if (*what == '\0')
    bench_all_growth ();
  return 0;
}
