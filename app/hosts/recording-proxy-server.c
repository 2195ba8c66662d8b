/* The server's side of a talk: connecting, TLS, ending. */
#include "app/hosts/recording-proxy-private.h"

#include <glib/gi18n.h>
#include <string.h>

void
wt_proxy_start_far_tls (WtProxyTalk *self)
{
  WtConnTlsConfig config = { .name = self->proxy->server_name,
                             .verify = self->proxy->verify,
                             .trusted = self->proxy->trusted };
  self->phase = WT_PROXY_SECURING;
  wt_conn_start_tls (self->far.conn, &config);
}

/* --- the proxy's own STARTTLS ------------------------------------------------------------------------------------- */

/* What it says, a line for each reply of the server, beginning with the greeting (RFC 3207 4.3, RFC 2595 4, RFC 9051 6.2.1). */
static const struct {
  WtProtocol protocol;
  const char *lines[2];
} asking[] = {
  { WT_PROTOCOL_SMTP, { "EHLO [127.0.0.1]\r\n", "STARTTLS\r\n" } },
  { WT_PROTOCOL_POP3, { "STLS\r\n" } },
  { WT_PROTOCOL_IMAP, { "proxy STARTTLS\r\n" } },
};

static const char *
next_line (const WtProxyTalk *self)
{
  guint n = wt_proxy_record_n_replies (self->record);
  for (guint i = 0; i < G_N_ELEMENTS (asking); i++)
    if (asking[i].protocol == self->proxy->service->protocol)
      return n >= 1 && n <= G_N_ELEMENTS (asking[i].lines) ? asking[i].lines[n - 1] : NULL;
  return NULL;
}

static void
ask_for_tls (WtProxyTalk *self, const guint8 *bytes, gsize n_bytes)
{
  guint n_before = wt_proxy_record_n_replies (self->record);
  wt_proxy_record_feed (self->record, WT_TO_CLIENT, bytes, n_bytes);
  if (n_before == 0)
    g_byte_array_append (self->greeting, bytes, n_bytes);
  if (wt_proxy_record_n_replies (self->record) == n_before)
    return;
  const char *line = next_line (self);
  WtStreamTls tls = wt_proxy_record_tls (self->record);
  if (tls == WT_STREAM_TLS_BEGUN && wt_proxy_record_rest (self->record, WT_TO_CLIENT) == 0)
    {
      wt_proxy_record_set_own (self->record, NULL);
      wt_proxy_record_restart (self->record, self->proxy->service->protocol, TRUE);
      wt_proxy_start_far_tls (self);
    }
  else if (line && tls == WT_STREAM_TLS_NONE)
    {
      wt_proxy_record_feed (self->record, WT_TO_SERVER, (const guint8 *) line, strlen (line));
      wt_proxy_send_on (&self->near, &self->far, (const guint8 *) line, strlen (line));
    }
  else if (tls != WT_STREAM_TLS_ASKED)
    {
      wt_conn_note (self->near.conn, WT_NOTE_ERROR, N_ ("the server does not begin TLS; the proxy ends it here"));
      wt_proxy_give_up (self);
    }
}

/* --- the server --------------------------------------------------------------------------------------------------- */

static void
on_far_connected (WtConn *conn, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  WtProxyTls tls = self->proxy->server_tls;
  g_autofree char *address = wt_address_to_string (wt_conn_peer (conn));
  wt_world_cancel (self->proxy->host.world, self->timer);
  self->timer = 0;
  wt_conn_note (self->near.conn, WT_NOTE_INFO, N_ ("the proxy is connected to %s (%s)"), self->proxy->server_name, address);
  if (tls == WT_PROXY_TLS_STARTTLS && self->proxy->client_tls != WT_PROXY_TLS_STARTTLS)
    {
      self->phase = WT_PROXY_ASKING_TLS;
      self->greeting = g_byte_array_new ();
      wt_proxy_record_set_own (self->record, conn);
      return;
    }
  if (tls == WT_PROXY_TLS_IMPLICIT)
    {
      wt_proxy_record_set_encrypted (self->record);
      wt_proxy_start_far_tls (self);
      return;
    }
  wt_proxy_begin_passing (self);
}

static void
on_far_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->phase == WT_PROXY_ASKING_TLS)
    ask_for_tls (self, bytes, n_bytes);
  else
    wt_proxy_pass (self, WT_TO_CLIENT, bytes, n_bytes);
}

static void
on_far_drained (WtConn *conn, gpointer user_data)
{
  wt_proxy_set_paused (&((WtProxyTalk *) user_data)->near, WT_PROXY_PAUSED_FULL, FALSE);
}

static void
on_far_half_closed (WtConn *conn, gpointer user_data)
{
  wt_proxy_close_side (&((WtProxyTalk *) user_data)->near);
}

static void
on_far_secured (WtConn *conn, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  const WtTlsInfo *info = wt_conn_tls (conn);
  if (self->near.conn == NULL)
    return;
  if (self->proxy->verify)
    wt_conn_note (self->near.conn, WT_NOTE_INFO, N_ ("the server’s certificate is trusted: %s"), info->certificate);
  else
    wt_conn_note (self->near.conn, WT_NOTE_WARNING,
                  N_ ("the server’s certificate was NOT checked, anybody may be in between: %s"), info->certificate);
  wt_proxy_begin_passing (self);
}

static const char *
reason (WtConnEnd how)
{
  switch (how)
    {
    case WT_CONN_REFUSED:
      return _ ("it refuses the connection");
    case WT_CONN_TIMED_OUT:
      return _ ("no answer");
    case WT_CONN_UNREACHABLE:
      return _ ("no way leads there");
    case WT_CONN_RESET:
    case WT_CONN_CLOSED:
    case WT_CONN_TLS_FAILED:
    default:
      return _ ("it ends the connection");
    }
}

/* TRUE: another address is tried. */
static gboolean
try_next (WtProxyTalk *self, WtConnEnd how)
{
  const WtRecordingProxy *proxy = self->proxy;
  g_autofree char *address = wt_address_to_string (
      (WtAddress){ g_array_index (proxy->addresses, guint32, self->address), proxy->server_port });
  wt_conn_note (self->near.conn, WT_NOTE_ERROR, N_ ("%s (%s) cannot be reached: %s"), proxy->server_name, address,
                reason (how));
  if (self->address + 1 >= proxy->addresses->len)
    return FALSE;
  self->address++;
  wt_proxy_connect_far (self);
  return TRUE;
}

static void
on_far_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  self->far.conn = NULL;
  if (self->near.conn && self->phase == WT_PROXY_CONNECTING && !self->near.closed && try_next (self, how))
    return;
  if (self->near.conn && how == WT_CONN_TLS_FAILED)
    wt_conn_note (self->near.conn, WT_NOTE_ERROR, N_ ("there is no TLS with %s; the client’s data was not passed on"),
                  self->proxy->server_name);
  else if (self->near.conn && self->phase != WT_PROXY_CONNECTING && how == WT_CONN_RESET)
    wt_conn_note (self->near.conn, WT_NOTE_WARNING, N_ ("the server has reset the connection"));
  wt_proxy_close_side (&self->near);
  if (self->near.conn == NULL)
    wt_proxy_talk_free (self);
}

static const WtConnOps far_ops = { .connected = on_far_connected,
                                   .received = on_far_received,
                                   .drained = on_far_drained,
                                   .half_closed = on_far_half_closed,
                                   .secured = on_far_secured,
                                   .ended = on_far_ended };

static void
connecting_is_late (gpointer user_data)
{
  WtProxyTalk *self = user_data;
  self->timer = 0;
  wt_proxy_abort_side (&self->far);
  if (self->near.conn && !try_next (self, WT_CONN_TIMED_OUT))
    wt_proxy_close_side (&self->near);
}

void
wt_proxy_connect_far (WtProxyTalk *self)
{
  WtRecordingProxy *proxy = self->proxy;
  WtAddress to = { g_array_index (proxy->addresses, guint32, self->address), proxy->server_port };
  self->far = (WtProxySide){ .conn = wt_conn_connect_onward (self->near.conn, to, &far_ops, self) };
  wt_world_cancel (proxy->host.world, self->timer);
  self->timer = wt_world_timer (proxy->host.world, WT_PROXY_CONNECT_TIMEOUT, connecting_is_late, self);
}
