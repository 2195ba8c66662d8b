#include "app/world/world-private.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt-world-error-quark, wt_world_error)

/* --- world -------------------------------------------------------------------------------------------------------- */

gint64
wt_world_now (WtWorld *self)
{
  return self->world_class->now (self);
}

gint64
wt_world_wall_time (WtWorld *self)
{
  return self->world_class->wall_time (self);
}

guint32
wt_world_random (WtWorld *self)
{
  return self->world_class->random (self);
}

double
wt_world_random_double (WtWorld *self)
{
  guint64 high = wt_world_random (self) >> 5; /* 27 and 26 bits: as many as a double's mantissa holds */
  guint64 low = wt_world_random (self) >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

WtTrace *
wt_world_trace (WtWorld *self)
{
  return self->trace;
}

gboolean
wt_world_is_live (WtWorld *self)
{
  return self->live;
}

guint32
wt_world_node_ip (WtWorld *self, WtNode node)
{
  return self->world_class->node_ip (self, node);
}

WtNode
wt_world_find_ip (WtWorld *self, guint32 ip)
{
  return self->world_class->find_ip (self, ip);
}

guint
wt_world_n_interfaces (WtWorld *self, WtNode node)
{
  return self->world_class->n_interfaces (self, node);
}

void
wt_world_interface (WtWorld *self, WtNode node, guint i, WtInterface *interface)
{
  self->world_class->interface (self, node, i, interface);
}

gboolean
wt_world_set_interface_up (WtWorld *self, WtNode node, guint i, gboolean up)
{
  return self->world_class->set_interface_up (self, node, i, up);
}

gboolean
wt_world_reset_endpoint (WtWorld *self, WtNode node, WtAddress local, WtAddress peer)
{
  return self->world_class->reset_endpoint (self, node, local, peer);
}

void
wt_world_foreach_endpoint (WtWorld *self, WtNode node, WtEndpointFunc func, gpointer user_data)
{
  self->world_class->foreach_endpoint (self, node, func, user_data);
}

void
wt_world_net_counters (WtWorld *self, WtNode node, WtNetCounters *counters)
{
  self->world_class->net_counters (self, node, counters);
}

void
wt_world_watch_interfaces (WtWorld *self, WtNode node, WtTimerFunc func, gpointer user_data)
{
  self->world_class->watch_interfaces (self, node, func, user_data);
}

guint64
wt_world_timer (WtWorld *self, gint64 delay_ns, WtTimerFunc func, gpointer user_data)
{
  return self->world_class->timer (self, MAX (delay_ns, 0), func, user_data);
}

void
wt_world_cancel (WtWorld *self, guint64 timer)
{
  if (timer != 0)
    self->world_class->cancel (self, timer);
}

void
wt_world_call (WtWorld *self, WtTimerFunc func, gpointer user_data)
{
  self->world_class->call (self, func, user_data);
}

void
wt_world_note (WtWorld *self, WtNode node, WtNote level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (gettext (format), args);
  va_end (args);
  wt_trace_note (self->trace, wt_world_now (self), node, node, level, "%s", text);
}

void
wt_world_free (WtWorld *self)
{
  if (self)
    self->world_class->free (self);
}

/* --- TCP ---------------------------------------------------------------------------------------------------------- */

WtListener *
wt_world_listen (WtWorld *self, WtNode node, guint16 port, WtProtocol protocol, WtAcceptFunc func, gpointer user_data,
                 GError **error)
{
  return self->world_class->listen (self, node, port, protocol, func, user_data, error);
}

void
wt_listener_close (WtListener *self)
{
  if (self)
    self->world->world_class->listener_close (self);
}

WtConn *
wt_world_connect (WtWorld *self, WtNode node, WtAddress to, WtProtocol protocol, const WtConnOps *ops, gpointer user_data)
{
  return self->world_class->connect (self, node, to, protocol, ops, user_data);
}

void
wt_conn_send (WtConn *self, GBytes *bytes)
{
  if (self->tls)
    wt_conn_tls_send (self->tls, bytes);
  else
    self->world->world_class->conn_send (self, bytes);
}

gsize
wt_conn_unsent (WtConn *self)
{
  return self->world->world_class->conn_unsent (self) + (self->tls ? wt_conn_tls_unsent (self->tls) : 0);
}

void
wt_conn_pause (WtConn *self, gboolean paused)
{
  self->world->world_class->conn_pause (self, paused);
}

void
wt_conn_close (WtConn *self)
{
  if (self->tls)
    wt_conn_tls_close (self->tls);
  else
    self->world->world_class->conn_close (self);
}

void
wt_conn_abort (WtConn *self)
{
  if (self->tls)
    wt_conn_tls_abort (self->tls);
  self->world->world_class->conn_abort (self);
}

WtAddress
wt_conn_local (WtConn *self)
{
  return self->local;
}

WtAddress
wt_conn_peer (WtConn *self)
{
  return self->peer;
}

guint32
wt_conn_entity (WtConn *self)
{
  return self->entity;
}

gboolean
wt_conn_peer_is_ours (WtConn *self)
{
  return self->peer_is_ours;
}

WtWorld *
wt_conn_world (WtConn *self)
{
  return self->world;
}

/* --- the record of a connection ----------------------------------------------------------------------------------- */

static gboolean
is_at_real_server (const WtConn *self)
{
  return self->world->live && !self->is_server && !self->peer_is_ours;
}

void
wt_conn_sent (WtConn *self, const WtMessage *message)
{
  WtMessage sent = *message;
  gboolean to_real_server = is_at_real_server (self);
  if (to_real_server)
    sent = wt_conn_blank (self, WT_TO_SERVER, message);
  if (self->tls)
    wt_conn_tls_sent (self->tls, &sent);
  else
    self->world->world_class->conn_sent (self, &sent);
  if (to_real_server)
    g_bytes_unref (sent.bytes);
}

void
wt_conn_received (WtConn *self, const WtMessage *message)
{
  WtMessage received = *message;
  if (self->tls)
    received.flags |= WT_EVENT_ENCRYPTED;
  if (!is_at_real_server (self))
    {
      self->world->world_class->conn_received (self, &received);
      return;
    }
  received = wt_conn_blank (self, WT_TO_CLIENT, &received);
  self->world->world_class->conn_received (self, &received);
  g_bytes_unref (received.bytes);
}

void
wt_conn_state (WtConn *self, guint8 state)
{
  gint64 now = wt_world_now (self->world);
  WtEvent event = { .time = now,
                    .other_time = now,
                    .kind = WT_EVENT_STATE,
                    .protocol = self->protocol,
                    .entity = self->entity,
                    .from = self->is_server ? self->node : self->peer_node,
                    .value = state,
                    .ref = WT_EVENT_NO_REF };
  wt_trace_append (self->world->trace, &event);
}

void
wt_conn_note (WtConn *self, WtNote level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (gettext (format), args);
  va_end (args);
  wt_trace_note (self->world->trace, wt_world_now (self->world), self->node, self->entity, level, "%s", text);
}

void
wt_conn_record_change (WtConn *conn, WtConnectionChange change, const char *reason)
{
  gint64 now = wt_world_now (conn->world);
  gsize length = reason ? strlen (reason) : 0;
  g_autoptr (GBytes) payload = reason ? g_bytes_new (reason, length) : NULL;
  WtEvent event = { .time = now,
                    .other_time = now,
                    .kind = WT_EVENT_CONNECTION,
                    .protocol = conn->protocol,
                    .entity = conn->entity,
                    .from = conn->is_server ? conn->peer_node : conn->node,
                    .to = conn->is_server ? conn->node : conn->peer_node,
                    .value = change,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload,
                    .payload_len = length };
  wt_trace_append (conn->world->trace, &event);
}

/* --- UDP ---------------------------------------------------------------------------------------------------------- */

WtSocket *
wt_world_bind (WtWorld *self, WtNode node, guint16 port, WtProtocol protocol, WtDatagramFunc func, gpointer user_data,
               GError **error)
{
  return self->world_class->bind (self, node, port, protocol, func, user_data, error);
}

void
wt_socket_send (WtSocket *self, WtAddress to, const WtMessage *message)
{
  self->world->world_class->socket_send (self, to, message);
}

void
wt_socket_close (WtSocket *self)
{
  if (self)
    self->world->world_class->socket_close (self);
}
