#include "app/hosts/smtp-link.h"

struct _WtSmtpLink {
  WtWorld *world;
  WtConn *conn; /* (nullable) */
  WtSmtpClient *smtp;
  const WtSmtpLinkOps *ops;
  gpointer user_data;
  gint64 connect_timeout;
  guint64 timer;
  gint64 waiting_since; /* ns: last sign of life */
  gsize unsent;         /* at that time */
  gboolean manual, connected, closing, busy, failed;
  gboolean implicit_tls, start_tls, tls_failed, verify;
  char *tls_name; /* (nullable) */
};

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

static void pump (WtSmtpLink *self);
static void alive (WtSmtpLink *self);

static gint64
patience (const WtSmtpLink *self)
{
  if (self->closing)
    return WT_SMTP_LINK_CLOSE_TIMEOUT;
  return self->connected ? wt_smtp_client_deadline (self->smtp) * WT_NSEC_PER_SEC : self->connect_timeout;
}

static void
over (WtSmtpLink *self)
{
  self->conn = NULL;
  self->ops->over (self, self->user_data);
  wt_world_cancel (self->world, self->timer);
  wt_smtp_link_free (self);
}

static void
fail (WtSmtpLink *self, const char *text)
{
  WtSmtpClientEvent event = { .type = WT_SMTP_CLIENT_FAILED, .text = text };
  if (self->failed || self->closing)
    return;
  self->failed = TRUE;
  self->ops->event (self, &event, self->user_data);
}

static void
give_up (WtSmtpLink *self)
{
  fail (self, "Connection timed out");
  wt_conn_abort (self->conn);
  over (self);
}

static void
on_timer (gpointer user_data)
{
  WtSmtpLink *self = user_data;
  self->timer = 0;
  if (wt_conn_unsent (self->conn) < self->unsent) /* a large mail on a slow line is on its way */
    {
      alive (self);
      return;
    }
  gint64 left = self->waiting_since + patience (self) - wt_world_now (self->world);
  if (left > 0)
    self->timer = wt_world_timer (self->world, left, on_timer, self);
  else if (!self->connected || self->closing)
    give_up (self);
  else if (self->manual) /* a person may think as long as it takes; the server has its own deadline */
    alive (self);
  else
    {
      wt_smtp_client_timed_out (self->smtp);
      pump (self);
    }
}

/* The timer runs on while bytes come and looks at the clock when it fires: no timer is made for each of them. */
static void
alive (WtSmtpLink *self)
{
  self->waiting_since = wt_world_now (self->world);
  self->unsent = wt_conn_unsent (self->conn);
  if (self->timer == 0)
    self->timer = wt_world_timer (self->world, patience (self), on_timer, self);
}

/* A deadline that is shorter than the one waited for needs a timer of its own. */
static void
restart_timer (WtSmtpLink *self)
{
  wt_world_cancel (self->world, self->timer);
  self->timer = 0;
  alive (self);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

static void
handle (WtSmtpLink *self, const WtSmtpClientEvent *event)
{
  WtMessage message = { WT_PROTOCOL_SMTP, event->context, 0, event->exchange, event->bytes };
  switch (event->type)
    {
    case WT_SMTP_CLIENT_SENT:
      wt_conn_sent (self->conn, &message);
      return;
    case WT_SMTP_CLIENT_CLOSE:
      self->closing = TRUE;
      return;
    case WT_SMTP_CLIENT_RECEIVED:
      message.flags = WT_EVENT_FINAL;
      wt_conn_received (self->conn, &message);
      break;
    case WT_SMTP_CLIENT_STARTTLS:
      self->start_tls = TRUE;
      return;
    case WT_SMTP_CLIENT_FAILED:
      self->failed = TRUE;
      break;
    case WT_SMTP_CLIENT_STATE:
    case WT_SMTP_CLIENT_READY:
    case WT_SMTP_CLIENT_RECIPIENT:
    case WT_SMTP_CLIENT_DONE:
      break;
    }
  self->ops->event (self, event, self->user_data);
}

static void
handle_events (WtSmtpLink *self)
{
  WtSmtpClientEvent event;
  self->busy = TRUE;
  while (wt_smtp_client_next (self->smtp, &event))
    handle (self, &event);
  self->busy = FALSE;
}

static void
start_tls (WtSmtpLink *self)
{
  WtConnTlsConfig config = { .name = self->tls_name, .verify = self->verify };
  self->start_tls = FALSE;
  wt_conn_start_tls (self->conn, &config);
}

static void
pump (WtSmtpLink *self)
{
  gboolean was_closing = self->closing;
  if (self->busy || self->conn == NULL)
    return;
  handle_events (self);
  g_autoptr (GBytes) bytes = wt_smtp_client_take (self->smtp);
  if (bytes && !was_closing)
    wt_conn_send (self->conn, bytes);
  if (self->start_tls)
    start_tls (self);
  if (self->closing && !was_closing)
    wt_conn_close (self->conn);
  if (bytes || self->closing != was_closing)
    restart_timer (self);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  WtSmtpLink *self = user_data;
  self->connected = TRUE;
  restart_timer (self);
  if (self->implicit_tls)
    start_tls (self);
  else
    pump (self);
}

static void
on_secured (WtConn *conn, gpointer user_data)
{
  WtSmtpLink *self = user_data;
  alive (self);
  wt_smtp_client_secured (self->smtp);
  pump (self);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtSmtpLink *self = user_data;
  alive (self);
  wt_smtp_client_feed (self->smtp, bytes, n_bytes);
  pump (self);
}

static const char *
end_text (WtConnEnd how)
{
  static const char *const texts[] = {
    [WT_CONN_CLOSED] = "Connection closed by the server",
    [WT_CONN_RESET] = "Connection reset by the server",
    [WT_CONN_REFUSED] = "Connection refused",
    [WT_CONN_TIMED_OUT] = "Connection timed out",
    [WT_CONN_UNREACHABLE] = "Host is unreachable",
    [WT_CONN_TLS_FAILED] = "TLS handshake failed",
  };
  return texts[how];
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtSmtpLink *self = user_data;
  self->tls_failed = how == WT_CONN_TLS_FAILED;
  if (how == WT_CONN_CLOSED && self->connected && !self->closing)
    {
      wt_smtp_client_closed (self->smtp); /* after QUIT that is no fault */
      handle_events (self);
    }
  fail (self, end_text (how));
  over (self);
}

static const WtConnOps conn_ops = { on_connected, on_received, on_ended, on_secured };

/* --- the owner's side --------------------------------------------------------------------------------------------- */

WtSmtpLink *
wt_smtp_link_new (WtWorld *world, WtNode node, WtAddress to, const WtSmtpClientConfig *config, gboolean manual,
                  gint64 connect_timeout, const WtSmtpLinkOps *ops, gpointer user_data)
{
  WtSmtpLink *self = g_new0 (WtSmtpLink, 1);
  self->world = world;
  self->ops = ops;
  self->user_data = user_data;
  self->connect_timeout = connect_timeout;
  self->manual = manual;
  self->implicit_tls = config->secured;
  WtSmtpClientConfig recorded = *config;
  recorded.report_wire = TRUE;
  self->smtp = wt_smtp_client_new (&recorded);
  wt_smtp_client_set_manual (self->smtp, manual);
  self->conn = wt_world_connect (world, node, to, WT_PROTOCOL_SMTP, &conn_ops, self);
  alive (self);
  return self;
}

void
wt_smtp_link_set_tls_name (WtSmtpLink *self, const char *name, gboolean verify)
{
  g_free (self->tls_name);
  self->tls_name = g_strdup (name);
  self->verify = verify;
}

gboolean
wt_smtp_link_tls_failed (const WtSmtpLink *self)
{
  return self->tls_failed;
}

WtSmtpExtensions
wt_smtp_link_offered (const WtSmtpLink *self)
{
  return wt_smtp_client_offered (self->smtp);
}

gboolean
wt_smtp_link_submit (WtSmtpLink *self, const WtSmtpTransaction *transaction, GError **error)
{
  gboolean taken = wt_smtp_client_submit (self->smtp, transaction, error);
  if (self->connected)
    pump (self);
  return taken;
}

void
wt_smtp_link_type (WtSmtpLink *self, const char *line)
{
  wt_smtp_client_type (self->smtp, line);
  pump (self);
}

void
wt_smtp_link_quit (WtSmtpLink *self)
{
  wt_smtp_client_quit (self->smtp);
  if (self->connected)
    pump (self);
}

gboolean
wt_smtp_link_is_connected (const WtSmtpLink *self)
{
  return self->connected && self->conn != NULL && !self->closing;
}

WtSmtpState
wt_smtp_link_state (const WtSmtpLink *self)
{
  return wt_smtp_client_state (self->smtp);
}

WtConn *
wt_smtp_link_conn (const WtSmtpLink *self)
{
  return self->conn;
}

void
wt_smtp_link_close (WtSmtpLink *self)
{
  if (!wt_smtp_link_is_connected (self))
    return;
  self->closing = TRUE;
  wt_conn_close (self->conn);
  restart_timer (self);
}

void
wt_smtp_link_abort (WtSmtpLink *self)
{
  if (self->conn)
    wt_conn_abort (self->conn);
  wt_smtp_link_crash (self);
}

void
wt_smtp_link_crash (WtSmtpLink *self)
{
  wt_world_cancel (self->world, self->timer);
  wt_smtp_link_free (self);
}

void
wt_smtp_link_free (WtSmtpLink *self)
{
  if (self == NULL)
    return;
  wt_smtp_client_free (self->smtp);
  g_free (self->tls_name);
  g_free (self);
}
