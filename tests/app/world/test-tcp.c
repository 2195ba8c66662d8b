/* How TCP connections begin and end: handshake, close, refused, reset, timeouts, unreachable, crash; message order. */
#include "app/world/sim-tcp.h"
#include "tests/app/world/sim-fixture.h"

typedef struct {
  Net net;
  End client, server;
  WtListener *listener;
} Fixture;

static void
set_up (Fixture *self, const WtLinkProperties *link)
{
  net_init (&self->net, 1, link);
  end_init (&self->client);
  end_init (&self->server);
  self->listener = end_listen (&self->server, &self->net);
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

/* The TCP packets as text: "> SYN mss=1460, < SYN ACK mss=1460, > ACK ...". */
static char *
packets_text (WtTrace *trace)
{
  static const struct { guint8 bit; const char *name; } names[]
      = { { WT_TCP_SYN, " SYN" }, { WT_TCP_FIN, " FIN" }, { WT_TCP_RST, " RST" }, { WT_TCP_PSH, " PSH" }, { WT_TCP_ACK, " ACK" } };
  GString *text = g_string_new (NULL);
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind != WT_EVENT_PACKET)
        continue;
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", event->flags & WT_EVENT_TO_CLIENT ? "<" : ">");
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (event->context & names[i].bit)
          g_string_append (text, names[i].name);
      if (event->mss)
        g_string_append_printf (text, " mss=%u", event->mss);
      if (event->payload_len)
        g_string_append_printf (text, " len=%u", event->payload_len);
    }
  return g_string_free (text, FALSE);
}

static void
close_client (gpointer data)
{
  Fixture *self = data;
  wt_conn_close (self->client.conn);
}

static void
abort_client (gpointer data)
{
  Fixture *self = data;
  wt_conn_abort (self->client.conn);
  self->client.conn = NULL;
}

static void
test_open_and_close (void)
{
  Fixture self;
  set_up (&self, NULL);
  self.server.greeting = g_bytes_new_static ("220 hello\r\n", 11);
  end_connect (&self.client, &self.net);
  g_assert_false (self.client.connected);
  wt_world_timer (self.net.world, WT_NSEC_PER_SEC, close_client, &self);
  run (&self, G_MAXINT64);
  g_autofree char *text = packets_text (self.net.trace);
  g_assert_cmpstr (text, ==,
                   "> SYN mss=1460, < SYN ACK mss=1460, > ACK, < PSH ACK len=11, > ACK, > FIN ACK, < FIN ACK, > ACK");
  g_assert_cmpmem (self.client.read->data, self.client.read->len, "220 hello\r\n", 11);
  g_assert_true (self.client.ended && self.server.ended);
  g_assert_cmpint (self.client.how, ==, WT_CONN_CLOSED);
  g_assert_cmpint (self.server.how, ==, WT_CONN_CLOSED);
  g_assert_cmpuint (count_changes (self.net.trace, WT_CONNECTION_OPENING), ==, 1);
  g_assert_cmpuint (count_changes (self.net.trace, WT_CONNECTION_OPEN), ==, 1);
  g_assert_cmpuint (count_changes (self.net.trace, WT_CONNECTION_CLOSED), ==, 1);
  tear_down (&self);
}

/* Sequence numbers start where the seed says, and each acknowledges the other's plus one. */
static void
test_sequence_numbers (void)
{
  Fixture self;
  const WtEvent *packets[3] = { NULL };
  set_up (&self, NULL);
  end_connect (&self.client, &self.net);
  run (&self, G_MAXINT64);
  for (guint32 n = 0, i = 0; n < wt_trace_length (self.net.trace) && i < 3; n++)
    if (wt_trace_event (self.net.trace, n)->kind == WT_EVENT_PACKET)
      {
        packets[i] = wt_trace_event (self.net.trace, n);
        g_assert_cmpuint (packets[i++]->ref, ==, n);
      }
  g_assert_cmpuint (packets[0]->ack, ==, 0);
  g_assert_cmpuint (packets[1]->ack, ==, packets[0]->seq + 1);
  g_assert_cmpuint (packets[2]->seq, ==, packets[0]->seq + 1);
  g_assert_cmpuint (packets[2]->ack, ==, packets[1]->seq + 1);
  g_assert_cmpuint (packets[0]->seq, !=, packets[1]->seq);
  g_assert_cmpuint (packets[2]->window, ==, 65535);
  g_assert_cmpuint (packets[0]->flags, ==, WT_EVENT_FIRST_HOP | WT_EVENT_LAST_HOP);
  tear_down (&self);
}

static void
test_refused (void)
{
  Fixture self;
  set_up (&self, NULL);
  wt_listener_close (self.listener);
  end_connect (&self.client, &self.net);
  run (&self, G_MAXINT64);
  g_autofree char *text = packets_text (self.net.trace);
  g_assert_cmpstr (text, ==, "> SYN mss=1460, < RST ACK");
  g_assert_true (self.client.ended && !self.client.connected);
  g_assert_cmpint (self.client.how, ==, WT_CONN_REFUSED);
  g_assert_cmpuint (count_changes (self.net.trace, WT_CONNECTION_REFUSED), ==, 1);
  tear_down (&self);
}

static void
test_refused_by_host (void)
{
  Fixture self;
  set_up (&self, NULL);
  self.server.refuse = TRUE;
  end_connect (&self.client, &self.net);
  run (&self, G_MAXINT64);
  g_autofree char *text = packets_text (self.net.trace);
  g_assert_cmpstr (text, ==, "> SYN mss=1460, < SYN ACK mss=1460, > ACK, < RST ACK");
  g_assert_cmpint (self.client.how, ==, WT_CONN_RESET);
  tear_down (&self);
}

static void
test_reset (void)
{
  Fixture self;
  set_up (&self, NULL);
  end_connect (&self.client, &self.net);
  wt_world_timer (self.net.world, WT_NSEC_PER_SEC, abort_client, &self);
  run (&self, G_MAXINT64);
  g_assert_true (self.server.ended && !self.client.ended);
  g_assert_cmpint (self.server.how, ==, WT_CONN_RESET);
  g_assert_cmpuint (count_changes (self.net.trace, WT_CONNECTION_RESET), ==, 1);
  tear_down (&self);
}

/* RFC 6298: 1 s, doubled each time; given up 127 s after the first SYN, as Linux does. */
static void
test_nobody_home (void)
{
  static const guint seconds[] = { 0, 1, 3, 7, 15, 31, 63 };
  Fixture self;
  set_up (&self, NULL);
  wt_sim_world_set_node_up (self.net.world, self.net.b, FALSE);
  end_connect (&self.client, &self.net);
  run (&self, G_MAXINT64);
  guint i = 0;
  for (guint32 n = 0; n < wt_trace_length (self.net.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self.net.trace, n);
      if (event->kind != WT_EVENT_PACKET)
        continue;
      g_assert_cmpuint (i, <, G_N_ELEMENTS (seconds));
      g_assert_cmpint (event->time, ==, seconds[i] * WT_NSEC_PER_SEC);
      g_assert_true (event->flags & WT_EVENT_LOST);
      g_assert_cmpint (!!(event->flags & WT_EVENT_RETRANSMIT), ==, i++ > 0);
    }
  g_assert_cmpuint (i, ==, G_N_ELEMENTS (seconds));
  g_assert_cmpint (self.client.how, ==, WT_CONN_TIMED_OUT);
  g_assert_cmpint (self.client.ended_at, ==, 127 * WT_NSEC_PER_SEC);
  g_assert_cmpuint (count_changes (self.net.trace, WT_CONNECTION_TIMED_OUT), ==, 1);
  tear_down (&self);
}

static void
test_unreachable (void)
{
  Fixture self;
  set_up (&self, NULL);
  wt_sim_world_set_link_up (self.net.world, self.net.link, FALSE);
  end_connect (&self.client, &self.net);
  g_assert_false (self.client.ended); /* never before connect has returned */
  run (&self, G_MAXINT64);
  g_assert_true (self.client.ended);
  g_assert_cmpint (self.client.how, ==, WT_CONN_UNREACHABLE);
  g_assert_cmpuint (count_packets (self.net.trace, 0, 0), ==, 0);
  tear_down (&self);
}

static void
server_down (gpointer data)
{
  Fixture *self = data;
  wt_sim_world_set_node_up (self->net.world, self->net.b, FALSE);
}

static void
server_up (gpointer data)
{
  Fixture *self = data;
  wt_sim_world_set_node_up (self->net.world, self->net.b, TRUE);
}

static void
send_line (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("NOOP\r\n", 6);
  wt_conn_send (self->client.conn, bytes);
}

/* A server that crashed and came back knows nothing of the connection: RST. */
static void
test_crash (void)
{
  Fixture self;
  set_up (&self, NULL);
  end_connect (&self.client, &self.net);
  wt_world_timer (self.net.world, 1 * WT_NSEC_PER_SEC, server_down, &self);
  wt_world_timer (self.net.world, 2 * WT_NSEC_PER_SEC, send_line, &self);
  wt_world_timer (self.net.world, 4 * WT_NSEC_PER_SEC, server_up, &self);
  run (&self, G_MAXINT64);
  g_assert_false (self.server.ended); /* it hears nothing of it */
  g_assert_true (self.client.ended);
  g_assert_cmpint (self.client.how, ==, WT_CONN_RESET);
  g_assert_cmpint (self.client.ended_at, ==, 5 * WT_NSEC_PER_SEC + 2 * (WT_NSEC_PER_MSEC + 5120)); /* at its second retry */
  tear_down (&self);
}

/* A server that stays away: retried at 1, 3, 7 ... s, given up after eight retries. */
static void
test_given_up (void)
{
  Fixture self;
  set_up (&self, NULL);
  end_connect (&self.client, &self.net);
  wt_world_timer (self.net.world, 1 * WT_NSEC_PER_SEC, server_down, &self);
  wt_world_timer (self.net.world, 2 * WT_NSEC_PER_SEC, send_line, &self);
  run (&self, G_MAXINT64);
  g_assert_cmpint (self.client.how, ==, WT_CONN_TIMED_OUT);
  g_assert_cmpint (self.client.ended_at, ==, (2 + 1 + 2 + 4 + 8 + 16 + 32 + 64 + 120 + 120) * WT_NSEC_PER_SEC);
  g_assert_cmpuint (count_packets (self.net.trace, WT_EVENT_RETRANSMIT, 0), ==, WT_TCP_RETRIES);
  tear_down (&self);
}

/* --- messages ------------------------------------------------------------------------------------------------------- */

static void
say (WtConn *conn, const char *text, guint32 exchange, guint8 flags, gboolean send)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  WtMessage message = { .protocol = WT_PROTOCOL_SMTP, .exchange = exchange, .flags = flags, .bytes = bytes };
  wt_conn_sent (conn, &message);
  if (send)
    wt_conn_send (conn, bytes);
}

static void
talk (gpointer data)
{
  Fixture *self = data;
  g_autofree char *mail = g_strnfill (4000, 'x');
  say (self->client.conn, "MAIL\r\n", 1, 0, TRUE);
  say (self->client.conn, "RCPT\r\n", 2, 0, TRUE);
  say (self->client.conn, mail, 3, 0, TRUE);
  say (self->client.conn, "secret", 4, WT_EVENT_ENCRYPTED, FALSE); /* goes with bytes that look otherwise */
  g_autoptr (GBytes) cipher = make_bytes (100, 1);
  wt_conn_send (self->client.conn, cipher);
  say (self->server.conn, "250 ok\r\n", 1, WT_EVENT_FINAL, TRUE);
}

static void
test_messages (void)
{
  static const struct { guint32 exchange; guint8 flags; gsize length; } expected[] = {
    { 1, WT_EVENT_TO_CLIENT | WT_EVENT_FINAL, 8 }, { 1, 0, 6 }, { 2, 0, 6 }, { 3, 0, 4000 }, { 4, WT_EVENT_ENCRYPTED, 6 },
  };
  Fixture self;
  guint i = 0;
  WtLinkProperties link = { .latency = WT_NSEC_PER_MSEC, .bandwidth = 1000000, .queue_packets = 64 };
  set_up (&self, &link);
  end_connect (&self.client, &self.net);
  wt_world_timer (self.net.world, WT_NSEC_PER_SEC, talk, &self);
  run (&self, G_MAXINT64);
  for (guint32 n = 0; n < wt_trace_length (self.net.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self.net.trace, n);
      if (event->kind != WT_EVENT_MESSAGE)
        continue;
      g_assert_cmpuint (i, <, G_N_ELEMENTS (expected));
      g_assert_cmpuint (event->value, ==, expected[i].exchange);
      g_assert_cmpuint (event->flags, ==, expected[i].flags);
      g_assert_cmpuint (event->payload_len, ==, expected[i].length);
      g_assert_cmpint (event->other_time, ==, WT_NSEC_PER_SEC);
      const WtEvent *packet = wt_trace_event (self.net.trace, event->ref); /* the one that brought its last byte */
      g_assert_cmpint (packet->kind, ==, WT_EVENT_PACKET);
      g_assert_cmpint (packet->other_time, ==, event->time);
      g_assert_cmpuint (packet->from, ==, event->from);
      i++;
    }
  g_assert_cmpuint (i, ==, G_N_ELEMENTS (expected));
  tear_down (&self);
}

/* What is sent in one go shares packets; within one buffer the trace holds no copy. */
static void
test_sharing (void)
{
  Fixture self;
  set_up (&self, NULL);
  self.client.greeting = make_bytes (10000, 3);
  end_connect (&self.client, &self.net);
  run (&self, G_MAXINT64);
  guint n_data = 0;
  for (guint32 n = 0; n < wt_trace_length (self.net.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self.net.trace, n);
      if (event->kind != WT_EVENT_PACKET || event->payload_len == 0)
        continue;
      g_assert_true (event->payload == self.client.greeting);
      g_assert_cmpuint (event->payload_start, ==, n_data++ * WT_TCP_MSS);
      g_assert_cmpuint (event->protocol, ==, WT_PROTOCOL_SMTP);
    }
  g_assert_cmpuint (n_data, ==, 7);
  tear_down (&self);
}

/* States are the server's; a message that nobody announced is recorded when its receiver says so. */
static void
test_states_and_strangers (void)
{
  Fixture self;
  set_up (&self, NULL);
  end_connect (&self.client, &self.net);
  run (&self, G_MAXINT64);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("NOOP\r\n", 6);
  WtMessage message = { .protocol = WT_PROTOCOL_SMTP, .exchange = 3, .bytes = bytes };
  wt_conn_received (self.server.conn, &message);
  wt_conn_state (self.server.conn, 5);
  wt_conn_note (self.client.conn, WT_NOTE_INFO, "%d bytes", 6);
  const WtEvent *events[3];
  for (guint i = 0; i < 3; i++)
    events[i] = wt_trace_event (self.net.trace, wt_trace_length (self.net.trace) - 3 + i);
  g_assert_cmpint (events[0]->kind, ==, WT_EVENT_MESSAGE);
  g_assert_cmpuint (events[0]->from, ==, self.net.a);
  g_assert_cmpuint (events[0]->to, ==, self.net.b);
  g_assert_cmpuint (events[0]->flags, ==, 0);
  g_assert_cmpuint (events[0]->value, ==, 3);
  g_assert_cmpint (events[1]->kind, ==, WT_EVENT_STATE);
  g_assert_cmpuint (events[1]->from, ==, self.net.b);
  g_assert_cmpuint (events[1]->value, ==, 5);
  g_assert_cmpint (events[2]->kind, ==, WT_EVENT_NOTE);
  g_assert_cmpuint (events[2]->from, ==, self.net.a);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (events[i]->entity, ==, wt_conn_entity (self.client.conn));
  guint32 length = wt_trace_length (self.net.trace);
  wt_conn_sent (self.client.conn, &message); /* from now on it announces */
  wt_conn_received (self.server.conn, &message);
  g_assert_cmpuint (wt_trace_length (self.net.trace), ==, length);
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/tcp/open-and-close", test_open_and_close);
  g_test_add_func ("/world/tcp/sequence-numbers", test_sequence_numbers);
  g_test_add_func ("/world/tcp/refused", test_refused);
  g_test_add_func ("/world/tcp/refused-by-host", test_refused_by_host);
  g_test_add_func ("/world/tcp/reset", test_reset);
  g_test_add_func ("/world/tcp/nobody-home", test_nobody_home);
  g_test_add_func ("/world/tcp/unreachable", test_unreachable);
  g_test_add_func ("/world/tcp/crash", test_crash);
  g_test_add_func ("/world/tcp/given-up", test_given_up);
  g_test_add_func ("/world/tcp/messages", test_messages);
  g_test_add_func ("/world/tcp/sharing", test_sharing);
  g_test_add_func ("/world/tcp/states-and-strangers", test_states_and_strangers);
  return g_test_run ();
}
