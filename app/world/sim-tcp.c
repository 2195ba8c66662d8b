/* TCP: the table of connections, listeners and the calls of world.h. */
#include "app/world/sim-tcp.h"

#include <glib/gi18n.h>

#define BUCKETS_FIRST 64

/* --- the table ---------------------------------------------------------------------------------------------------- */

static guint
hash_addresses (WtAddress local, WtAddress peer)
{
  guint64 h = ((guint64) local.ip << 32 | peer.ip) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  h ^= ((guint64) local.port << 16 | peer.port) * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f);
  return h >> 40 ^ h >> 20;
}

static WtTcpConn **
bucket (WtTcp *self, WtAddress local, WtAddress peer)
{
  return &self->buckets[hash_addresses (local, peer) & (self->n_buckets - 1)];
}

WtTcpConn *
wt_tcp_lookup (WtTcp *self, WtAddress local, WtAddress peer)
{
  WtTcpConn *conn = *bucket (self, local, peer);
  while (conn
         && (conn->base.local.ip != local.ip || conn->base.local.port != local.port || conn->base.peer.ip != peer.ip
             || conn->base.peer.port != peer.port))
    conn = conn->hash_next;
  return conn;
}

static void
link_in (WtTcp *self, WtTcpConn *conn)
{
  WtTcpConn **place = bucket (self, conn->base.local, conn->base.peer);
  conn->hash_next = *place;
  *place = conn;
}

static void
enlarge (WtTcp *self)
{
  guint n = self->n_buckets;
  WtTcpConn **old = self->buckets;
  self->n_buckets = n * 2;
  self->buckets = g_new0 (WtTcpConn *, self->n_buckets);
  for (guint i = 0; i < n; i++)
    for (WtTcpConn *conn = old[i], *next; conn; conn = next)
      {
        next = conn->hash_next;
        link_in (self, conn);
      }
  g_free (old);
}

static void
take_out (WtTcp *self, WtTcpConn *conn)
{
  WtTcpConn **place = bucket (self, conn->base.local, conn->base.peer);
  while (*place != conn)
    place = &(*place)->hash_next;
  *place = conn->hash_next;
  self->n_conns--;
}

/* --- connections -------------------------------------------------------------------------------------------------- */

WtTcpConn *
wt_tcp_conn_new (WtSimWorld *world, WtSimNode *node, WtAddress local, WtSimNode *peer_node, WtAddress peer,
                 WtTcpPair *pair, WtProtocol protocol)
{
  WtTcp *tcp = world->tcp;
  WtTcpConn *self = g_new0 (WtTcpConn, 1);
  self->base = (WtConn){ .world = &world->base,
                         .node = node->entity,
                         .peer_node = peer_node ? peer_node->entity : 0,
                         .local = local,
                         .peer = peer,
                         .entity = pair->entity,
                         .protocol = protocol,
                         .peer_is_ours = TRUE };
  self->node = node;
  self->peer_node = peer_node;
  self->pair = wt_tcp_pair_ref (pair);
  self->isn = wt_sim_random_next (&world->tcp_random) >> 32;
  self->snd_end = 1;
  self->mss = WT_TCP_MSS_DEFAULT;
  self->rto = WT_TCP_RTO_INITIAL;
  self->fin_seq = G_MAXUINT64;
  self->chunks = g_array_new (FALSE, FALSE, sizeof (WtTcpChunk));
  g_queue_init (&self->early);
  g_queue_init (&self->backlog);
  wt_tcp_timers_clear (self);
  if (++tcp->n_conns > tcp->n_buckets)
    enlarge (tcp);
  link_in (tcp, self);
  return self;
}

static void
conn_free (WtTcpConn *self)
{
  wt_conn_tls_release (&self->base);
  wt_tcp_send_clear (self);
  g_array_unref (self->chunks);
  wt_tcp_receive_clear (self);
  wt_tcp_pair_unref (self->pair);
  g_free (self);
}

void
wt_tcp_mark_dirty (WtTcpConn *self)
{
  if (self->dirty || self->state == WT_TCP_CLOSED)
    return;
  self->dirty = TRUE;
  g_ptr_array_add (wt_tcp_world (self)->tcp->dirty, self);
}

void
wt_tcp_end (WtTcpConn *self, WtConnEnd how)
{
  if (!self->attached)
    return;
  self->attached = FALSE;
  if (self->base.ops->ended)
    self->base.ops->ended (&self->base, how, self->base.user_data);
}

void
wt_tcp_kill (WtTcpConn *self)
{
  if (self->state == WT_TCP_CLOSED)
    return;
  WtTcp *tcp = wt_tcp_world (self)->tcp;
  self->state = WT_TCP_CLOSED;
  self->attached = FALSE;
  wt_tcp_timers_clear (self);
  take_out (tcp, self);
  g_ptr_array_add (tcp->dead, self);
}

void
wt_tcp_finish (WtTcpConn *self)
{
  self->finished = TRUE;
  if (!self->attached)
    wt_tcp_kill (self);
}

static void
settle_one (WtTcpConn *self)
{
  self->dirty = FALSE;
  if (self->state == WT_TCP_CLOSED)
    return;
  if (!g_queue_is_empty (&self->backlog) && !self->paused)
    wt_tcp_deliver (self);
  if (self->finished && !self->attached)
    wt_tcp_kill (self);
  if (self->state != WT_TCP_CLOSED)
    wt_tcp_output (self);
}

void
wt_tcp_settle (WtSimWorld *world)
{
  WtTcp *self = world->tcp;
  for (guint i = 0; i < self->dirty->len; i++)
    settle_one (g_ptr_array_index (self->dirty, i));
  self->dirty->len = 0;
  for (guint i = 0; i < self->dead->len; i++)
    conn_free (g_ptr_array_index (self->dead, i));
  self->dead->len = 0;
}

/* --- listeners ---------------------------------------------------------------------------------------------------- */

WtListener *
wt_tcp_listen (WtWorld *world, WtNode entity, guint16 port, WtProtocol protocol, WtAcceptFunc func, gpointer user_data,
               GError **error)
{
  WtSimWorld *sim = (WtSimWorld *) world;
  WtSimNode *node = wt_sim_node (sim, entity);
  gpointer key = wt_sim_port_key (node, port);
  if (g_hash_table_contains (sim->tcp->listeners, key))
    {
      g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_IN_USE, _ ("TCP port %u is in use on %s; choose another"), port,
                   wt_trace_entity (world->trace, entity)->name);
      return NULL;
    }
  WtListener *listener = g_new (WtListener, 1);
  *listener = (WtListener){ world, entity, port, protocol, func, user_data };
  g_hash_table_insert (sim->tcp->listeners, key, listener);
  return listener;
}

void
wt_tcp_listener_close (WtListener *listener)
{
  WtSimWorld *sim = (WtSimWorld *) listener->world;
  g_hash_table_remove (sim->tcp->listeners, wt_sim_port_key (wt_sim_node (sim, listener->node), listener->port));
}

/* --- what managers see ------------------------------------------------------------------------------------------- */

static const WtEndpointState endpoint_states[WT_N_TCP_STATES] = {
  [WT_TCP_SYN_SENT] = WT_ENDPOINT_SYN_SENT,       [WT_TCP_SYN_RECEIVED] = WT_ENDPOINT_SYN_RECEIVED,
  [WT_TCP_ESTABLISHED] = WT_ENDPOINT_ESTABLISHED, [WT_TCP_FIN_WAIT_1] = WT_ENDPOINT_FIN_WAIT_1,
  [WT_TCP_FIN_WAIT_2] = WT_ENDPOINT_FIN_WAIT_2,   [WT_TCP_CLOSE_WAIT] = WT_ENDPOINT_CLOSE_WAIT,
  [WT_TCP_CLOSING] = WT_ENDPOINT_CLOSING,         [WT_TCP_LAST_ACK] = WT_ENDPOINT_LAST_ACK,
  [WT_TCP_TIME_WAIT_STATE] = WT_ENDPOINT_TIME_WAIT,
};

void
wt_tcp_foreach_endpoint (WtSimWorld *world, WtSimNode *node, WtEndpointFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, world->tcp->listeners);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const WtListener *listener = value;
      if (listener->node == node->entity)
        func (&(WtEndpoint){ WT_TRANSPORT_TCP, WT_ENDPOINT_LISTEN, { node->ip, listener->port } }, user_data);
    }
  for (guint i = 0; i < world->tcp->n_buckets; i++)
    for (const WtTcpConn *conn = world->tcp->buckets[i]; conn; conn = conn->hash_next)
      if (conn->node == node)
        func (&(WtEndpoint){ WT_TRANSPORT_TCP, endpoint_states[conn->state], conn->base.local, conn->base.peer }, user_data);
}

gboolean
wt_tcp_reset_endpoint (WtWorld *world, WtNode node, WtAddress local, WtAddress peer)
{
  WtTcpConn *conn = wt_tcp_lookup (((WtSimWorld *) world)->tcp, local, peer);
  if (conn == NULL || conn->base.node != node)
    return FALSE;
  wt_tcp_send_reset (conn);
  wt_tcp_record_end (conn, WT_CONNECTION_RESET, NULL);
  wt_tcp_end (conn, WT_CONN_RESET);
  wt_tcp_kill (conn);
  return TRUE;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

static guint16
free_port (WtSimWorld *world, WtSimNode *node, WtAddress to)
{
  for (guint i = WT_SIM_PORT_FIRST; i < WT_SIM_PORT_LAST; i++)
    {
      WtAddress local = { node->ip, wt_sim_node_next_port (node) };
      if (wt_tcp_lookup (world->tcp, local, to) == NULL)
        return local.port;
    }
  return 0;
}

static guint32
add_conversation (WtSimWorld *world, WtSimNode *node, WtAddress local, WtSimNode *server, WtAddress to,
                  WtProtocol protocol)
{
  g_autofree char *client_text = wt_address_to_string (local);
  g_autofree char *server_text = wt_address_to_string (to);
  g_autofree char *name = g_strdup_printf ("%s -- %s", client_text, server_text);
  WtEntity entity = { .kind = WT_ENTITY_CONVERSATION,
                      .name = name,
                      .transport = WT_TRANSPORT_TCP,
                      .protocol = protocol,
                      .client = node->entity,
                      .server = server ? server->entity : 0,
                      .client_address = local,
                      .server_address = to };
  return wt_trace_add_entity (world->base.trace, &entity);
}

WtConn *
wt_tcp_connect (WtWorld *world, WtNode entity, WtAddress to, WtProtocol protocol, const WtConnOps *ops,
                gpointer user_data)
{
  WtSimWorld *sim = (WtSimWorld *) world;
  WtSimNode *node = wt_sim_node (sim, entity);
  WtSimNode *server = wt_sim_node_by_ip (sim, to.ip);
  WtAddress local = { node->ip, free_port (sim, node, to) };
  WtTcpPair *pair = wt_tcp_pair_new (add_conversation (sim, node, local, server, to, protocol));
  WtTcpConn *self = wt_tcp_conn_new (sim, node, local, server, to, pair, protocol);
  wt_tcp_pair_unref (pair);
  self->base.ops = ops;
  self->base.user_data = user_data;
  self->attached = TRUE;
  self->state = WT_TCP_SYN_SENT;
  wt_conn_record_change (&self->base, WT_CONNECTION_OPENING, NULL);
  gboolean reachable = server && local.port != 0 && (server == node || wt_sim_route (node, server));
  if (!reachable)
    {
      self->unreachable = TRUE;
      wt_tcp_timer_set (self, WT_TCP_TIMER_LINGER, 0);
      return &self->base;
    }
  self->timed_at = sim->now;
  wt_tcp_send_syn (self);
  wt_tcp_timer_set (self, WT_TCP_TIMER_RETRANSMIT, self->rto);
  return &self->base;
}

void
wt_tcp_pause (WtConn *conn, gboolean paused)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  self->paused = !!paused;
  if (!paused)
    wt_tcp_mark_dirty (self); /* what waited is given when the caller is done */
}

void
wt_tcp_close (WtConn *conn)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  self->closing = TRUE;
  if (self->state == WT_TCP_SYN_SENT)
    {
      /* RFC 9293 3.10.4: nothing was opened yet, so nothing is to be closed. */
      wt_tcp_record_end (self, WT_CONNECTION_CLOSED, N_ ("closed before it was open"));
      self->unreachable = FALSE;
      self->closed_early = TRUE;
      wt_tcp_timers_clear (self);
      wt_tcp_timer_set (self, WT_TCP_TIMER_LINGER, 0);
      return;
    }
  wt_tcp_mark_dirty (self);
}

void
wt_tcp_abort (WtConn *conn)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  if (self->state == WT_TCP_SYN_SENT)
    wt_tcp_record_end (self, WT_CONNECTION_TIMED_OUT, "given up before it was open"); /* nobody is there to be reset */
  else if (self->state != WT_TCP_CLOSED)
    wt_tcp_send_reset (self);
  wt_tcp_record_end (self, WT_CONNECTION_RESET, NULL);
  wt_tcp_kill (self);
}

void
wt_tcp_node_down (WtSimWorld *world, WtSimNode *node)
{
  WtTcp *self = world->tcp;
  for (guint i = 0; i < self->n_buckets; i++)
    for (WtTcpConn *conn = self->buckets[i], *next; conn; conn = next)
      {
        next = conn->hash_next;
        if (conn->node == node)
          wt_tcp_kill (conn);
      }
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->listeners);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((WtListener *) value)->node == node->entity)
      g_hash_table_iter_remove (&iter);
}

WtTcp *
wt_tcp_new (WtSimWorld *world)
{
  WtTcp *self = g_new0 (WtTcp, 1);
  self->world = world;
  self->n_buckets = BUCKETS_FIRST;
  self->buckets = g_new0 (WtTcpConn *, self->n_buckets);
  self->listeners = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->dirty = g_ptr_array_new ();
  self->dead = g_ptr_array_new ();
  return self;
}

void
wt_tcp_free (WtTcp *self)
{
  for (guint i = 0; i < self->n_buckets; i++)
    while (self->buckets[i])
      wt_tcp_kill (self->buckets[i]);
  for (guint i = 0; i < self->dead->len; i++)
    conn_free (g_ptr_array_index (self->dead, i));
  g_ptr_array_unref (self->dirty);
  g_ptr_array_unref (self->dead);
  g_hash_table_unref (self->listeners);
  g_free (self->buckets);
  g_free (self);
}
