/* One client of a recording proxy and the server: passing on, and the client's side. */
#include "app/hosts/recording-proxy-private.h"

#include <glib/gi18n.h>

/* --- the end ------------------------------------------------------------------------------------------------------ */

void
wt_proxy_talk_free (WtProxyTalk *self)
{
  wt_world_cancel (self->proxy->host.world, self->timer);
  g_queue_unlink (&self->proxy->talks, &self->link);
  g_clear_pointer (&self->early, g_byte_array_unref);
  g_clear_pointer (&self->greeting, g_byte_array_unref);
  g_clear_pointer (&self->agreed, g_bytes_unref);
  g_clear_pointer (&self->record, wt_proxy_record_free);
  g_free (self);
}

void
wt_proxy_set_paused (WtProxySide *side, guint why, gboolean on)
{
  guint paused = on && !side->closed ? side->paused | why : side->paused & ~why;
  if (side->conn && (paused != 0) != (side->paused != 0))
    wt_conn_pause (side->conn, paused != 0);
  side->paused = paused;
}

/* Closes in order. A side that is closed is read to its end, so that its FIN is seen. */
void
wt_proxy_close_side (WtProxySide *side)
{
  if (side->conn == NULL || side->closed)
    return;
  side->closed = TRUE;
  wt_proxy_set_paused (side, ~0u, FALSE);
  wt_conn_close (side->conn);
}

void
wt_proxy_abort_side (WtProxySide *side)
{
  WtConn *conn = g_steal_pointer (&side->conn);
  if (conn)
    wt_conn_abort (conn);
}

/* The near end goes: with it, what can be recorded. */
static void
forget_near (WtProxyTalk *self)
{
  if (self->record)
    wt_proxy_record_end (self->record);
  g_clear_pointer (&self->record, wt_proxy_record_free);
  self->near.conn = NULL;
}

/* Not from within a callback of a connection that has ended: the world frees that. */
void
wt_proxy_give_up (WtProxyTalk *self)
{
  wt_proxy_abort_side (&self->far);
  wt_proxy_close_side (&self->near);
}

void
wt_proxy_talk_stop (WtProxyTalk *self)
{
  if (self->phase == WT_PROXY_CONNECTING && self->far.conn)
    wt_proxy_abort_side (&self->far);
  wt_proxy_close_side (&self->far);
  wt_proxy_close_side (&self->near);
  if (self->near.conn == NULL && self->far.conn == NULL)
    wt_proxy_talk_free (self);
}

/* --- passing on --------------------------------------------------------------------------------------------------- */

void
wt_proxy_send_on (WtProxySide *from, WtProxySide *to, const guint8 *bytes, gsize n_bytes)
{
  if (to->conn == NULL || to->closed || n_bytes == 0)
    return;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  wt_conn_send (to->conn, copy);
  if (wt_conn_unsent (to->conn) > WT_PROXY_UNSENT_MAX)
    wt_proxy_set_paused (from, WT_PROXY_PAUSED_FULL, TRUE);
}

/* The client is not told the proxy's name for what it is: with its own certificate it cannot pass for the server. */
static void
start_near_tls (WtProxyTalk *self)
{
  WtConnTlsConfig config = { .name = self->proxy->server_name };
  wt_conn_start_tls (self->near.conn, &config);
}

/* The server has agreed to what the client has asked for. The client hears of it when the server has proved who it is. */
static void
begin_tls (WtProxyTalk *self, const guint8 *reply, gsize n_bytes)
{
  if (wt_proxy_record_rest (self->record, WT_TO_CLIENT) > 0 || wt_proxy_record_rest (self->record, WT_TO_SERVER) > 0)
    {
      wt_conn_note (self->near.conn, WT_NOTE_ERROR,
                    N_ ("something was sent behind STARTTLS before TLS began, which a man in the middle may have put there "
                        "(RFC 3207 section 6): the proxy ends it here"));
      wt_proxy_give_up (self);
      return;
    }
  wt_conn_note (self->near.conn, WT_NOTE_INFO,
                N_ ("STARTTLS: the proxy begins TLS with either side, so that what follows can be read here; the client sees "
                    "the proxy’s certificate, not the server’s"));
  wt_proxy_record_restart (self->record, self->proxy->service->protocol, TRUE);
  self->agreed = g_bytes_new (reply, n_bytes);
  wt_proxy_start_far_tls (self);
}

void
wt_proxy_pass (WtProxyTalk *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  gboolean to_server = direction == WT_TO_SERVER;
  WtProxySide *from = to_server ? &self->near : &self->far, *to = to_server ? &self->far : &self->near;
  if (self->record == NULL)
    return; /* the client has gone */
  gboolean before = wt_proxy_record_tls (self->record) == WT_STREAM_TLS_BEGUN;
  wt_proxy_record_feed (self->record, direction, bytes, n_bytes);
  WtStreamTls tls = wt_proxy_record_tls (self->record);
  wt_proxy_set_paused (&self->near, WT_PROXY_PAUSED_STARTTLS, tls == WT_STREAM_TLS_ASKED);
  if (tls == WT_STREAM_TLS_BEGUN && !before && self->proxy->client_tls == WT_PROXY_TLS_STARTTLS)
    {
      begin_tls (self, bytes, n_bytes);
      return;
    }
  wt_proxy_send_on (from, to, bytes, n_bytes);
  if (tls == WT_STREAM_TLS_BEGUN && !before)
    {
      wt_conn_note (self->near.conn, WT_NOTE_INFO,
                    N_ ("STARTTLS: what follows is encrypted between client and server, and passes unread"));
      wt_proxy_record_restart (self->record, WT_PROTOCOL_TLS, FALSE);
    }
}

/* The server is there and, with TLS, is who it should be. */
void
wt_proxy_begin_passing (WtProxyTalk *self)
{
  g_autoptr (GByteArray) early = g_steal_pointer (&self->early), greeting = g_steal_pointer (&self->greeting);
  self->phase = WT_PROXY_PASSING;
  if (self->agreed)
    {
      wt_conn_send (self->near.conn, self->agreed);
      start_near_tls (self);
    }
  if (greeting)
    wt_proxy_pass (self, WT_TO_CLIENT, greeting->data, greeting->len);
  if (early)
    wt_proxy_pass (self, WT_TO_SERVER, early->data, early->len);
  wt_proxy_set_paused (&self->near, WT_PROXY_PAUSED_EARLY, FALSE);
}

/* --- the client --------------------------------------------------------------------------------------------------- */

static void
on_near_connected (WtConn *conn, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->proxy->client_tls == WT_PROXY_TLS_IMPLICIT)
    start_near_tls (self);
  wt_proxy_connect_far (self);
}

static void
on_near_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->phase == WT_PROXY_PASSING)
    {
      wt_proxy_pass (self, WT_TO_SERVER, bytes, n_bytes);
      return;
    }
  if (self->early == NULL)
    self->early = g_byte_array_new ();
  g_byte_array_append (self->early, bytes, n_bytes);
  wt_proxy_set_paused (&self->near, WT_PROXY_PAUSED_EARLY, TRUE);
}

static void
on_near_drained (WtConn *conn, gpointer user_data)
{
  wt_proxy_set_paused (&((WtProxyTalk *) user_data)->far, WT_PROXY_PAUSED_FULL, FALSE);
}

static void
on_near_half_closed (WtConn *conn, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->phase == WT_PROXY_PASSING)
    wt_proxy_close_side (&self->far);
  else
    wt_proxy_give_up (self); /* it has gone before anything could be said */
}

static void
on_near_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  forget_near (self);
  if (how == WT_CONN_CLOSED && self->phase == WT_PROXY_PASSING)
    wt_proxy_close_side (&self->far);
  else
    wt_proxy_abort_side (&self->far);
  if (self->far.conn == NULL)
    wt_proxy_talk_free (self);
}

static const WtConnOps near_ops = { .connected = on_near_connected,
                                    .received = on_near_received,
                                    .drained = on_near_drained,
                                    .half_closed = on_near_half_closed,
                                    .ended = on_near_ended };

gboolean
wt_proxy_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data, gpointer user_data)
{
  WtProxyTalk *self = g_new0 (WtProxyTalk, 1);
  self->proxy = user_data;
  self->near.conn = conn;
  self->record = wt_proxy_record_new (conn, self->proxy->service->protocol);
  self->link.data = self;
  g_queue_push_tail_link (&self->proxy->talks, &self->link);
  *ops = &near_ops;
  *conn_data = self;
  return TRUE;
}
