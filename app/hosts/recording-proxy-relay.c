/* Datagrams: each client has a socket of its own towards the server, so the answers find back whatever they hold. */
#include "app/hosts/recording-proxy-private.h"

#include "app/hosts/snmp-record.h"

#include <glib/gi18n.h>

typedef struct {
  gint64 key;
  WtRecordingProxy *proxy;
  WtAddress client;
  WtSocket *onward;
  gint64 last_used; /* ns */
} WtProxyFlow;

static gint64
flow_key (WtAddress client)
{
  return (gint64) client.ip << 16 | client.port;
}

static void
flow_free (gpointer data)
{
  WtProxyFlow *self = data;
  wt_socket_close (self->onward);
  g_free (self);
}

static WtAddress
server_address (const WtRecordingProxy *self)
{
  return (WtAddress){ g_array_index (self->addresses, guint32, 0), self->server_port };
}

static void
pass (WtProxyFlow *self, WtDirection direction, WtSocket *through, WtAddress to, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  WtMessage message = wt_snmp_record (copy);
  self->last_used = wt_world_now (self->proxy->host.world);
  wt_socket_passed (self->proxy->socket, self->client, self->proxy->server, server_address (self->proxy), direction, &message);
  wt_socket_send (through, to, &message);
}

static void
on_answer (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtProxyFlow *self = user_data;
  pass (self, WT_TO_CLIENT, self->proxy->socket, self->client, bytes, n_bytes);
}

static gboolean
is_idle (gpointer key, gpointer value, gpointer user_data)
{
  const WtProxyFlow *flow = value;
  const gint64 *now = user_data;
  return *now - flow->last_used > WT_PROXY_FLOW_IDLE;
}

/* (nullable): no socket is left. */
static WtProxyFlow *
flow_of (WtRecordingProxy *self, WtAddress client)
{
  gint64 key = flow_key (client), now = wt_world_now (self->host.world);
  WtProxyFlow *flow = g_hash_table_lookup (self->flows, &key);
  g_autoptr (GError) error = NULL;
  if (flow)
    return flow;
  if (g_hash_table_size (self->flows) >= WT_PROXY_FLOWS_MAX)
    g_hash_table_foreach_remove (self->flows, is_idle, &now);
  if (g_hash_table_size (self->flows) >= WT_PROXY_FLOWS_MAX)
    {
      wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING,
                     N_ ("%u clients ask at a time, which are the most; one more is not passed on"), WT_PROXY_FLOWS_MAX);
      return NULL;
    }
  flow = g_new0 (WtProxyFlow, 1);
  flow->key = key;
  flow->proxy = self;
  flow->client = client;
  flow->onward = wt_socket_connect_onward (self->socket, server_address (self), on_answer, flow, &error);
  if (flow->onward == NULL)
    {
      wt_world_note (self->host.world, self->host.node, WT_NOTE_ERROR, N_ ("%s cannot be reached: %s"), self->server_name,
                     error->message);
      g_free (flow);
      return NULL;
    }
  g_hash_table_insert (self->flows, &flow->key, flow);
  return flow;
}

static void
on_request (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtRecordingProxy *self = user_data;
  WtProxyFlow *flow = flow_of (self, from);
  if (flow)
    pass (flow, WT_TO_SERVER, flow->onward, server_address (self), bytes, n_bytes);
}

gboolean
wt_proxy_relay_start (WtRecordingProxy *self, GError **error)
{
  self->socket = wt_world_bind (self->host.world, self->host.node, self->service->port, self->service->protocol, on_request,
                                self, error);
  if (self->socket == NULL)
    return FALSE;
  wt_socket_set_relay (self->socket);
  self->flows = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, flow_free);
  return TRUE;
}

void
wt_proxy_relay_stop (WtRecordingProxy *self)
{
  g_clear_pointer (&self->flows, g_hash_table_unref);
  wt_socket_close (self->socket);
  self->socket = NULL;
}
