/* Making a live world, its nodes, starting and stopping it. */
#include "app/world/live-private.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define HEAP_STEP (4 * 1024 * 1024) /* bytes */

void
wt_live_config_defaults (WtLiveConfig *config)
{
  *config = (WtLiveConfig){ .port_offset = WT_LIVE_PORT_OFFSET };
}

static gint64
live_wall_time (WtWorld *world)
{
  return g_get_real_time ();
}

static guint32
live_random (WtWorld *world)
{
  return g_rand_int (((WtLiveWorld *) world)->random);
}

static guint32
live_node_ip (WtWorld *world, WtNode node)
{
  const WtLiveNode *place = wt_live_node ((WtLiveWorld *) world, node);
  return place ? place->ip : 0;
}

static WtNode
live_find_ip (WtWorld *world, guint32 ip)
{
  const WtLiveNode *place = wt_live_node_by_ip ((WtLiveWorld *) world, ip);
  return place ? place->node : 0;
}

static guint64
live_timer (WtWorld *world, gint64 delay_ns, WtTimerFunc func, gpointer user_data)
{
  gint64 now = wt_live_now (world);
  gint64 due = delay_ns > G_MAXINT64 - 1 - now ? G_MAXINT64 - 1 : now + delay_ns;
  return wt_live_timers_add (((WtLiveWorld *) world)->timers, due, func, user_data);
}

static void
live_cancel (WtWorld *world, guint64 timer)
{
  wt_live_timers_cancel (((WtLiveWorld *) world)->timers, timer);
}

/* --- end ------------------------------------------------------------------------------------------------------------ */

static void
close_all (WtLiveWorld *self)
{
  while (self->conns)
    wt_live_conn_dispose (self->conns);
  while (self->listeners->len > 0)
    wt_live_listener_close (g_ptr_array_index (self->listeners, self->listeners->len - 1));
  while (self->sockets->len > 0)
    wt_live_socket_close (g_ptr_array_index (self->sockets, self->sockets->len - 1));
  close (self->epoll_fd);
  close (self->wake_fd);
}

static void
live_free (WtWorld *world)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  wt_live_world_stop (world, NULL, NULL, 0);
  close_all (self);
  g_ptr_array_unref (self->listeners);
  g_ptr_array_unref (self->sockets);
  g_ptr_array_unref (self->dirty);
  g_ptr_array_unref (self->ready);
  g_ptr_array_unref (self->dead);
  wt_live_timers_free (self->timers);
  g_array_unref (self->calls);
  g_array_unref (self->running);
  g_array_unref (self->nodes);
  g_hash_table_unref (self->node_by_ip);
  g_hash_table_unref (self->node_by_id);
  g_hash_table_unref (self->real_places);
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->ways);
  g_hash_table_unref (self->meetings);
  g_hash_table_unref (self->flows);
  g_clear_pointer (&self->ports, g_hash_table_unref);
  g_rand_free (self->random);
  g_mutex_clear (&self->calls_lock);
  g_free (self->bind_text);
  g_free (self->buffer);
  wt_live_datagrams_free (self->datagrams);
  wt_world_tls_clear (&self->world);
  wt_trace_unref (self->world.trace);
  g_free (self);
}

static const WtWorldClass live_class = {
  .now = wt_live_now,
  .wall_time = live_wall_time,
  .random = live_random,
  .node_ip = live_node_ip,
  .find_ip = live_find_ip,
  .listen = wt_live_listen,
  .listener_close = wt_live_listener_close,
  .connect = wt_live_connect,
  .conn_send = wt_live_conn_send,
  .conn_unsent = wt_live_conn_unsent,
  .conn_pause = wt_live_conn_pause,
  .conn_close = wt_live_conn_close,
  .conn_abort = wt_live_conn_abort,
  .conn_sent = wt_live_conn_sent,
  .conn_received = wt_live_conn_received,
  .bind = wt_live_bind_socket,
  .socket_send = wt_live_socket_send,
  .socket_close = wt_live_socket_close,
  .n_interfaces = wt_live_n_interfaces,
  .interface = wt_live_interface,
  .set_interface_up = wt_live_set_interface_up,
  .net_counters = wt_live_net_counters,
  .foreach_endpoint = wt_live_foreach_endpoint,
  .reset_endpoint = wt_live_reset_endpoint,
  .watch_interfaces = wt_live_watch_interfaces,
  .timer = live_timer,
  .cancel = live_cancel,
  .call = wt_live_call,
  .free = live_free,
};

/* --- beginning ------------------------------------------------------------------------------------------------------ */

/* Shells give 1,024 descriptors and allow more; a server with 1,000 idle connections wants more. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;
  rlim_t wanted = 2 * WT_LIVE_CONNECTIONS_MAX;
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, wanted);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static void
take_config (WtLiveWorld *self, const WtLiveConfig *config)
{
  GHashTableIter iter;
  gpointer service, port;
  self->port_offset = config->port_offset;
  if (config->bind)
    {
      struct in_addr address = { 0 };
      self->bind_text = g_strdup (config->bind);
      self->has_bind = inet_pton (AF_INET, config->bind, &address) == 1;
      self->bind_ip = ntohl (address.s_addr);
    }
  if (config->ports == NULL)
    return;
  self->ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, config->ports);
  while (g_hash_table_iter_next (&iter, &service, &port))
    g_hash_table_insert (self->ports, g_strdup (service), port);
}

static void
make_loop (WtLiveWorld *self)
{
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  wt_live_watch (self, self->wake_fd, EPOLLIN, &self->wake_source, FALSE);
  self->timers = wt_live_timers_new ();
  self->calls = g_array_new (FALSE, FALSE, sizeof (WtLiveCall));
  self->running = g_array_new (FALSE, FALSE, sizeof (WtLiveCall));
  g_mutex_init (&self->calls_lock);
  self->buffer = g_malloc (WT_LIVE_READ_MAX);
  self->datagrams = wt_live_datagrams_new ();
  self->listeners = g_ptr_array_new ();
  self->sockets = g_ptr_array_new ();
  self->dirty = g_ptr_array_new ();
  self->ready = g_ptr_array_new ();
  self->dead = g_ptr_array_new_with_free_func (g_free);
}

static void
make_tables (WtLiveWorld *self)
{
  self->nodes = g_array_new (FALSE, FALSE, sizeof (WtLiveNode));
  self->node_by_ip = g_hash_table_new (NULL, NULL);
  self->node_by_id = g_hash_table_new (NULL, NULL);
  self->places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->real_places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->peers = g_hash_table_new (NULL, NULL);
  self->ways = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->meetings = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->flows = wt_live_flows_new ();
}

WtWorld *
wt_live_world_new (WtTrace *trace, const WtLiveConfig *config)
{
  WtLiveWorld *self = g_new0 (WtLiveWorld, 1);
  self->world = (WtWorld){ &live_class, wt_trace_ref (trace), TRUE };
  self->began = wt_live_now (&self->world);
  wt_trace_set_start_time (trace, g_get_real_time ());
  self->random = g_rand_new ();
  raise_descriptor_limit ();
  take_config (self, config);
  make_loop (self);
  make_tables (self);
  return &self->world;
}

WtNode
wt_live_world_add_node (WtWorld *world, const char *name, guint32 ip, guint32 real_ip)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  WtEntity entity = { .kind = WT_ENTITY_NODE, .name = name };
  WtLiveNode node = { .ip = ip, .real_ip = real_ip ? real_ip : wt_live_choose_ip (self, ip) };
  node.node = wt_trace_add_entity (world->trace, &entity);
  g_array_append_val (self->nodes, node);
  g_hash_table_insert (self->node_by_id, GUINT_TO_POINTER (node.node), GUINT_TO_POINTER (self->nodes->len));
  if (ip != 0)
    g_hash_table_insert (self->node_by_ip, GUINT_TO_POINTER (ip), GUINT_TO_POINTER (self->nodes->len));
  return node.node;
}

/* The trace grows in the world's thread. glibc gives a thread a heap of its own, which grows by one system call a page;
 * the common one grows in steps. */
static void
choose_heap (void)
{
#ifdef M_ARENA_MAX
  mallopt (M_ARENA_MAX, 1);
  mallopt (M_TOP_PAD, HEAP_STEP);
#endif
}

void
wt_live_world_start (WtWorld *world)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  g_return_if_fail (self->thread == NULL);
  choose_heap ();
  self->thread = g_thread_new ("live-world", wt_live_run, self);
}

/* --- stopping ------------------------------------------------------------------------------------------------------- */

typedef struct {
  WtLiveWorld *world;
  WtTimerFunc func; /* (nullable) */
  gpointer user_data;
  guint grace_ms;
} Stop;

static void
abort_the_rest (gpointer user_data)
{
  WtLiveWorld *self = user_data;
  while (self->conns)
    wt_live_conn_end (self->conns, WT_CONN_RESET, TRUE);
  self->quit = TRUE;
}

static void
stop_here (gpointer user_data)
{
  const Stop *stop = user_data;
  WtLiveWorld *self = stop->world;
  wt_live_listeners_pause (self);
  self->stopping = TRUE;
  wt_live_timers_add (self->timers, wt_live_now (&self->world) + stop->grace_ms * WT_NSEC_PER_MSEC, abort_the_rest, self);
  if (stop->func)
    stop->func (stop->user_data);
}

void
wt_live_world_stop (WtWorld *world, WtTimerFunc stopping, gpointer user_data, guint grace_ms)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  Stop stop = { self, stopping, user_data, grace_ms };
  if (self->thread == NULL)
    {
      if (!self->stopping && stopping)
        stopping (user_data);
      self->stopping = TRUE;
      return;
    }
  wt_live_call (world, stop_here, &stop);
  g_thread_join (g_steal_pointer (&self->thread));
}

void
wt_live_world_status (WtWorld *world, WtLiveStatus *status)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  status->n_connections = __atomic_load_n (&self->n_connections, __ATOMIC_RELAXED);
  status->n_accepted = __atomic_load_n (&self->n_accepted, __ATOMIC_RELAXED);
}
