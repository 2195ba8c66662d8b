#include "tests/app/world/sim-fixture.h"

#include "app/world/sim-random.h"

void
net_init (Net *self, guint64 seed, const WtLinkProperties *properties)
{
  WtLinkProperties defaults;
  wt_link_properties_defaults (&defaults);
  self->trace = wt_trace_new ();
  self->world = wt_sim_world_new (self->trace, seed, 0);
  self->a = wt_sim_world_add_node (self->world, "a", WT_NODE_HOST);
  self->b = wt_sim_world_add_node (self->world, "b", WT_NODE_HOST);
  wt_sim_world_add_address (self->world, self->a, IP_A);
  wt_sim_world_add_address (self->world, self->b, IP_B);
  self->link = wt_sim_world_add_link (self->world, self->a, self->b, properties ? properties : &defaults);
}

void
net_clear (Net *self)
{
  wt_world_free (self->world);
  wt_trace_unref (self->trace);
}

void
end_init (End *self)
{
  *self = (End){ .read = g_byte_array_new () };
}

void
end_clear (End *self)
{
  g_byte_array_unref (self->read);
  g_clear_pointer (&self->greeting, g_bytes_unref);
}

static void
connected (WtConn *conn, gpointer user_data)
{
  End *self = user_data;
  g_assert_false (self->connected);
  self->connected = TRUE;
  if (self->pause)
    wt_conn_pause (conn, TRUE);
  if (self->greeting)
    wt_conn_send (conn, self->greeting);
  if (self->close_after)
    wt_conn_close (conn);
}

static void
received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  End *self = user_data;
  g_assert_true (self->connected && !self->ended);
  g_byte_array_append (self->read, bytes, n_bytes);
  if (!self->echo)
    return;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  wt_conn_send (conn, copy);
}

static void
ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  End *self = user_data;
  g_assert_false (self->ended);
  self->ended = TRUE;
  self->how = how;
  self->ended_at = wt_world_now (wt_conn_world (conn));
  self->conn = NULL;
}

static const WtConnOps ops = { connected, received, ended };

static gboolean
accept_client (WtListener *listener, WtConn *conn, const WtConnOps **conn_ops, gpointer *conn_data, gpointer user_data)
{
  End *self = user_data;
  if (self->refuse)
    return FALSE;
  self->conn = conn;
  *conn_ops = &ops;
  *conn_data = self;
  return TRUE;
}

WtListener *
end_listen (End *server, Net *net)
{
  g_autoptr (GError) error = NULL;
  WtListener *listener
      = wt_world_listen (net->world, net->b, PORT, WT_PROTOCOL_SMTP, accept_client, server, &error);
  g_assert_no_error (error);
  return listener;
}

void
end_connect (End *client, Net *net)
{
  client->conn
      = wt_world_connect (net->world, net->a, (WtAddress){ IP_B, PORT }, WT_PROTOCOL_SMTP, &ops, client);
}

guint
count_packets (WtTrace *trace, guint8 flags, guint8 tcp_flags)
{
  guint count = 0;
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind == WT_EVENT_PACKET && (event->flags & flags) == flags && (event->context & tcp_flags) == tcp_flags)
        count++;
    }
  return count;
}

guint
count_changes (WtTrace *trace, WtConnectionChange change)
{
  guint count = 0;
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind == WT_EVENT_CONNECTION && event->value == change)
        count++;
    }
  return count;
}

GBytes *
make_bytes (gsize n_bytes, guint32 seed)
{
  WtSimRandom random;
  wt_sim_random_init (&random, seed, 0);
  guint8 *bytes = g_malloc (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = wt_sim_random_next (&random) >> 56;
  return g_bytes_new_take (bytes, n_bytes);
}

void
print_trace (WtTrace *trace)
{
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *e = wt_trace_event (trace, n);
      g_printerr ("%4u %12.6f -> %12.6f kind %u %u->%u flags %02x tcp %02x seq %u ack %u len %u win %u value %u\n", n,
                  e->time / 1e9, e->other_time / 1e9, e->kind, e->from, e->to, e->flags, e->context, e->seq, e->ack,
                  e->payload_len, e->window, e->value);
    }
}
