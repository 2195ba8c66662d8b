/* What the live world writes into the trace. A connection between two of our hosts is one conversation: each message is
 * recorded by the end that sends it, what comes from others by the end that receives it. */
#include "app/world/address-pair.h"
#include "app/world/live-private.h"

#include <glib/gi18n.h>

/* --- nodes for those who are not ours --------------------------------------------------------------------------------- */

WtNode
wt_live_peer_node (WtLiveWorld *self, guint32 real_ip)
{
  gpointer known = g_hash_table_lookup (self->peers, GUINT_TO_POINTER (real_ip));
  if (known)
    return GPOINTER_TO_UINT (known);
  gboolean full = g_hash_table_size (self->peers) >= WT_LIVE_PEERS_MAX;
  if (full && self->other_peers)
    return self->other_peers;
  g_autofree char *name = full ? g_strdup ("others") : wt_address_to_string ((WtAddress){ real_ip, 0 });
  WtNode node = wt_trace_add_entity (self->world.trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = name });
  if (full)
    self->other_peers = node;
  else
    g_hash_table_insert (self->peers, GUINT_TO_POINTER (real_ip), GUINT_TO_POINTER (node));
  return node;
}

void
wt_live_add_way (WtLiveWorld *self, WtNode peer, WtNode relay)
{
  gint64 *pair = g_new (gint64, 1);
  *pair = (gint64) peer << 32 | relay;
  if (!g_hash_table_add (self->ways, pair))
    return;
  WtTrace *trace = self->world.trace;
  g_autofree char *name = g_strdup_printf ("%s -- %s", wt_trace_entity (trace, peer)->name, wt_trace_entity (trace, relay)->name);
  WtEntity link = { .kind = WT_ENTITY_LINK, .name = name, .ends = { peer, relay } };
  wt_trace_add_entity (trace, &link);
}

guint32
wt_live_add_conversation (WtLiveWorld *self, WtTransport transport, WtProtocol protocol, WtNode client,
                          WtAddress client_address, WtNode server, WtAddress server_address)
{
  WtEntity entity = { .kind = WT_ENTITY_CONVERSATION,
                      .transport = transport,
                      .protocol = protocol,
                      .client = client,
                      .server = server,
                      .client_address = client_address,
                      .server_address = server_address };
  return wt_trace_add_entity (self->world.trace, &entity);
}

/* --- connections ------------------------------------------------------------------------------------------------------ */

void
wt_live_record_open (WtLiveConn *client)
{
  if (client->open_recorded)
    return;
  client->open_recorded = TRUE;
  wt_conn_record_change (&client->conn, WT_CONNECTION_OPEN, NULL);
}

/* In order: when the second end has ended. Otherwise at once, and the other end has nothing to add. */
void
wt_live_record_end (WtLiveConn *conn, WtConnEnd how)
{
  static const struct {
    WtConnectionChange change;
    const char *reason;
  } changes[] = {
    [WT_CONN_CLOSED] = { WT_CONNECTION_CLOSED, NULL },
    [WT_CONN_RESET] = { WT_CONNECTION_RESET, NULL },
    [WT_CONN_REFUSED] = { WT_CONNECTION_REFUSED, NULL },
    [WT_CONN_TIMED_OUT] = { WT_CONNECTION_TIMED_OUT, NULL },
    [WT_CONN_UNREACHABLE] = { WT_CONNECTION_TIMED_OUT, N_ ("unreachable") },
    [WT_CONN_TLS_FAILED] = { WT_CONNECTION_CLOSED, NULL },
  };
  if (conn->end_recorded || (how == WT_CONN_CLOSED && conn->other && !conn->other->over))
    return;
  conn->end_recorded = TRUE;
  if (conn->other)
    conn->other->end_recorded = TRUE;
  wt_conn_record_change (&conn->conn, changes[how].change, changes[how].reason);
}

static void
append_message (WtWorld *world, const WtEntity *conversation, WtDirection direction, const WtMessage *message)
{
  gint64 now = wt_live_now (world);
  gboolean to_client = direction == WT_TO_CLIENT;
  WtEvent event = { .time = now,
                    .other_time = now,
                    .payload = message->bytes,
                    .payload_len = g_bytes_get_size (message->bytes),
                    .entity = conversation->id,
                    .from = to_client ? conversation->server : conversation->client,
                    .to = to_client ? conversation->client : conversation->server,
                    .value = message->exchange,
                    .ref = WT_EVENT_NO_REF,
                    .kind = WT_EVENT_MESSAGE,
                    .protocol = message->protocol,
                    .flags = message->flags | (to_client ? WT_EVENT_TO_CLIENT : 0),
                    .context = message->context };
  wt_trace_append (world->trace, &event);
}

static void
record_message (WtLiveConn *conn, const WtMessage *message, gboolean sent)
{
  const WtConn *end = &conn->conn;
  gint64 now = wt_live_now (end->world);
  gboolean to_client = end->is_server == sent;
  WtEvent event = { .time = now,
                    .other_time = now,
                    .payload = message->bytes,
                    .payload_len = g_bytes_get_size (message->bytes),
                    .entity = end->entity,
                    .from = sent ? end->node : end->peer_node,
                    .to = sent ? end->peer_node : end->node,
                    .value = message->exchange,
                    .ref = WT_EVENT_NO_REF,
                    .kind = WT_EVENT_MESSAGE,
                    .protocol = message->protocol,
                    .flags = message->flags | (to_client ? WT_EVENT_TO_CLIENT : 0),
                    .context = message->context };
  wt_trace_append (end->world->trace, &event);
}

void
wt_live_conn_sent (WtConn *conn, const WtMessage *message)
{
  record_message ((WtLiveConn *) conn, message, TRUE);
}

void
wt_live_conn_received (WtConn *conn, const WtMessage *message)
{
  if (!conn->peer_is_ours)
    record_message ((WtLiveConn *) conn, message, FALSE);
}

void
wt_live_record_passed (WtLiveConn *conn, WtDirection direction, const WtMessage *message)
{
  const WtEntity *conversation = wt_trace_entity (conn->conn.world->trace, conn->conn.entity);
  if (conversation) /* else it was dropped with the trace's limit */
    append_message (conn->conn.world, conversation, direction, message);
}

/* --- datagrams -------------------------------------------------------------------------------------------------------- */

struct _WtLiveFlow {
  WtAddressPair key; /* real */
  guint32 conversation;
  WtAddress client; /* real: who sent the first datagram */
  gboolean foreign; /* one of the two is not ours */
  guint32 exchange; /* of what the client asked last */
};

GHashTable *
wt_live_flows_new (void)
{
  return g_hash_table_new_full (wt_address_pair_hash, wt_address_pair_equal, NULL, g_free);
}

/* Node and scenario address of a real endpoint. */
static WtNode
identify (WtLiveWorld *self, WtAddress real, WtAddress *shown)
{
  const WtLivePlace *place = wt_live_place_at (self, real, WT_TRANSPORT_UDP);
  *shown = place ? (WtAddress){ wt_world_node_ip (&self->world, place->node), place->port } : real;
  return place ? place->node : wt_live_peer_node (self, real.ip);
}

static WtLiveFlow *
remember_flow (WtLiveWorld *self, WtAddress from, WtAddress to, guint32 conversation, gboolean foreign)
{
  WtLiveFlow *flow = g_new (WtLiveFlow, 1);
  *flow = (WtLiveFlow){
    .key = wt_address_pair (from, to), .conversation = conversation, .client = from, .foreign = foreign
  };
  self->last_flow = NULL;
  if (g_hash_table_size (self->flows) >= WT_LIVE_FLOWS_MAX)
    g_hash_table_remove_all (self->flows); /* those that go on get a new conversation */
  g_hash_table_replace (self->flows, &flow->key, flow);
  return flow;
}

static WtLiveFlow *
add_flow (WtLiveWorld *self, WtProtocol protocol, WtAddress from, WtAddress to)
{
  WtAddress shown_from, shown_to;
  WtNode client = identify (self, from, &shown_from), server = identify (self, to, &shown_to);
  gboolean foreign = !wt_live_place_at (self, from, WT_TRANSPORT_UDP) || !wt_live_place_at (self, to, WT_TRANSPORT_UDP);
  guint32 conversation
      = wt_live_add_conversation (self, WT_TRANSPORT_UDP, protocol, client, shown_from, server, shown_to);
  return remember_flow (self, from, to, conversation, foreign);
}

static WtLiveFlow *
find_flow (WtLiveWorld *self, WtAddress a, WtAddress b)
{
  WtAddressPair key = wt_address_pair (a, b);
  if (self->last_flow == NULL || !wt_address_pair_equal (&self->last_flow->key, &key))
    self->last_flow = g_hash_table_lookup (self->flows, &key);
  return self->last_flow;
}

void
wt_live_record_datagram (WtLiveSocket *socket, WtAddress from, WtAddress to, const WtMessage *message)
{
  WtLiveWorld *self = (WtLiveWorld *) socket->socket.world;
  WtLiveFlow *flow = find_flow (self, from, to);
  if (flow == NULL || wt_trace_entity (self->world.trace, flow->conversation) == NULL) /* dropped with the trace's limit */
    flow = add_flow (self, message->protocol, from, to);
  const WtEntity *entity = wt_trace_entity (self->world.trace, flow->conversation);
  gboolean to_client = !wt_address_equal (flow->client, from);
  gboolean foreign_reply = to_client && !wt_address_equal (socket->real, from); /* nobody has said what it is */
  if (!to_client)
    flow->exchange = message->exchange;
  WtMessage shown = *message;
  if (foreign_reply)
    {
      shown.exchange = flow->exchange;
      shown.flags |= WT_EVENT_FINAL;
      shown.context = WT_CONTEXT_REPLY;
    }
  append_message (&self->world, entity, to_client ? WT_TO_CLIENT : WT_TO_SERVER, &shown);
}

void
wt_live_record_passed_datagram (WtLiveSocket *relay, WtAddress client, WtNode server, WtAddress address,
                                WtDirection direction, const WtMessage *message)
{
  WtLiveWorld *self = (WtLiveWorld *) relay->socket.world;
  WtLiveFlow *flow = find_flow (self, client, address);
  const WtEntity *known = flow ? wt_trace_entity (self->world.trace, flow->conversation) : NULL;
  if (known == NULL)
    {
      WtNode peer = wt_live_peer_node (self, client.ip);
      wt_live_add_way (self, peer, relay->socket.node);
      guint32 conversation
          = wt_live_add_conversation (self, WT_TRANSPORT_UDP, message->protocol, peer, client, server, address);
      remember_flow (self, client, address, conversation, TRUE);
      known = wt_trace_entity (self->world.trace, conversation);
    }
  append_message (&self->world, known, direction, message);
}

gboolean
wt_live_flow_is_foreign (WtLiveSocket *socket, WtAddress real)
{
  const WtLiveFlow *flow = find_flow ((WtLiveWorld *) socket->socket.world, socket->real, real);
  return flow && flow->foreign;
}

static gboolean
touches (gpointer key, gpointer value, gpointer user_data)
{
  const WtAddressPair *pair = key;
  const WtAddress *real = user_data;
  return wt_address_equal (pair->low, *real) || wt_address_equal (pair->high, *real);
}

void
wt_live_forget_flows (WtLiveWorld *self, WtAddress real)
{
  self->last_flow = NULL;
  g_hash_table_foreach_remove (self->flows, touches, &real);
}
