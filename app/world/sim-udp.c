/* UDP (RFC 768): a datagram and good luck. */
#include "app/world/address-pair.h"
#include "app/world/sim-private.h"

#include <glib/gi18n.h>

typedef struct {
  WtAddressPair key;
  guint32 entity;
  WtAddress client;
} Conversation;

typedef struct {
  WtSocket base;
  WtSimNode *node;
  WtAddress last_from, last_to; /* of the last datagram that was sent, and its conversation */
  const Conversation *last;
  WtAddress asker; /* who has last sent to another than the node's first address, and to which: the answer comes from there */
  guint32 asked_ip;
} SimSocket;

/* --- conversations ------------------------------------------------------------------------------------------------ */

GHashTable *
wt_sim_conversations_new (void)
{
  return g_hash_table_new_full (wt_address_pair_hash, wt_address_pair_equal, NULL, g_free);
}

static const Conversation *
find_conversation (WtSimWorld *self, WtSimNode *node, WtAddress from, WtAddress to, WtProtocol protocol)
{
  WtAddressPair key = wt_address_pair (from, to);
  Conversation *found = g_hash_table_lookup (self->conversations, &key);
  if (found)
    return found;
  WtSimNode *server = wt_sim_node_by_ip (self, to.ip);
  g_autofree char *client_text = wt_address_to_string (from);
  g_autofree char *server_text = wt_address_to_string (to);
  g_autofree char *name = g_strdup_printf ("%s -- %s", client_text, server_text);
  WtEntity entity = { .kind = WT_ENTITY_CONVERSATION,
                      .name = name,
                      .transport = WT_TRANSPORT_UDP,
                      .protocol = protocol,
                      .client = node->entity,
                      .server = server ? server->entity : 0,
                      .client_address = from,
                      .server_address = to };
  found = g_new (Conversation, 1);
  *found = (Conversation){ key, wt_trace_add_entity (self->base.trace, &entity), from };
  g_hash_table_insert (self->conversations, &found->key, found);
  return found;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

static guint16
free_port (WtSimWorld *self, WtSimNode *node)
{
  for (guint i = WT_SIM_PORT_FIRST; i <= WT_SIM_PORT_LAST; i++)
    {
      guint16 port = wt_sim_node_next_port (node);
      if (!g_hash_table_contains (self->sockets, wt_sim_port_key (node, port)))
        return port;
    }
  return 0;
}

WtSocket *
wt_sim_bind (WtWorld *world, WtNode entity, guint16 port, WtProtocol protocol, WtDatagramFunc func, gpointer user_data,
             GError **error)
{
  WtSimWorld *self = (WtSimWorld *) world;
  WtSimNode *node = wt_sim_node (self, entity);
  guint16 chosen = port ? port : free_port (self, node);
  if (chosen == 0 || g_hash_table_contains (self->sockets, wt_sim_port_key (node, chosen)))
    {
      g_set_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_IN_USE, _ ("UDP port %u is in use on %s; choose another"), port,
                   wt_trace_entity (world->trace, entity)->name);
      return NULL;
    }
  SimSocket *socket = g_new0 (SimSocket, 1);
  socket->base = (WtSocket){ world, entity, chosen, protocol, func, user_data };
  socket->node = node;
  g_hash_table_insert (self->sockets, wt_sim_port_key (node, chosen), socket);
  return &socket->base;
}

void
wt_sim_socket_close (WtSocket *socket)
{
  SimSocket *it = (SimSocket *) socket;
  g_hash_table_remove (((WtSimWorld *) socket->world)->sockets, wt_sim_port_key (it->node, socket->port));
}

void
wt_sim_udp_node_down (WtSimWorld *self, WtSimNode *node)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((SimSocket *) value)->node == node)
      g_hash_table_iter_remove (&iter);
}

static WtAddress
local_address (const SimSocket *self, WtAddress to)
{
  gboolean answers = self->asked_ip != 0 && wt_address_equal (self->asker, to);
  return (WtAddress){ answers ? self->asked_ip : self->node->ip, self->base.port };
}

static WtSimPacket *
make_packet (SimSocket *socket, WtAddress from, WtAddress to, const WtMessage *message)
{
  WtSimWorld *self = (WtSimWorld *) socket->base.world;
  WtSimPacket *packet = wt_sim_packet_new (self, socket->node, wt_sim_node_by_ip (self, to.ip));
  packet->is_udp = TRUE;
  packet->source = from;
  packet->target = to;
  packet->header = (WtSimHeader){ .payload = g_bytes_ref (message->bytes),
                                  .payload_len = g_bytes_get_size (message->bytes),
                                  .entity = socket->last->entity,
                                  .sent_high = (guint64) self->now >> 32,
                                  .sent_low = (guint32) self->now,
                                  .exchange = message->exchange,
                                  .protocol = message->protocol,
                                  .flags = wt_address_equal (socket->last->client, packet->source) ? 0 : WT_EVENT_TO_CLIENT,
                                  .context = message->context,
                                  .message_flags = message->flags };
  return packet;
}

void
wt_sim_socket_send (WtSocket *base, WtAddress to, const WtMessage *message)
{
  SimSocket *socket = (SimSocket *) base;
  WtSimWorld *self = (WtSimWorld *) base->world;
  WtAddress from = local_address (socket, to);
  if (!socket->last || !wt_address_equal (socket->last_to, to) || !wt_address_equal (socket->last_from, from))
    {
      socket->last = find_conversation (self, socket->node, from, to, base->protocol);
      socket->last_from = from;
      socket->last_to = to;
    }
  guint32 entity = socket->last->entity;
  gsize size = g_bytes_get_size (message->bytes);
  if (size > WT_SIM_UDP_MAX)
    {
      wt_trace_note (self->base.trace, self->now, base->node, entity, WT_NOTE_ERROR,
                     N_ ("datagram of %u bytes not sent: UDP over IPv4 carries at most %u"), (guint) size,
                     WT_SIM_UDP_MAX);
      return;
    }
  WtSimPacket *packet = make_packet (socket, from, to, message);
  gboolean local = packet->to == socket->node;
  if (!wt_sim_net_send (packet) && !local)
    {
      g_autofree char *target = wt_address_to_string (to);
      wt_trace_note (self->base.trace, self->now, base->node, entity, WT_NOTE_WARNING,
                     N_ ("no route to %s: datagram not sent"), target);
    }
}

void
wt_sim_udp_arrived (WtSimPacket *packet)
{
  WtSimWorld *self = packet->to->world;
  const WtSimHeader *header = &packet->header;
  WtSocket *socket = g_hash_table_lookup (self->sockets, wt_sim_port_key (packet->to, packet->target.port));
  if (socket == NULL)
    {
      packet->to->counters.udp_no_port++;
      wt_trace_note (self->base.trace, self->now, packet->to->entity, header->entity, WT_NOTE_WARNING,
                     N_ ("nobody listens on UDP port %u: datagram dropped"), packet->target.port);
      return;
    }
  packet->to->counters.udp_in++;
  WtMessage message = { .protocol = header->protocol,
                        .context = header->context,
                        .flags = header->message_flags,
                        .exchange = header->exchange,
                        .bytes = header->payload };
  gint64 sent = (guint64) header->sent_high << 32 | header->sent_low;
  wt_sim_record_message (self, header->entity, packet->from, packet->to, &message, header->flags & WT_EVENT_TO_CLIENT, sent,
                         header->ref);
  SimSocket *it = (SimSocket *) socket;
  if (packet->target.ip != it->node->ip)
    {
      it->asker = packet->source;
      it->asked_ip = packet->target.ip;
    }
  else if (wt_address_equal (it->asker, packet->source))
    it->asked_ip = 0;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message.bytes, &size);
  socket->func (socket, packet->source, bytes, size, socket->user_data);
}

void
wt_sim_udp_foreach_endpoint (WtSimWorld *self, WtSimNode *node, WtEndpointFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SimSocket *socket = value;
      if (socket->node == node)
        func (&(WtEndpoint){ WT_TRANSPORT_UDP, 0, { node->ip, socket->base.port } }, user_data);
    }
}
