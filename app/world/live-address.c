/* Addresses: the scenario's to real ones and back, and binding to them. */
#include "app/world/live-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK 0x7f000000u
#define DATAGRAM_BUFFER (4 << 20) /* bytes */
#define IS_LOOPBACK(ip) (((ip) >> 24) == 127)

static const struct {
  guint16 port;
  const char *service;
} services[] = {
  { 24, "lmtp" },   { 25, "smtp" },       { 53, "dns" },     { 110, "pop3" },       { 143, "imap" },        { 161, "snmp" },
  { 162, "snmptrap" }, { 465, "submissions" }, { 587, "submission" }, { 993, "imaps" }, { 995, "pop3s" },
};

const char *
wt_live_service_name (guint16 port)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    if (services[i].port == port)
      return services[i].service;
  return NULL;
}

/* --- nodes ---------------------------------------------------------------------------------------------------------- */

static const WtLiveNode *
node_in (WtLiveWorld *self, GHashTable *table, guint32 key)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (table, GUINT_TO_POINTER (key)));
  return index ? &g_array_index (self->nodes, WtLiveNode, index - 1) : NULL;
}

const WtLiveNode *
wt_live_node (WtLiveWorld *self, WtNode node)
{
  return node_in (self, self->node_by_id, node);
}

const WtLiveNode *
wt_live_node_by_ip (WtLiveWorld *self, guint32 ip)
{
  return node_in (self, self->node_by_ip, ip);
}

static gboolean
real_ip_taken (WtLiveWorld *self, guint32 real_ip)
{
  for (guint i = 0; i < self->nodes->len; i++)
    if (g_array_index (self->nodes, WtLiveNode, i).real_ip == real_ip)
      return TRUE;
  return FALSE;
}

/* 127.0.0.0/24 is where other programs of this machine live; .0 and .255 look like networks. */
guint32
wt_live_choose_ip (WtLiveWorld *self, guint32 ip)
{
  guint32 low = ip & 0xffffff;
  while (low <= 0xff || (low & 0xff) == 0 || (low & 0xff) == 0xff || real_ip_taken (self, LOOPBACK | low))
    low = low >= 0xfffffe ? 0x101 : low + 1;
  return LOOPBACK | low;
}

/* --- places --------------------------------------------------------------------------------------------------------- */

static gint64
place_key (guint32 node_or_ip, WtTransport transport, guint16 port)
{
  return (gint64) node_or_ip << 20 | (gint64) transport << 16 | port;
}

static gint64 *
copy_key (gint64 key)
{
  gint64 *copy = g_new (gint64, 1);
  *copy = key;
  return copy;
}

const WtLivePlace *
wt_live_add_place (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport, WtAddress real)
{
  WtLivePlace *place = g_new (WtLivePlace, 1);
  *place = (WtLivePlace){ node, port, transport, real };
  g_hash_table_replace (self->places, copy_key (place_key (node, transport, port)), place);
  g_hash_table_replace (self->real_places, copy_key (place_key (real.ip, transport, real.port)), place);
  return place;
}

const WtLivePlace *
wt_live_place (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport)
{
  gint64 key = place_key (node, transport, port);
  return g_hash_table_lookup (self->places, &key);
}

const WtLivePlace *
wt_live_place_at (WtLiveWorld *self, WtAddress real, WtTransport transport)
{
  gint64 key = place_key (real.ip, transport, real.port);
  const WtLivePlace *place = g_hash_table_lookup (self->real_places, &key);
  if (place || !self->has_bind || self->bind_ip != 0 || !IS_LOOPBACK (real.ip))
    return place;
  key = place_key (0, transport, real.port); /* bound to every address: seen from here, to loopback too */
  return g_hash_table_lookup (self->real_places, &key);
}

void
wt_live_remove_place (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport)
{
  const WtLivePlace *place = wt_live_place (self, node, port, transport);
  if (place == NULL)
    return;
  gint64 real_key = place_key (place->real.ip, transport, place->real.port);
  gint64 key = place_key (node, transport, port);
  g_hash_table_remove (self->real_places, &real_key);
  g_hash_table_remove (self->places, &key);
}

void
wt_live_world_foreach_service (WtWorld *world, WtLiveServiceFunc func, gpointer user_data)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  for (guint i = 0; i < self->listeners->len; i++)
    {
      const WtLiveListener *each = g_ptr_array_index (self->listeners, i);
      func (each->listener.node, each->listener.port, WT_TRANSPORT_TCP, each->real, user_data);
    }
  for (guint i = 0; i < self->sockets->len; i++)
    {
      const WtLiveSocket *each = g_ptr_array_index (self->sockets, i);
      if (!each->ephemeral)
        func (each->socket.node, each->socket.port, WT_TRANSPORT_UDP, each->real, user_data);
    }
}

/* --- mapping -------------------------------------------------------------------------------------------------------- */

static guint16
real_port (WtLiveWorld *self, guint16 port)
{
  const char *service = wt_live_service_name (port);
  gpointer chosen;
  if (service && self->ports && g_hash_table_lookup_extended (self->ports, service, NULL, &chosen))
    return GPOINTER_TO_UINT (chosen);
  return port == 0 || port + self->port_offset > G_MAXUINT16 ? port : port + self->port_offset;
}

/* With one address for all hosts, the second host with a service has it on the next port that none of ours has. */
WtAddress
wt_live_real_address (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport)
{
  const WtLivePlace *place = port ? wt_live_place (self, node, port, transport) : NULL;
  if (place)
    return place->real;
  const WtLiveNode *host = wt_live_node (self, node);
  WtAddress real = { self->has_bind ? self->bind_ip : host ? host->real_ip : 0, real_port (self, port) };
  while (self->has_bind && real.port != 0 && wt_live_place_at (self, real, transport))
    real.port++;
  return real;
}

WtAddress
wt_live_world_map (WtWorld *world, WtAddress scenario)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  const WtLiveNode *node = wt_live_node_by_ip (self, scenario.ip);
  if (node == NULL)
    return scenario;
  const WtLivePlace *udp = wt_live_place (self, node->node, scenario.port, WT_TRANSPORT_UDP);
  if (udp && wt_live_place (self, node->node, scenario.port, WT_TRANSPORT_TCP) == NULL)
    return udp->real;
  return wt_live_real_address (self, node->node, scenario.port, WT_TRANSPORT_TCP);
}

struct sockaddr_in
wt_live_to_sockaddr (WtAddress address)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = g_htons (address.port),
                               .sin_addr.s_addr = g_htonl (address.ip) };
}

WtAddress
wt_live_from_sockaddr (const struct sockaddr_in *address)
{
  return (WtAddress){ g_ntohl (address->sin_addr.s_addr), g_ntohs (address->sin_port) };
}

WtAddress
wt_live_local_address (int fd)
{
  struct sockaddr_in address = { 0 };
  socklen_t length = sizeof address;
  getsockname (fd, (struct sockaddr *) &address, &length);
  return wt_live_from_sockaddr (&address);
}

/* --- binding -------------------------------------------------------------------------------------------------------- */

/* "smtp of mail.example.org (127.0.1.25 port 10025)": what an error is about. */
static char *
describe (WtLiveWorld *self, WtNode node, guint16 port, WtAddress real)
{
  WtAddress address = { real.ip, 0 };
  g_autofree char *ip = wt_address_to_string (address);
  g_autofree char *number = g_strdup_printf ("%u", port);
  const char *service = wt_live_service_name (port);
  const WtEntity *entity = wt_trace_entity (self->world.trace, node);
  return g_strdup_printf (_ ("%s of %s (%s port %u)"), service ? service : number, entity ? entity->name : "?", ip,
                          real.port);
}

static void
set_bind_error (WtLiveWorld *self, WtNode node, guint16 port, WtAddress real, int code, GError **error)
{
  g_autofree char *what = describe (self, node, port, real);
  const char *service = wt_live_service_name (port);
  if (code == EADDRINUSE)
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_IN_USE,
                 _ ("%s: the port is in use by another program; stop that program, or choose another port "
                    "(--port %s=PORT or --port-offset N)"),
                 what, service ? service : "SERVICE");
  else if (code == EACCES || code == EPERM)
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_NOT_ALLOWED,
                 _ ("%s: the system does not allow this port; ports below 1024 belong to root: choose one from 1024 to "
                    "65535 (--port %s=PORT or --port-offset N)"),
                 what, service ? service : "SERVICE");
  else if (code == EADDRNOTAVAIL)
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_NOT_ALLOWED,
                 _ ("%s: this machine does not have the address; choose one of its own (--bind ADDRESS)"), what);
  else
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_FAILED, "%s: %s", what, g_strerror (code));
}

/* Nothing is opened beyond loopback unless the user has said so. */
static gboolean
check_allowed (WtLiveWorld *self, WtNode node, guint16 port, WtAddress real, GError **error)
{
  g_autofree char *what = describe (self, node, port, real);
  if (self->bind_text && !self->has_bind)
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_NOT_ALLOWED,
                 _ ("“%s” is not an IPv4 address; write one of this machine, such as 127.0.0.1 or 0.0.0.0 for all"),
                 self->bind_text);
  else if (!self->has_bind && !IS_LOOPBACK (real.ip))
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_NOT_ALLOWED,
                 _ ("%s: the address is not a loopback address; to open it to the network, say so (--bind ADDRESS)"), what);
  else if (port != 0 && real_port (self, port) == port && self->port_offset > 0
           && port + self->port_offset > G_MAXUINT16)
    g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_NOT_ALLOWED,
                 _ ("%s: port %u and the offset %u are more than 65535; choose a smaller offset"), what, port,
                 self->port_offset);
  else
    return TRUE;
  return FALSE;
}

static int
open_bound (int type, WtAddress real)
{
  struct sockaddr_in address = wt_live_to_sockaddr (real);
  int on = 1;
  int fd = socket (AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  if (type == SOCK_STREAM)
    {
      setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      /* accepted sockets inherit it; replies leave in one piece, so there is nothing to wait for */
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
  else /* as much as the system allows: many pollers may ask at the same moment */
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &(int){ DATAGRAM_BUFFER }, sizeof (int));
  if (bind (fd, (struct sockaddr *) &address, sizeof address) == 0
      && (type != SOCK_STREAM || listen (fd, WT_LIVE_CONNECTIONS_MAX) == 0))
    return fd;
  int code = errno;
  close (fd);
  errno = code;
  return -1;
}

int
wt_live_bind (WtLiveWorld *self, WtNode node, guint16 port, int type, WtAddress *real, GError **error)
{
  WtTransport transport = type == SOCK_STREAM ? WT_TRANSPORT_TCP : WT_TRANSPORT_UDP;
  *real = wt_live_real_address (self, node, port, transport);
  if (!check_allowed (self, node, port, *real, error))
    return -1;
  const WtLivePlace *taken = port ? wt_live_place (self, node, port, transport) : NULL;
  int fd = taken ? -1 : open_bound (type, *real);
  if (fd < 0)
    {
      set_bind_error (self, node, port, *real, taken ? EADDRINUSE : errno, error);
      return -1;
    }
  if (real->port == 0)
    real->port = wt_live_local_address (fd).port;
  return fd;
}
