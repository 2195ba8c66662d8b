/* Connections that our hosts open, and how the two ends of one between our hosts find each other: the client's real
 * address is remembered from connect() until the server's end is accepted. */
#include "app/world/live-private.h"
#include "app/world/live-relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  gint64 key;
  WtLiveConn *client; /* NULL: it has ended before it was accepted */
} Meeting;

static gint64
meeting_key (WtAddress real_client)
{
  return (gint64) real_client.ip << 16 | real_client.port;
}

static void
expect_meeting (WtLiveWorld *self, WtLiveConn *client)
{
  Meeting *meeting = g_new (Meeting, 1);
  *meeting = (Meeting){ meeting_key (client->real_local), client };
  g_hash_table_replace (self->meetings, &meeting->key, meeting);
}

gboolean
wt_live_meet (WtLiveWorld *self, WtAddress real_client, WtLiveConn **client)
{
  gint64 key = meeting_key (real_client);
  const Meeting *meeting = g_hash_table_lookup (self->meetings, &key);
  if (meeting == NULL)
    return FALSE;
  *client = meeting->client;
  g_hash_table_remove (self->meetings, &key);
  return TRUE;
}

void
wt_live_forget_meeting (WtLiveConn *client, gboolean accept_will_come)
{
  WtLiveWorld *self = (WtLiveWorld *) client->conn.world;
  gint64 key = meeting_key (client->real_local);
  Meeting *meeting = g_hash_table_lookup (self->meetings, &key);
  if (meeting == NULL || meeting->client != client)
    return;
  if (accept_will_come)
    meeting->client = NULL;
  else
    g_hash_table_remove (self->meetings, &key);
}

/* --- ending before it began ----------------------------------------------------------------------------------------- */

static WtConnEnd
end_for (int code)
{
  switch (code)
    {
    case ECONNREFUSED:
      return WT_CONN_REFUSED;
    case ETIMEDOUT:
      return WT_CONN_TIMED_OUT;
    case ECONNRESET:
    case EPIPE:
      return WT_CONN_RESET;
    default:
      return WT_CONN_UNREACHABLE;
    }
}

/* The host hears of it in the next turn, not from within connect(). */
static void
fail_later (WtLiveConn *conn, WtConnEnd how)
{
  conn->failed = TRUE;
  conn->failure = how;
  wt_live_to_read (conn);
}

/* --- connecting ----------------------------------------------------------------------------------------------------- */

/* From the host's own loopback address to a loopback address; to the network from whatever the system routes by. */
static void
bind_source (WtLiveWorld *self, int fd, WtNode node, WtAddress real_to)
{
  const WtLiveNode *client = wt_live_node (self, node);
  int on = 1;
  if (client == NULL || self->has_bind || real_to.ip >> 24 != 127)
    return;
  struct sockaddr_in source = wt_live_to_sockaddr ((WtAddress){ client->real_ip, 0 });
  setsockopt (fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind (fd, (struct sockaddr *) &source, sizeof source) != 0)
    g_debug ("bind to a host's own address: %s", g_strerror (errno)); /* the system's choice will do */
}

static void
begin (WtLiveConn *conn)
{
  WtLiveWorld *self = (WtLiveWorld *) conn->conn.world;
  struct sockaddr_in address = wt_live_to_sockaddr (conn->real_peer);
  bind_source (self, conn->fd, conn->conn.node, conn->real_peer);
  int result = connect (conn->fd, (struct sockaddr *) &address, sizeof address);
  int code = errno;
  conn->real_local = wt_live_local_address (conn->fd);
  if (result != 0 && code != EINPROGRESS)
    {
      fail_later (conn, end_for (code));
      return;
    }
  if (conn->conn.peer_is_ours)
    expect_meeting (self, conn);
  wt_live_watch (self, conn->fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &conn->source, FALSE);
  conn->watches_out = TRUE;
}

static void
introduce (WtLiveConn *conn, const WtLiveNode *server)
{
  WtConn *end = &conn->conn;
  WtLiveWorld *self = (WtLiveWorld *) end->world;
  end->peer_is_ours = server != NULL;
  end->peer_node = server ? server->node : wt_live_peer_node (self, conn->real_peer.ip);
  end->local = (WtAddress){ wt_world_node_ip (end->world, end->node), conn->real_local.port };
  end->entity = wt_live_add_conversation (self, WT_TRANSPORT_TCP, end->protocol, end->node, end->local, end->peer_node,
                                          end->peer);
  wt_conn_record_change (end, WT_CONNECTION_OPENING, NULL);
}

/* Not introduced yet: without a conversation. `server` (nullable): it is one of our hosts. */
static WtLiveConn *
connect_to (WtLiveWorld *self, WtNode node, WtAddress to, const WtLiveNode *server, WtProtocol protocol,
            const WtConnOps *ops, gpointer user_data)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int code = errno, on = 1;
  WtLiveConn *conn = wt_live_conn_new (self, fd);
  conn->conn.node = node;
  conn->conn.ops = ops;
  conn->conn.user_data = user_data;
  conn->conn.protocol = protocol;
  conn->conn.peer = to;
  conn->opening = TRUE;
  wt_live_count_open (self, node, FALSE);
  conn->real_peer = server ? wt_live_real_address (self, server->node, to.port, WT_TRANSPORT_TCP) : to;
  gboolean nobody = server && self->has_bind && !wt_live_place (self, server->node, to.port, WT_TRANSPORT_TCP);
  conn->conn.peer_is_ours = server != NULL;
  if (fd < 0)
    fail_later (conn, end_for (code));
  else if (nobody) /* with one address for all, the port may be another host's */
    fail_later (conn, WT_CONN_REFUSED);
  else
    {
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      begin (conn);
    }
  return conn;
}

WtConn *
wt_live_connect (WtWorld *world, WtNode node, WtAddress to, WtProtocol protocol, const WtConnOps *ops, gpointer user_data)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  const WtLiveNode *server = wt_live_node_by_ip (self, to.ip);
  WtLiveConn *conn = connect_to (self, node, to, server, protocol, ops, user_data);
  introduce (conn, server);
  return &conn->conn;
}

WtConn *
wt_conn_connect_onward (WtConn *near, WtAddress to, const WtConnOps *ops, gpointer user_data)
{
  g_return_val_if_fail (near->world->live, NULL);
  WtLiveConn *conn = connect_to ((WtLiveWorld *) near->world, near->node, to, NULL, near->protocol, ops, user_data);
  const WtEntity *conversation = wt_trace_entity (near->world->trace, near->entity);
  conn->conn.peer_node = conversation ? conversation->server : 0;
  conn->conn.local = (WtAddress){ wt_world_node_ip (near->world, near->node), conn->real_local.port };
  conn->conn.entity = near->entity;
  conn->open_recorded = conn->end_recorded = TRUE; /* `near` tells when the conversation begins and ends */
  return &conn->conn;
}

void
wt_live_connect_done (WtLiveConn *conn)
{
  int code = 0;
  socklen_t length = sizeof code;
  getsockopt (conn->fd, SOL_SOCKET, SO_ERROR, &code, &length);
  if (code != 0)
    {
      wt_live_conn_end (conn, end_for (code), FALSE);
      return;
    }
  conn->opening = FALSE;
  wt_live_record_open (conn);
  if (conn->conn.ops->connected)
    conn->conn.ops->connected (&conn->conn, conn->conn.user_data);
  if (conn->fd >= 0)
    wt_live_to_flush (conn);
}
