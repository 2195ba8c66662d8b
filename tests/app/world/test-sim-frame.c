/* Frames of recorded packets: lengths, addresses, time to live, and both checksums as a receiver verifies them. With a file
 * name as argument it writes them as a pcap file, for a look with tshark. */
#include "tests/app/world/sim-fixture.h"

#include <stdio.h>
#include <string.h>

#define ETHERNET 14
#define IP 20

static guint16
get16 (const guint8 *place)
{
  return place[0] << 8 | place[1];
}

static guint32
get32 (const guint8 *place)
{
  return (guint32) get16 (place) << 16 | get16 (place + 2);
}

/* RFC 1071: the sum of all words, the checksum with them, is all ones. */
static gboolean
sums_up (guint32 sum, const guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    sum += i % 2 ? bytes[i] : bytes[i] << 8;
  while (sum >> 16)
    sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff;
}

static void
check_frame (WtTrace *trace, guint32 n, const guint8 *frame, gsize size)
{
  const WtEvent *event = wt_trace_event (trace, n);
  const WtEntity *conversation = wt_trace_entity (trace, event->entity);
  const guint8 *ip = frame + ETHERNET, *transport = ip + IP;
  gboolean tcp = conversation->transport == WT_TRANSPORT_TCP, back = event->flags & WT_EVENT_TO_CLIENT;
  WtAddress source = back ? conversation->server_address : conversation->client_address;
  gsize header = tcp ? transport[12] >> 4 << 2 : 8, n_transport = size - ETHERNET - IP, n_payload;
  const guint8 *payload = wt_event_bytes (event, &n_payload);

  g_assert_cmpuint (get16 (frame + 12), ==, 0x0800);
  g_assert_cmpuint (ip[0], ==, 0x45);
  g_assert_cmpuint (get16 (ip + 2), ==, size - ETHERNET);
  g_assert_cmpuint (ip[9], ==, tcp ? 6 : 17);
  g_assert_cmpuint (get32 (ip + 12), ==, source.ip);
  g_assert_true (sums_up (0, ip, IP));
  guint32 pseudo = get16 (ip + 12) + get16 (ip + 14) + get16 (ip + 16) + get16 (ip + 18) + ip[9] + n_transport;
  g_assert_true (sums_up (pseudo, transport, n_transport));
  g_assert_cmpuint (get16 (transport), ==, source.port);
  g_assert_cmpmem (transport + header, n_transport - header, payload, n_payload);
  if (!tcp)
    {
      g_assert_cmpuint (get16 (transport + 4), ==, n_transport);
      g_assert_cmpuint (get16 (transport + 6), !=, 0);
      return;
    }
  g_assert_cmpuint (get32 (transport + 4), ==, event->seq);
  g_assert_cmpuint (get32 (transport + 8), ==, event->ack);
  g_assert_cmpuint (transport[13], ==, event->context);
  g_assert_cmpuint (get16 (transport + 14), ==, event->window);
  g_assert_cmpuint (header, ==, event->context & WT_TCP_SYN ? 24 : 20);
  if (event->context & WT_TCP_SYN)
    g_assert_cmpuint (get16 (transport + 22), ==, 1460);
}

static void
ignore (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
}

/* TCP both ways and datagrams of many sizes between `net`'s hosts. */
static void
make_traffic (Net *net)
{
  End client, server;
  end_init (&client);
  end_init (&server);
  client.greeting = make_bytes (5001, 1);
  server.greeting = g_bytes_new_static ("220 hello\r\n", 11);
  client.close_after = TRUE;
  end_listen (&server, net);
  end_connect (&client, net);
  WtSocket *from = wt_world_bind (net->world, net->a, 0, WT_PROTOCOL_UDP, ignore, NULL, NULL);
  wt_world_bind (net->world, net->b, 9, WT_PROTOCOL_UDP, ignore, NULL, NULL);
  for (gsize size = 0; size < 3000; size += 37)
    {
      g_autoptr (GBytes) bytes = make_bytes (size, size);
      wt_socket_send (from, (WtAddress){ IP_B, 9 }, &(WtMessage){ .protocol = WT_PROTOCOL_UDP, .bytes = bytes });
    }
  g_autoptr (GBytes) largest = make_bytes (65507, 1);
  wt_socket_send (from, (WtAddress){ IP_B, 9 }, &(WtMessage){ .protocol = WT_PROTOCOL_UDP, .bytes = largest });
  wt_sim_world_run (net->world, G_MAXINT64, NULL);
  end_clear (&client);
  end_clear (&server);
}

static void
test_checksums (void)
{
  Net net;
  guint n_frames = 0;
  WtLinkProperties link = { .latency = WT_NSEC_PER_MSEC, .bandwidth = 100000000, .queue_packets = 1000, .loss = 0.1 };
  net_init (&net, 2, &link);
  make_traffic (&net);
  for (guint32 n = 0; n < wt_trace_length (net.trace); n++)
    {
      g_autoptr (GBytes) frame = wt_sim_frame (net.trace, n);
      g_assert_cmpint (frame != NULL, ==, wt_trace_event (net.trace, n)->kind == WT_EVENT_PACKET);
      if (frame == NULL)
        continue;
      gsize size;
      const guint8 *bytes = g_bytes_get_data (frame, &size);
      check_frame (net.trace, n, bytes, size);
      n_frames++;
    }
  g_assert_cmpuint (n_frames, >, 90);
  g_assert_null (wt_sim_frame (net.trace, wt_trace_length (net.trace)));
  net_clear (&net);
}

/* An all-zero checksum would say that there is none: it goes as ffff (RFC 768). */
static void
test_udp_zero_checksum (void)
{
  Net net;
  guint n_ffff = 0;
  net_init (&net, 2, NULL);
  WtSocket *from = wt_world_bind (net.world, net.a, 1000, WT_PROTOCOL_UDP, ignore, NULL, NULL);
  for (guint i = 0; i < 65536; i++)
    {
      guint8 payload[2] = { i >> 8, i & 255 };
      g_autoptr (GBytes) bytes = g_bytes_new (payload, 2);
      wt_socket_send (from, (WtAddress){ IP_B, 9 }, &(WtMessage){ .protocol = WT_PROTOCOL_UDP, .bytes = bytes });
    }
  for (guint32 n = 0; n < wt_trace_length (net.trace); n++)
    {
      g_autoptr (GBytes) frame = wt_sim_frame (net.trace, n);
      if (frame == NULL)
        continue;
      guint16 sum = get16 ((const guint8 *) g_bytes_get_data (frame, NULL) + ETHERNET + IP + 6);
      g_assert_cmpuint (sum, !=, 0);
      n_ffff += sum == 0xffff;
    }
  g_assert_cmpuint (n_ffff, >=, 1);
  net_clear (&net);
}

/* a - switch - router - router - b: who has sent the frame on each link, to whom, and how many routers it has passed. */
static void
test_way (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtWorld) world = wt_sim_world_new (trace, 1, 0);
  static const WtNodeKind kinds[] = { WT_NODE_HOST, WT_NODE_SWITCH, WT_NODE_ROUTER, WT_NODE_ROUTER, WT_NODE_HOST };
  static const struct { guint from, to; guint8 ttl; } expected[] = { { 0, 2, 64 }, { 0, 2, 64 }, { 2, 3, 63 }, { 3, 4, 62 } };
  WtNode nodes[5];
  WtLinkProperties link;
  wt_link_properties_defaults (&link);
  for (guint i = 0; i < 5; i++)
    {
      nodes[i] = wt_sim_world_add_node (world, "n", kinds[i]);
      if (i > 0)
        wt_sim_world_add_link (world, nodes[i - 1], nodes[i], &link);
    }
  wt_sim_world_add_address (world, nodes[0], IP_A);
  wt_sim_world_add_address (world, nodes[4], IP_B);
  g_autoptr (GBytes) bytes = make_bytes (10, 1);
  WtMessage message = { .protocol = WT_PROTOCOL_UDP, .bytes = bytes };
  wt_socket_send (wt_world_bind (world, nodes[0], 0, WT_PROTOCOL_UDP, ignore, NULL, NULL), (WtAddress){ IP_B, 9 }, &message);
  wt_sim_world_run (world, G_MAXINT64, NULL);
  guint i = 0;
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      g_autoptr (GBytes) frame = wt_sim_frame (trace, n);
      if (frame == NULL)
        continue;
      const guint8 *place = g_bytes_get_data (frame, NULL);
      g_assert_cmpuint (i, <, G_N_ELEMENTS (expected));
      g_assert_cmpuint (get32 (place + 2), ==, nodes[expected[i].to]);
      g_assert_cmpuint (get32 (place + 8), ==, nodes[expected[i].from]);
      g_assert_cmpuint (place[ETHERNET + 8], ==, expected[i++].ttl);
    }
  g_assert_cmpuint (i, ==, G_N_ELEMENTS (expected));
}

static void
write_pcap (const char *path)
{
  Net net;
  net_init (&net, 2, NULL);
  make_traffic (&net);
  FILE *file = fopen (path, "wb");
  g_assert_nonnull (file);
  guint32 head[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
  fwrite (head, sizeof head, 1, file);
  for (guint32 n = 0; n < wt_trace_length (net.trace); n++)
    {
      g_autoptr (GBytes) frame = wt_sim_frame (net.trace, n);
      if (frame == NULL)
        continue;
      gint64 us = wt_trace_event (net.trace, n)->time / 1000;
      guint32 size = g_bytes_get_size (frame);
      guint32 record[] = { us / 1000000, us % 1000000, size, size };
      fwrite (record, sizeof record, 1, file);
      fwrite (g_bytes_get_data (frame, NULL), size, 1, file);
    }
  fclose (file);
  net_clear (&net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    {
      write_pcap (argv[1]);
      return 0;
    }
  g_test_add_func ("/world/frame/checksums", test_checksums);
  g_test_add_func ("/world/frame/udp-zero-checksum", test_udp_zero_checksum);
  g_test_add_func ("/world/frame/way", test_way);
  return g_test_run ();
}
