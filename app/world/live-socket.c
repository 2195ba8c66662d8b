/* UDP sockets. */
#include "app/world/address-pair.h"
#include "app/world/live-private.h"
#include "app/world/live-relay.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A datagram of somebody who is not ours is recorded by who receives it. Which exchange it opens shows when the host
 * answers: so it waits for that, and at longest until the host has returned. */
static void
record_pending (WtLiveSocket *self, guint32 exchange)
{
  g_autoptr (GBytes) payload = g_steal_pointer (&self->pending);
  if (payload == NULL)
    return;
  WtMessage message = { .protocol = self->socket.protocol, .exchange = exchange, .bytes = payload };
  wt_live_record_datagram (self, self->asker, self->real, &message);
}

static void
note_unsent (WtLiveSocket *self, int code)
{
  wt_world_note (self->socket.world, self->socket.node, WT_NOTE_WARNING, N_ ("a datagram could not be sent: %s"),
                 g_strerror (code));
}

/* Of a socket that is connected: what ICMP has said. */
static void
note_error (WtLiveSocket *self)
{
  int code = 0;
  socklen_t length = sizeof code;
  if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0 && code != 0)
    wt_world_note (self->socket.world, self->socket.node, WT_NOTE_WARNING, N_ ("a datagram did not reach its port: %s"),
                   g_strerror (code));
}

static void
flush (WtLiveSocket *self)
{
  int code = wt_live_datagrams_flush (((WtLiveWorld *) self->socket.world)->datagrams, self->fd);
  if (code != 0)
    note_unsent (self, code);
}

static void
receive (WtLiveSocket *self, const guint8 *bytes, gsize n_bytes, WtAddress real_from)
{
  WtLiveWorld *world = (WtLiveWorld *) self->socket.world;
  const WtLivePlace *ours = wt_live_place_at (world, real_from, WT_TRANSPORT_UDP);
  WtAddress shown = ours ? (WtAddress){ wt_world_node_ip (&world->world, ours->node), ours->port } : real_from;
  wt_live_count_in (world, self->socket.node, n_bytes, TRUE);
  if (ours == NULL && !self->relay)
    self->pending = g_bytes_new (bytes, n_bytes);
  self->asker = real_from;
  self->asker_is_foreign = ours == NULL;
  self->socket.func (&self->socket, shown, bytes, n_bytes, self->socket.user_data);
  record_pending (self, 0);
  self->asker_is_foreign = FALSE;
}

/* One batch a turn: what is left wakes the loop again, so a flood of datagrams holds up nobody else. */
static void
handle (gpointer owner, guint32 events)
{
  WtLiveSocket *self = owner;
  WtLiveWorld *world = (WtLiveWorld *) self->socket.world;
  if (events & EPOLLERR)
    note_error (self);
  guint n = wt_live_datagrams_receive (world->datagrams, self->fd);
  world->answering = self;
  for (guint i = 0; i < n && self->fd >= 0; i++)
    {
      gsize n_bytes;
      WtAddress from;
      const guint8 *bytes = wt_live_datagrams_nth (world->datagrams, i, &n_bytes, &from);
      receive (self, bytes, n_bytes, from);
    }
  world->answering = NULL;
  if (self->fd >= 0)
    flush (self);
}

WtSocket *
wt_live_bind_socket (WtWorld *world, WtNode node, guint16 port, WtProtocol protocol, WtDatagramFunc func,
                     gpointer user_data, GError **error)
{
  WtLiveWorld *live = (WtLiveWorld *) world;
  WtAddress real;
  int fd = wt_live_bind (live, node, port, SOCK_DGRAM, &real, error);
  if (fd < 0)
    return NULL;
  WtLiveSocket *self = g_new0 (WtLiveSocket, 1);
  self->ephemeral = port == 0;
  self->socket = (WtSocket){ world, node, port ? port : real.port, protocol, func, user_data };
  self->source = (WtLiveSource){ handle, self };
  self->fd = fd;
  self->real = real;
  wt_live_add_place (live, node, self->socket.port, WT_TRANSPORT_UDP, real);
  g_ptr_array_add (live->sockets, self);
  wt_live_watch (live, fd, EPOLLIN, &self->source, FALSE);
  return &self->socket;
}

WtSocket *
wt_socket_connect_onward (WtSocket *relay, WtAddress to, WtDatagramFunc func, gpointer user_data, GError **error)
{
  WtLiveWorld *live = (WtLiveWorld *) relay->world;
  struct sockaddr_in address = wt_live_to_sockaddr (to);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      g_set_error_literal (error, WT_WORLD_ERROR, WT_WORLD_ERROR_FAILED, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  WtLiveSocket *self = g_new0 (WtLiveSocket, 1);
  self->ephemeral = self->relay = TRUE;
  self->real = wt_live_local_address (fd);
  self->socket = (WtSocket){ relay->world, relay->node, self->real.port, relay->protocol, func, user_data };
  self->source = (WtLiveSource){ handle, self };
  self->fd = fd;
  g_ptr_array_add (live->sockets, self);
  wt_live_watch (live, fd, EPOLLIN, &self->source, FALSE);
  return &self->socket;
}

/* Where a datagram really goes: back to somebody who is not ours as it came, else to the host that has the address. */
static WtAddress
target (WtLiveSocket *self, WtAddress to)
{
  WtLiveWorld *world = (WtLiveWorld *) self->socket.world;
  gboolean foreign = self->relay || wt_live_flow_is_foreign (self, to);
  const WtLiveNode *node = foreign ? NULL : wt_live_node_by_ip (world, to.ip);
  return node ? wt_live_real_address (world, node->node, to.port, WT_TRANSPORT_UDP) : to;
}

/* Answers to what has come in one system call leave in one, too. */
static void
send_or_queue (WtLiveSocket *self, WtAddress real, GBytes *bytes)
{
  WtLiveWorld *world = (WtLiveWorld *) self->socket.world;
  if (world->answering == self && wt_live_datagrams_queue (world->datagrams, real, bytes))
    return;
  if (world->answering == self)
    flush (self);
  struct sockaddr_in address = wt_live_to_sockaddr (real);
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (bytes, &n_bytes);
  if (sendto (self->fd, data, n_bytes, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *) &address, sizeof address) < 0)
    note_unsent (self, errno);
}

void
wt_live_socket_send (WtSocket *socket, WtAddress to, const WtMessage *message)
{
  WtLiveSocket *self = (WtLiveSocket *) socket;
  if (self->fd < 0)
    return;
  gboolean answer = self->asker_is_foreign && wt_address_equal (self->asker, to);
  if (answer)
    record_pending (self, message->exchange);
  WtAddress real = answer ? to : target (self, to);
  if (!self->relay)
    wt_live_record_datagram (self, self->real, real, message);
  wt_live_count_out ((WtLiveWorld *) socket->world, socket->node, g_bytes_get_size (message->bytes), TRUE);
  send_or_queue (self, real, message->bytes);
}

void
wt_live_socket_close (WtSocket *socket)
{
  WtLiveSocket *self = (WtLiveSocket *) socket;
  WtLiveWorld *world = (WtLiveWorld *) socket->world;
  if (self->fd < 0)
    return;
  if (world->answering == self)
    flush (self);
  close (self->fd);
  self->fd = -1;
  wt_live_remove_place (world, socket->node, socket->port, WT_TRANSPORT_UDP);
  wt_live_forget_flows (world, self->real);
  g_ptr_array_remove (world->sockets, self);
  wt_live_free_later (world, self);
}
