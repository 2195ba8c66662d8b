/* UDP sockets. */
#include "app/world/live-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAMS_A_TURN 32

/* A datagram of somebody who is not ours is recorded by who receives it. Which exchange it opens shows when the host
 * answers: so it waits for that, and at longest until the host has returned. */
static void
record_pending (WtLiveSocket *self, guint32 exchange)
{
  g_autoptr (GBytes) payload = g_steal_pointer (&self->pending);
  if (payload == NULL)
    return;
  WtMessage message = { .protocol = self->socket.protocol, .exchange = exchange, .bytes = payload };
  wt_live_record_datagram (self, self->pending_from, self->real, &message);
}

static WtAddress
shown_address (WtLiveWorld *self, WtAddress real)
{
  const WtLivePlace *place = wt_live_place_at (self, real, WT_TRANSPORT_UDP);
  return place ? (WtAddress){ wt_world_node_ip (&self->world, place->node), place->port } : real;
}

static void
handle (gpointer owner, guint32 events)
{
  WtLiveSocket *self = owner;
  WtLiveWorld *world = (WtLiveWorld *) self->socket.world;
  for (guint i = 0; i < DATAGRAMS_A_TURN && self->fd >= 0; i++)
    {
      struct sockaddr_in peer = { 0 };
      socklen_t length = sizeof peer;
      gssize n = recvfrom (self->fd, world->buffer, WT_LIVE_READ_MAX, MSG_DONTWAIT, (struct sockaddr *) &peer, &length);
      if (n < 0)
        return;
      wt_live_count_in (world, self->socket.node, n, TRUE);
      WtAddress real_from = wt_live_from_sockaddr (&peer);
      if (wt_live_place_at (world, real_from, WT_TRANSPORT_UDP) == NULL)
        self->pending = g_bytes_new (world->buffer, n);
      self->pending_from = real_from;
      self->socket.func (&self->socket, shown_address (world, real_from), world->buffer, n, self->socket.user_data);
      record_pending (self, 0);
    }
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

/* Where a datagram really goes: back to somebody who is not ours as it came, else to the host that has the address. */
static WtAddress
target (WtLiveSocket *self, WtAddress to)
{
  WtLiveWorld *world = (WtLiveWorld *) self->socket.world;
  const WtLiveNode *node = wt_live_flow_is_foreign (self, to) ? NULL : wt_live_node_by_ip (world, to.ip);
  return node ? wt_live_real_address (world, node->node, to.port, WT_TRANSPORT_UDP) : to;
}

void
wt_live_socket_send (WtSocket *socket, WtAddress to, const WtMessage *message)
{
  WtLiveSocket *self = (WtLiveSocket *) socket;
  if (self->fd < 0)
    return;
  if (self->pending && self->pending_from.ip == to.ip && self->pending_from.port == to.port)
    record_pending (self, message->exchange);
  WtAddress real = target (self, to);
  struct sockaddr_in address = wt_live_to_sockaddr (real);
  gsize n_bytes;
  gconstpointer bytes = g_bytes_get_data (message->bytes, &n_bytes);
  wt_live_record_datagram (self, self->real, real, message);
  wt_live_count_out ((WtLiveWorld *) socket->world, socket->node, n_bytes, TRUE);
  if (sendto (self->fd, bytes, n_bytes, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *) &address, sizeof address) < 0)
    wt_world_note (socket->world, socket->node, WT_NOTE_WARNING, N_ ("a datagram could not be sent: %s"),
                   g_strerror (errno));
}

void
wt_live_socket_close (WtSocket *socket)
{
  WtLiveSocket *self = (WtLiveSocket *) socket;
  WtLiveWorld *world = (WtLiveWorld *) socket->world;
  if (self->fd < 0)
    return;
  close (self->fd);
  self->fd = -1;
  wt_live_remove_place (world, socket->node, socket->port, WT_TRANSPORT_UDP);
  wt_live_forget_flows (world, self->real);
  g_ptr_array_remove (world->sockets, self);
  wt_live_free_later (world, self);
}
