#include "app/hosts/imap-link.h"

#define CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC) /* how long the server may leave our FIN without its own */

struct _WtImapLink
{
  WtWorld *world;
  WtConn *conn; /* (nullable) */
  WtImapClient *imap;
  const WtImapLinkOps *ops;
  gpointer user_data;
  gint64 connect_timeout;
  guint64 timer;
  gint64 waiting_since; /* ns: last sign of life */
  gboolean connected, closing, busy, failed;
};

static void pump (WtImapLink *self);

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

static void
over (WtImapLink *self)
{
  self->conn = NULL;
  self->ops->over (self, self->user_data);
  wt_imap_link_crash (self);
}

static void
fail (WtImapLink *self, const char *text)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_FAILED, .text = text };
  if (self->failed || self->closing)
    return;
  self->failed = TRUE;
  self->ops->event (self, &event, self->user_data);
}

static gint64
patience (const WtImapLink *self)
{
  if (self->closing)
    return CLOSE_TIMEOUT;
  return self->connected ? WT_IMAP_CLIENT_TIMEOUT * WT_NSEC_PER_SEC : self->connect_timeout;
}

static void
on_timer (gpointer user_data)
{
  WtImapLink *self = user_data;
  gint64 left = self->waiting_since + patience (self) - wt_world_now (self->world);
  self->timer = 0;
  if (left > 0)
    self->timer = wt_world_timer (self->world, left, on_timer, self);
  else if (!self->connected || self->closing)
    {
      fail (self, "Connection timed out");
      wt_conn_abort (self->conn);
      over (self);
    }
  else
    {
      wt_imap_client_timed_out (self->imap);
      pump (self);
    }
}

static void
restart_timer (WtImapLink *self)
{
  self->waiting_since = wt_world_now (self->world);
  wt_world_cancel (self->world, self->timer);
  self->timer = wt_world_timer (self->world, patience (self), on_timer, self);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

static void
handle (WtImapLink *self, const WtImapClientEvent *event)
{
  WtMessage message = { WT_PROTOCOL_IMAP, event->context, event->final ? WT_EVENT_FINAL : 0, event->exchange,
                        event->bytes };
  if (event->type == WT_IMAP_CLIENT_SENT)
    wt_conn_sent (self->conn, &message);
  else if (event->type == WT_IMAP_CLIENT_CLOSE)
    self->closing = TRUE;
  else
    {
      if (event->type == WT_IMAP_CLIENT_RECEIVED)
        wt_conn_received (self->conn, &message);
      self->failed |= event->type == WT_IMAP_CLIENT_FAILED;
      self->ops->event (self, event, self->user_data);
    }
}

static void
handle_events (WtImapLink *self)
{
  WtImapClientEvent event;
  self->busy = TRUE;
  while (wt_imap_client_next (self->imap, &event))
    handle (self, &event);
  self->busy = FALSE;
}

static void
pump (WtImapLink *self)
{
  gboolean was_closing = self->closing;
  if (self->busy || self->conn == NULL || !self->connected)
    return;
  handle_events (self);
  g_autoptr (GBytes) bytes = wt_imap_client_take (self->imap);
  if (bytes && !was_closing)
    wt_conn_send (self->conn, bytes);
  if (self->closing && !was_closing)
    wt_conn_close (self->conn);
  if (bytes || self->closing != was_closing)
    restart_timer (self);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  WtImapLink *self = user_data;
  self->connected = TRUE;
  restart_timer (self);
  pump (self);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtImapLink *self = user_data;
  self->waiting_since = wt_world_now (self->world);
  wt_imap_client_feed (self->imap, bytes, n_bytes);
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
  };
  return texts[how];
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtImapLink *self = user_data;
  if (how == WT_CONN_CLOSED && self->connected && !self->closing)
    {
      wt_imap_client_closed (self->imap); /* after LOGOUT that is no fault */
      handle_events (self);
    }
  fail (self, end_text (how));
  over (self);
}

static const WtConnOps conn_ops = { on_connected, on_received, on_ended };

/* --- the owner's side --------------------------------------------------------------------------------------------- */

WtImapLink *
wt_imap_link_new (WtWorld *world, WtNode node, WtAddress to, const WtImapClientConfig *config, gint64 connect_timeout,
                  const WtImapLinkOps *ops, gpointer user_data)
{
  WtImapLink *self = g_new0 (WtImapLink, 1);
  WtImapClientConfig recorded = *config;
  recorded.report_wire = TRUE;
  self->world = world;
  self->ops = ops;
  self->user_data = user_data;
  self->connect_timeout = connect_timeout;
  self->imap = wt_imap_client_new (&recorded);
  self->conn = wt_world_connect (world, node, to, WT_PROTOCOL_IMAP, &conn_ops, self);
  restart_timer (self);
  return self;
}

WtImapClient *
wt_imap_link_client (WtImapLink *self)
{
  return self->imap;
}

void
wt_imap_link_abort (WtImapLink *self)
{
  if (self->conn)
    wt_conn_abort (self->conn);
  wt_imap_link_crash (self);
}

void
wt_imap_link_crash (WtImapLink *self)
{
  wt_world_cancel (self->world, self->timer);
  wt_imap_link_free (self);
}

void
wt_imap_link_free (WtImapLink *self)
{
  if (self == NULL)
    return;
  wt_imap_client_free (self->imap);
  g_free (self);
}
