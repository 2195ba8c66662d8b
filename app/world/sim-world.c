/* The simulated world: time, nodes and links as seen from outside; what happens next. */
#include "app/world/sim-private.h"
#include "app/world/sim-tcp.h"

#define CANCEL_CHECK_EVENTS 256

enum { STREAM_HOSTS = 1, STREAM_LINKS, STREAM_TCP };

typedef struct {
  WtTimerFunc func;
  gpointer user_data;
} Call;

/* --- nodes and links ---------------------------------------------------------------------------------------------- */

void
wt_link_properties_defaults (WtLinkProperties *properties)
{
  *properties = (WtLinkProperties){ .latency = WT_NSEC_PER_MSEC, .bandwidth = 100000000, .queue_packets = 64 };
}

WtSimNode *
wt_sim_node (WtSimWorld *self, WtNode entity)
{
  return g_hash_table_lookup (self->node_by_entity, GUINT_TO_POINTER (entity));
}

WtSimNode *
wt_sim_node_by_ip (WtSimWorld *self, guint32 ip)
{
  return g_hash_table_lookup (self->node_by_ip, GUINT_TO_POINTER (ip));
}

guint16
wt_sim_node_next_port (WtSimNode *node)
{
  guint16 port = node->next_port;
  node->next_port = port == WT_SIM_PORT_LAST ? WT_SIM_PORT_FIRST : port + 1;
  return port;
}

static void
node_free (gpointer data)
{
  WtSimNode *node = data;
  g_ptr_array_unref (node->links);
  g_aligned_free (node);
}

WtNode
wt_sim_world_add_node (WtWorld *world, const char *name, WtNodeKind kind)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimNode *node = wt_sim_new (WtSimNode, 1);
  node->world = self;
  WtEntity entity = { .kind = WT_ENTITY_NODE, .name = name, .is_switch = kind == WT_NODE_SWITCH };
  node->entity = wt_trace_add_entity (world->trace, &entity);
  node->index = self->nodes->len;
  node->kind = kind;
  node->up = TRUE;
  node->links = g_ptr_array_new ();
  guint n_ports = WT_SIM_PORT_LAST - WT_SIM_PORT_FIRST + 1;
  node->next_port = WT_SIM_PORT_FIRST + wt_sim_random_next (&self->tcp_random) % n_ports;
  g_ptr_array_add (self->nodes, node);
  g_hash_table_insert (self->node_by_entity, GUINT_TO_POINTER (node->entity), node);
  wt_sim_routes_rebuild (self);
  return node->entity;
}

void
wt_sim_world_add_address (WtWorld *world, WtNode node, guint32 ip)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimNode *it = wt_sim_node (self, node);
  if (it->ip == 0)
    it->ip = ip;
  g_hash_table_insert (self->node_by_ip, GUINT_TO_POINTER (ip), it);
}

guint32
wt_sim_world_add_link (WtWorld *world, WtNode a, WtNode b, const WtLinkProperties *properties)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimLink *link = wt_sim_link_new (wt_sim_node (self, a), wt_sim_node (self, b), properties);
  g_autofree char *name = g_strdup_printf ("%s -- %s", wt_trace_entity (world->trace, a)->name,
                                           wt_trace_entity (world->trace, b)->name);
  WtEntity entity = { .kind = WT_ENTITY_LINK, .name = name, .ends = { a, b } };
  link->entity = wt_trace_add_entity (world->trace, &entity);
  g_ptr_array_add (self->links, link);
  link->number = self->links->len;
  wt_sim_routes_rebuild (self);
  return link->entity;
}

/* Cutting and mending are rare: a walk over all links will do. */
static WtSimLink *
link_by_entity (WtSimWorld *self, guint32 entity)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      WtSimLink *link = g_ptr_array_index (self->links, i);
      if (link->entity == entity)
        return link;
    }
  return NULL;
}

guint32
wt_sim_world_find_link (WtWorld *world, WtNode a, WtNode b)
{
  WtSimNode *node = wt_sim_node ((WtSimWorld *) world, a);
  for (guint i = 0; node && i < node->links->len; i++)
    {
      WtSimLink *link = g_ptr_array_index (node->links, i);
      if (link->ends[0]->entity == b || link->ends[1]->entity == b)
        return link->entity;
    }
  return 0;
}

void
wt_sim_world_set_link_up (WtWorld *world, guint32 entity, gboolean up)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimLink *link = link_by_entity (self, entity);
  if (link == NULL || link->up == !!up)
    return;
  link->up = !!up;
  wt_sim_record_updown (self, WT_EVENT_LINK, link->entity, link->ends[0]->entity, link->ends[1]->entity, link->up);
  if (!link->up)
    wt_sim_link_cut (link);
  wt_sim_routes_link_changed (link);
  link->changed = self->now;
  wt_sim_interface_changed (link);
}

void
wt_sim_world_set_link_loss (WtWorld *world, guint32 entity, double loss)
{
  WtSimLink *link = link_by_entity ((WtSimWorld *) world, entity);
  if (link)
    link->properties.loss = CLAMP (loss, 0, 1);
}

void
wt_sim_world_set_node_up (WtWorld *world, WtNode entity, gboolean up)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimNode *node = wt_sim_node (self, entity);
  if (node == NULL || node->up == !!up)
    return;
  node->up = !!up;
  wt_sim_record_updown (self, WT_EVENT_NODE, entity, entity, 0, node->up);
  if (!node->up)
    {
      wt_tcp_node_down (self, node);
      wt_sim_udp_node_down (self, node);
    }
  wt_sim_routes_node_changed (node);
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static void
set_now (WtSimWorld *self, gint64 now)
{
  __atomic_store_n (&self->now, now, __ATOMIC_RELAXED);
}

/* What other threads, or hosts, asked to be run at the present time. FALSE: nothing. */
static gboolean
run_calls (WtSimWorld *self)
{
  if (!g_atomic_int_get (&self->called))
    return FALSE;
  g_mutex_lock (&self->call_lock);
  g_autoptr (GArray) calls = self->calls;
  self->calls = g_array_new (FALSE, FALSE, sizeof (Call));
  g_atomic_int_set (&self->called, FALSE);
  g_mutex_unlock (&self->call_lock);
  for (guint i = 0; i < calls->len; i++)
    {
      Call *call = &g_array_index (calls, Call, i);
      call->func (call->user_data);
      wt_tcp_settle (self);
      self->n_events++;
    }
  return TRUE;
}

static gboolean
run_next (WtSimWorld *self, gint64 until)
{
  wt_tcp_settle (self); /* what was asked for between two runs */
  if (run_calls (self))
    return TRUE;
  WtSimQueueEvent event;
  do
    {
      if (wt_sim_queue_next_time (&self->queue) > until || !wt_sim_queue_pop (&self->queue, &event))
        return FALSE;
    }
  while (wt_tcp_is_idle_wake (&event));
  set_now (self, event.time);
  event.func (event.data);
  wt_tcp_settle (self);
  self->n_events++;
  return TRUE;
}

gboolean
wt_sim_world_run_one (WtWorld *world)
{
  return run_next ((WtSimWorld *) world, G_MAXINT64);
}

gboolean
wt_sim_world_run (WtWorld *world, gint64 until, const gint *cancel)
{
  WtSimWorld *self = (WtSimWorld *) world;
  for (guint i = 0; run_next (self, until); i++)
    if (cancel && i % CANCEL_CHECK_EVENTS == 0 && g_atomic_int_get (cancel))
      return FALSE;
  if (wt_sim_queue_next_time (&self->queue) != G_MAXINT64 && until > self->now)
    set_now (self, until);
  return TRUE;
}

guint64
wt_sim_world_n_events (WtWorld *world)
{
  return ((WtSimWorld *) world)->n_events;
}

/* --- the class ---------------------------------------------------------------------------------------------------- */

static gint64
sim_now (WtWorld *world)
{
  return __atomic_load_n (&((WtSimWorld *) world)->now, __ATOMIC_RELAXED);
}

static gint64
sim_wall_time (WtWorld *world)
{
  return ((WtSimWorld *) world)->start_time + sim_now (world) / 1000;
}

static guint32
sim_random (WtWorld *world)
{
  return wt_sim_random_next (&((WtSimWorld *) world)->host_random) >> 32;
}

static guint32
sim_node_ip (WtWorld *world, WtNode entity)
{
  WtSimNode *node = wt_sim_node ((WtSimWorld *) world, entity);
  return node ? node->ip : 0;
}

static WtNode
sim_find_ip (WtWorld *world, guint32 ip)
{
  WtSimNode *node = wt_sim_node_by_ip ((WtSimWorld *) world, ip);
  return node ? node->entity : 0;
}

static guint64
sim_timer (WtWorld *world, gint64 delay, WtTimerFunc func, gpointer user_data)
{
  WtSimWorld *self = (WtSimWorld *) world;
  gint64 time = delay > G_MAXINT64 - self->now ? G_MAXINT64 : self->now + delay;
  return wt_sim_queue_push (&self->queue, time, func, user_data);
}

static void
sim_cancel (WtWorld *world, guint64 timer)
{
  wt_sim_queue_cancel (&((WtSimWorld *) world)->queue, timer);
}

static void
sim_call (WtWorld *world, WtTimerFunc func, gpointer user_data)
{
  WtSimWorld *self = (WtSimWorld *) world;
  Call call = { func, user_data };
  g_mutex_lock (&self->call_lock);
  g_array_append_val (self->calls, call);
  g_atomic_int_set (&self->called, TRUE);
  g_mutex_unlock (&self->call_lock);
}

static void
sim_free (WtWorld *world)
{
  WtSimWorld *self = (WtSimWorld *) world;
  wt_tcp_free (self->tcp);
  wt_world_tls_clear (&self->base);
  g_hash_table_unref (self->sockets);
  g_hash_table_unref (self->conversations);
  wt_sim_packets_clear (self);
  g_ptr_array_unref (self->packet_blocks);
  wt_sim_queue_clear (&self->queue);
  wt_sim_routes_free (self->routes);
  g_hash_table_unref (self->node_by_entity);
  g_hash_table_unref (self->node_by_ip);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->nodes);
  g_array_unref (self->calls);
  g_mutex_clear (&self->call_lock);
  wt_trace_unref (world->trace);
  g_free (self);
}

static const WtWorldClass sim_class = {
  .now = sim_now,
  .wall_time = sim_wall_time,
  .random = sim_random,
  .node_ip = sim_node_ip,
  .find_ip = sim_find_ip,
  .listen = wt_tcp_listen,
  .listener_close = wt_tcp_listener_close,
  .connect = wt_tcp_connect,
  .conn_send = wt_tcp_send,
  .conn_unsent = wt_tcp_unsent,
  .conn_pause = wt_tcp_pause,
  .conn_close = wt_tcp_close,
  .conn_abort = wt_tcp_abort,
  .conn_sent = wt_tcp_sent,
  .conn_received = wt_tcp_received,
  .bind = wt_sim_bind,
  .socket_send = wt_sim_socket_send,
  .socket_close = wt_sim_socket_close,
  .n_interfaces = wt_sim_n_interfaces,
  .interface = wt_sim_interface,
  .set_interface_up = wt_sim_set_interface_up,
  .net_counters = wt_sim_net_counters,
  .foreach_endpoint = wt_sim_foreach_endpoint,
  .reset_endpoint = wt_tcp_reset_endpoint,
  .watch_interfaces = wt_sim_watch_interfaces,
  .timer = sim_timer,
  .cancel = sim_cancel,
  .call = sim_call,
  .free = sim_free,
};

WtWorld *
wt_sim_world_new (WtTrace *trace, guint64 seed, gint64 start_time)
{
  WtSimWorld *self = g_new0 (WtSimWorld, 1);
  self->base.world_class = &sim_class;
  self->base.trace = wt_trace_ref (trace);
  self->start_time = start_time;
  wt_trace_set_start_time (trace, start_time);
  wt_sim_queue_init (&self->queue);
  wt_sim_random_init (&self->host_random, seed, STREAM_HOSTS);
  wt_sim_random_init (&self->link_random, seed, STREAM_LINKS);
  wt_sim_random_init (&self->tcp_random, seed, STREAM_TCP);
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_sim_link_free);
  self->node_by_entity = g_hash_table_new (NULL, NULL);
  self->node_by_ip = g_hash_table_new (NULL, NULL);
  self->packet_blocks = g_ptr_array_new_with_free_func (g_aligned_free);
  self->routes = wt_sim_routes_new ();
  self->sockets = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->conversations = wt_sim_conversations_new ();
  self->tcp = wt_tcp_new (self);
  g_mutex_init (&self->call_lock);
  self->calls = g_array_new (FALSE, FALSE, sizeof (Call));
  return &self->base;
}
