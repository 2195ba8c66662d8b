/* Listening ports. They are watched level-triggered and one connection is accepted a turn, so that a crowd at the door
 * does not keep those who are in from being served. */
#include "app/world/live-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NOTE_INTERVAL (10 * WT_NSEC_PER_SEC) /* a full house is said once in this time */

static void
set_paused (WtLiveListener *self, gboolean paused)
{
  if (self->paused == paused)
    return;
  self->paused = paused;
  wt_live_watch ((WtLiveWorld *) self->listener.world, self->fd, paused ? 0 : EPOLLIN, &self->source, TRUE);
}

static void
resume (gpointer user_data)
{
  WtLiveListener *self = user_data;
  self->resume_timer = 0;
  if (!((WtLiveWorld *) self->listener.world)->stopping)
    set_paused (self, FALSE);
}

/* Nobody is accepted for a moment, so that a full table does not make the loop spin; clients wait in the backlog. */
static void
pause_for_a_moment (WtLiveListener *self, const char *why)
{
  WtLiveWorld *world = (WtLiveWorld *) self->listener.world;
  gint64 now = wt_live_now (&world->world);
  set_paused (self, TRUE);
  if (self->resume_timer == 0)
    self->resume_timer = wt_live_timers_add (world->timers, now + WT_LIVE_ACCEPT_PAUSE, resume, self);
  if (world->limit_noted && now - world->last_limit_note < NOTE_INTERVAL)
    return;
  world->limit_noted = TRUE;
  world->last_limit_note = now;
  wt_world_note (&world->world, self->listener.node, WT_NOTE_WARNING,
                 N_ ("new connections wait at the door: %u are open (%s)"), world->n_connections, why);
}

/* --- accepting ------------------------------------------------------------------------------------------------------ */

static void
introduce (WtLiveConn *conn, const WtLiveListener *listener, WtLiveConn *client)
{
  WtConn *end = &conn->conn;
  end->node = listener->listener.node;
  end->protocol = listener->listener.protocol;
  end->is_server = TRUE;
  end->local = (WtAddress){ wt_world_node_ip (end->world, end->node), listener->listener.port };
  if (client)
    {
      end->peer = client->conn.local;
      end->peer_node = client->conn.node;
      end->peer_is_ours = TRUE;
      end->entity = client->conn.entity;
      conn->other = client;
      client->other = conn;
      wt_live_record_open (client); /* its own word of it may come after the first message */
      return;
    }
  end->peer = conn->real_peer;
  end->peer_node = wt_live_peer_node ((WtLiveWorld *) end->world, conn->real_peer.ip);
  if (listener->stands_in)
    wt_live_add_way ((WtLiveWorld *) end->world, end->peer_node, end->node);
  end->entity = wt_live_add_conversation ((WtLiveWorld *) end->world, WT_TRANSPORT_TCP, end->protocol, end->peer_node,
                                          end->peer, listener->stands_in ? listener->stands_in : end->node,
                                          listener->stands_in ? listener->stands_at : end->local);
  wt_conn_record_change (end, WT_CONNECTION_OPEN, NULL);
}

static void
refuse (WtLiveConn *conn)
{
  struct linger reset = { 1, 0 };
  setsockopt (conn->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  wt_live_record_end (conn, WT_CONN_RESET);
  wt_live_conn_dispose (conn);
}

static void
welcome (WtLiveListener *self, int fd, WtAddress real_peer)
{
  WtLiveWorld *world = (WtLiveWorld *) self->listener.world;
  WtLiveConn *client = NULL;
  if (wt_live_meet (world, real_peer, &client) && client == NULL)
    {
      close (fd);
      return;
    }
  WtLiveConn *conn = wt_live_conn_new (world, fd);
  conn->real_local = self->real;
  conn->real_peer = real_peer;
  __atomic_store_n (&world->n_accepted, world->n_accepted + 1, __ATOMIC_RELAXED);
  introduce (conn, self, client);
  wt_live_count_open (world, self->listener.node, TRUE);
  wt_live_watch (world, fd, EPOLLIN | EPOLLRDHUP | EPOLLET, &conn->source, FALSE);
  const WtConnOps *ops = NULL;
  gpointer user_data = NULL;
  gboolean taken = self->listener.func (&self->listener, &conn->conn, &ops, &user_data, self->listener.user_data);
  if (conn->fd < 0)
    return; /* the host has aborted it */
  conn->conn.ops = ops;
  conn->conn.user_data = user_data;
  if (!taken || ops == NULL)
    refuse (conn);
  else if (ops->connected)
    ops->connected (&conn->conn, user_data);
}

static gboolean
is_lack (int code)
{
  return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

static void
handle (gpointer owner, guint32 events)
{
  WtLiveListener *self = owner;
  WtLiveWorld *world = (WtLiveWorld *) self->listener.world;
  struct sockaddr_in peer = { 0 };
  socklen_t length = sizeof peer;
  if (self->fd < 0 || self->paused)
    return;
  if (world->n_connections >= WT_LIVE_CONNECTIONS_MAX)
    {
      pause_for_a_moment (self, "the most that are allowed");
      return;
    }
  int fd = accept4 (self->fd, (struct sockaddr *) &peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0)
    welcome (self, fd, wt_live_from_sockaddr (&peer));
  else if (is_lack (errno))
    pause_for_a_moment (self, g_strerror (errno));
}

/* --- listeners ------------------------------------------------------------------------------------------------------ */

WtListener *
wt_live_listen (WtWorld *world, WtNode node, guint16 port, WtProtocol protocol, WtAcceptFunc func, gpointer user_data,
                GError **error)
{
  WtLiveWorld *live = (WtLiveWorld *) world;
  WtAddress real;
  int fd = wt_live_bind (live, node, port, SOCK_STREAM, &real, error);
  if (fd < 0)
    return NULL;
  WtLiveListener *self = g_new0 (WtLiveListener, 1);
  self->listener = (WtListener){ world, node, port, protocol, func, user_data };
  self->source = (WtLiveSource){ handle, self };
  self->fd = fd;
  self->real = real;
  wt_live_add_place (live, node, port, WT_TRANSPORT_TCP, real);
  g_ptr_array_add (live->listeners, self);
  wt_live_watch (live, fd, EPOLLIN, &self->source, FALSE);
  return &self->listener;
}

void
wt_live_listener_close (WtListener *listener)
{
  WtLiveListener *self = (WtLiveListener *) listener;
  WtLiveWorld *world = (WtLiveWorld *) listener->world;
  if (self->fd < 0)
    return;
  close (self->fd);
  self->fd = -1;
  wt_live_timers_cancel (world->timers, self->resume_timer);
  wt_live_remove_place (world, listener->node, listener->port, WT_TRANSPORT_TCP);
  g_ptr_array_remove (world->listeners, self);
  wt_live_free_later (world, self);
}

void
wt_live_listeners_pause (WtLiveWorld *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    set_paused (g_ptr_array_index (self->listeners, i), TRUE);
}
