/* One client of a recording proxy and the server. `near` is the connection with the client, `far` that with the server. */
#include "app/hosts/recording-proxy-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Why a side is not read for now. */
enum {
  PAUSED_FULL = 1 << 0,     /* the other side does not keep up */
  PAUSED_STARTTLS = 1 << 1, /* how the client goes on follows from the server's answer */
  PAUSED_EARLY = 1 << 2,    /* the server is not there yet */
};

typedef enum {
  CONNECTING,
  ASKING_TLS, /* the proxy's own STARTTLS */
  SECURING,   /* TLS with the server begins; nothing is told before its certificate was looked at */
  PASSING,
} Phase;

typedef struct {
  WtConn *conn; /* (nullable) NULL: none yet, or it has ended */
  guint paused;
  gboolean closed; /* by us */
} Side;

struct _WtProxyTalk {
  WtRecordingProxy *proxy;
  GList link; /* in proxy->talks */
  Side near, far;
  guint address; /* index of the one that is tried */
  guint64 timer; /* of connecting */
  Phase phase;
  WtProxyRecord *record;
  GByteArray *early;    /* (nullable) what the client said before it could be passed on */
  GByteArray *greeting; /* (nullable) the server's, kept until the proxy has TLS with it */
  GBytes *agreed;       /* (nullable) the server's yes to the client's STARTTLS, kept likewise */
};

static void connect_far (WtProxyTalk *self);

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void
talk_free (WtProxyTalk *self)
{
  wt_world_cancel (self->proxy->host.world, self->timer);
  g_queue_unlink (&self->proxy->talks, &self->link);
  g_clear_pointer (&self->early, g_byte_array_unref);
  g_clear_pointer (&self->greeting, g_byte_array_unref);
  g_clear_pointer (&self->agreed, g_bytes_unref);
  g_clear_pointer (&self->record, wt_proxy_record_free);
  g_free (self);
}

static void
set_paused (Side *side, guint why, gboolean on)
{
  guint paused = on && !side->closed ? side->paused | why : side->paused & ~why;
  if (side->conn && (paused != 0) != (side->paused != 0))
    wt_conn_pause (side->conn, paused != 0);
  side->paused = paused;
}

/* Closes in order. A side that is closed is read to its end, so that its FIN is seen. */
static void
close_side (Side *side)
{
  if (side->conn == NULL || side->closed)
    return;
  side->closed = TRUE;
  set_paused (side, ~0u, FALSE);
  wt_conn_close (side->conn);
}

static void
abort_side (Side *side)
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
static void
give_up (WtProxyTalk *self)
{
  abort_side (&self->far);
  close_side (&self->near);
}

void
wt_proxy_talk_stop (WtProxyTalk *self)
{
  if (self->phase == CONNECTING && self->far.conn)
    abort_side (&self->far);
  close_side (&self->far);
  close_side (&self->near);
  if (self->near.conn == NULL && self->far.conn == NULL)
    talk_free (self);
}

/* --- passing on --------------------------------------------------------------------------------------------------- */

static void
send_on (Side *from, Side *to, const guint8 *bytes, gsize n_bytes)
{
  if (to->conn == NULL || to->closed || n_bytes == 0)
    return;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  wt_conn_send (to->conn, copy);
  if (wt_conn_unsent (to->conn) > WT_PROXY_UNSENT_MAX)
    set_paused (from, PAUSED_FULL, TRUE);
}

static void
start_far_tls (WtProxyTalk *self)
{
  WtConnTlsConfig config = { .name = self->proxy->server_name,
                             .verify = self->proxy->verify,
                             .trusted = self->proxy->trusted };
  self->phase = SECURING;
  wt_conn_start_tls (self->far.conn, &config);
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
      give_up (self);
      return;
    }
  wt_conn_note (self->near.conn, WT_NOTE_INFO,
                N_ ("STARTTLS: the proxy begins TLS with either side, so that what follows can be read here; the client sees "
                    "the proxy’s certificate, not the server’s"));
  wt_proxy_record_restart (self->record, self->proxy->service->protocol, TRUE);
  self->agreed = g_bytes_new (reply, n_bytes);
  start_far_tls (self);
}

static void
pass (WtProxyTalk *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  gboolean to_server = direction == WT_TO_SERVER;
  Side *from = to_server ? &self->near : &self->far, *to = to_server ? &self->far : &self->near;
  if (self->record == NULL)
    return; /* the client has gone */
  gboolean before = wt_proxy_record_tls (self->record) == WT_STREAM_TLS_BEGUN;
  wt_proxy_record_feed (self->record, direction, bytes, n_bytes);
  WtStreamTls tls = wt_proxy_record_tls (self->record);
  set_paused (&self->near, PAUSED_STARTTLS, tls == WT_STREAM_TLS_ASKED);
  if (tls == WT_STREAM_TLS_BEGUN && !before && self->proxy->client_tls == WT_PROXY_TLS_STARTTLS)
    {
      begin_tls (self, bytes, n_bytes);
      return;
    }
  send_on (from, to, bytes, n_bytes);
  if (tls == WT_STREAM_TLS_BEGUN && !before)
    {
      wt_conn_note (self->near.conn, WT_NOTE_INFO,
                    N_ ("STARTTLS: what follows is encrypted between client and server, and passes unread"));
      wt_proxy_record_restart (self->record, WT_PROTOCOL_TLS, FALSE);
    }
}

/* The server is there and, with TLS, is who it should be. */
static void
begin_passing (WtProxyTalk *self)
{
  g_autoptr (GByteArray) early = g_steal_pointer (&self->early), greeting = g_steal_pointer (&self->greeting);
  self->phase = PASSING;
  if (self->agreed)
    {
      wt_conn_send (self->near.conn, self->agreed);
      start_near_tls (self);
    }
  if (greeting)
    pass (self, WT_TO_CLIENT, greeting->data, greeting->len);
  if (early)
    pass (self, WT_TO_SERVER, early->data, early->len);
  set_paused (&self->near, PAUSED_EARLY, FALSE);
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
      start_far_tls (self);
    }
  else if (line && tls == WT_STREAM_TLS_NONE)
    {
      wt_proxy_record_feed (self->record, WT_TO_SERVER, (const guint8 *) line, strlen (line));
      send_on (&self->near, &self->far, (const guint8 *) line, strlen (line));
    }
  else if (tls != WT_STREAM_TLS_ASKED)
    {
      wt_conn_note (self->near.conn, WT_NOTE_ERROR, N_ ("the server does not begin TLS; the proxy ends it here"));
      give_up (self);
    }
}

/* --- the client --------------------------------------------------------------------------------------------------- */

static void
on_near_connected (WtConn *conn, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->proxy->client_tls == WT_PROXY_TLS_IMPLICIT)
    start_near_tls (self);
  connect_far (self);
}

static void
on_near_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->phase == PASSING)
    {
      pass (self, WT_TO_SERVER, bytes, n_bytes);
      return;
    }
  if (self->early == NULL)
    self->early = g_byte_array_new ();
  g_byte_array_append (self->early, bytes, n_bytes);
  set_paused (&self->near, PAUSED_EARLY, TRUE);
}

static void
on_near_drained (WtConn *conn, gpointer user_data)
{
  set_paused (&((WtProxyTalk *) user_data)->far, PAUSED_FULL, FALSE);
}

static void
on_near_half_closed (WtConn *conn, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->phase == PASSING)
    close_side (&self->far);
  else
    give_up (self); /* it has gone before anything could be said */
}

static void
on_near_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  forget_near (self);
  if (how == WT_CONN_CLOSED && self->phase == PASSING)
    close_side (&self->far);
  else
    abort_side (&self->far);
  if (self->far.conn == NULL)
    talk_free (self);
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
      self->phase = ASKING_TLS;
      self->greeting = g_byte_array_new ();
      wt_proxy_record_set_own (self->record, conn);
      return;
    }
  if (tls == WT_PROXY_TLS_IMPLICIT)
    {
      wt_proxy_record_set_encrypted (self->record);
      start_far_tls (self);
      return;
    }
  begin_passing (self);
}

static void
on_far_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  if (self->phase == ASKING_TLS)
    ask_for_tls (self, bytes, n_bytes);
  else
    pass (self, WT_TO_CLIENT, bytes, n_bytes);
}

static void
on_far_drained (WtConn *conn, gpointer user_data)
{
  set_paused (&((WtProxyTalk *) user_data)->near, PAUSED_FULL, FALSE);
}

static void
on_far_half_closed (WtConn *conn, gpointer user_data)
{
  close_side (&((WtProxyTalk *) user_data)->near);
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
  begin_passing (self);
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
  connect_far (self);
  return TRUE;
}

static void
on_far_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtProxyTalk *self = user_data;
  self->far.conn = NULL;
  if (self->near.conn && self->phase == CONNECTING && !self->near.closed && try_next (self, how))
    return;
  if (self->near.conn && how == WT_CONN_TLS_FAILED)
    wt_conn_note (self->near.conn, WT_NOTE_ERROR, N_ ("there is no TLS with %s; the client’s data was not passed on"),
                  self->proxy->server_name);
  else if (self->near.conn && self->phase != CONNECTING && how == WT_CONN_RESET)
    wt_conn_note (self->near.conn, WT_NOTE_WARNING, N_ ("the server has reset the connection"));
  close_side (&self->near);
  if (self->near.conn == NULL)
    talk_free (self);
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
  abort_side (&self->far);
  if (self->near.conn && !try_next (self, WT_CONN_TIMED_OUT))
    close_side (&self->near);
}

static void
connect_far (WtProxyTalk *self)
{
  WtRecordingProxy *proxy = self->proxy;
  WtAddress to = { g_array_index (proxy->addresses, guint32, self->address), proxy->server_port };
  self->far = (Side){ .conn = wt_conn_connect_onward (self->near.conn, to, &far_ops, self) };
  wt_world_cancel (proxy->host.world, self->timer);
  self->timer = wt_world_timer (proxy->host.world, WT_PROXY_CONNECT_TIMEOUT, connecting_is_late, self);
}
