#include "app/hosts/pop3-link.h"

#define CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC) /* how long the server may leave our FIN without its own */

struct _WtPop3Link
{
  WtWorld *world;
  WtConn *conn; /* (nullable) */
  WtPop3Client *pop3;
  const WtPop3LinkOps *ops;
  gpointer user_data;
  gint64 connect_timeout;
  guint64 timer;
  gint64 waiting_since; /* ns: last sign of life */
  gboolean manual, connected, closing, busy, failed;
};

static void pump (WtPop3Link *self);

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

static void
over (WtPop3Link *self)
{
  self->conn = NULL;
  self->ops->over (self, self->user_data);
  wt_pop3_link_crash (self);
}

static void
fail (WtPop3Link *self, const char *text)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_FAILED, .text = text };
  if (self->failed || self->closing)
    return;
  self->failed = TRUE;
  self->ops->event (self, &event, self->user_data);
}

static gint64
patience (const WtPop3Link *self)
{
  if (self->closing)
    return CLOSE_TIMEOUT;
  return self->connected ? wt_pop3_client_deadline (self->pop3) * WT_NSEC_PER_SEC : self->connect_timeout;
}

/* A person may think as long as it takes; the server has its own deadline. */
static void
on_timer (gpointer user_data)
{
  WtPop3Link *self = user_data;
  gint64 left = self->waiting_since + patience (self) - wt_world_now (self->world);
  self->timer = 0;
  if (left > 0 || (self->manual && self->connected && !self->closing))
    self->timer = wt_world_timer (self->world, left > 0 ? left : patience (self), on_timer, self);
  else if (!self->connected || self->closing)
    {
      fail (self, "Connection timed out");
      wt_conn_abort (self->conn);
      over (self);
    }
  else
    {
      wt_pop3_client_timed_out (self->pop3);
      pump (self);
    }
}

static void
restart_timer (WtPop3Link *self)
{
  self->waiting_since = wt_world_now (self->world);
  wt_world_cancel (self->world, self->timer);
  self->timer = wt_world_timer (self->world, patience (self), on_timer, self);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

static void
handle (WtPop3Link *self, const WtPop3ClientEvent *event)
{
  WtMessage message = { WT_PROTOCOL_POP3, event->context, 0, event->exchange, event->bytes };
  if (event->type == WT_POP3_CLIENT_SENT)
    wt_conn_sent (self->conn, &message);
  else if (event->type == WT_POP3_CLIENT_CLOSE)
    self->closing = TRUE;
  else
    {
      message.flags = WT_EVENT_FINAL;
      if (event->type == WT_POP3_CLIENT_RECEIVED)
        wt_conn_received (self->conn, &message);
      self->failed |= event->type == WT_POP3_CLIENT_FAILED;
      self->ops->event (self, event, self->user_data);
    }
}

static void
handle_events (WtPop3Link *self)
{
  WtPop3ClientEvent event;
  self->busy = TRUE;
  while (wt_pop3_client_next (self->pop3, &event))
    handle (self, &event);
  self->busy = FALSE;
}

static void
pump (WtPop3Link *self)
{
  gboolean was_closing = self->closing;
  if (self->busy || self->conn == NULL || !self->connected)
    return;
  handle_events (self);
  g_autoptr (GBytes) bytes = wt_pop3_client_take (self->pop3);
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
  WtPop3Link *self = user_data;
  self->connected = TRUE;
  restart_timer (self);
  pump (self);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtPop3Link *self = user_data;
  self->waiting_since = wt_world_now (self->world);
  wt_pop3_client_feed (self->pop3, bytes, n_bytes);
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
  WtPop3Link *self = user_data;
  if (how == WT_CONN_CLOSED && self->connected && !self->closing)
    {
      wt_pop3_client_closed (self->pop3); /* after QUIT that is no fault */
      handle_events (self);
    }
  fail (self, end_text (how));
  over (self);
}

static const WtConnOps conn_ops = { on_connected, on_received, on_ended };

/* --- the owner's side --------------------------------------------------------------------------------------------- */

WtPop3Link *
wt_pop3_link_new (WtWorld *world, WtNode node, WtAddress to, const WtPop3ClientConfig *config, gboolean manual,
                  gint64 connect_timeout, const WtPop3LinkOps *ops, gpointer user_data)
{
  WtPop3Link *self = g_new0 (WtPop3Link, 1);
  WtPop3ClientConfig recorded = *config;
  recorded.report_wire = TRUE;
  self->world = world;
  self->ops = ops;
  self->user_data = user_data;
  self->connect_timeout = connect_timeout;
  self->manual = manual;
  self->pop3 = wt_pop3_client_new (&recorded);
  wt_pop3_client_set_manual (self->pop3, manual);
  self->conn = wt_world_connect (world, node, to, WT_PROTOCOL_POP3, &conn_ops, self);
  restart_timer (self);
  return self;
}

WtPop3Client *
wt_pop3_link_client (WtPop3Link *self)
{
  return self->pop3;
}

void
wt_pop3_link_type (WtPop3Link *self, const char *line)
{
  wt_pop3_client_type (self->pop3, line);
  pump (self);
}

gboolean
wt_pop3_link_is_connected (const WtPop3Link *self)
{
  return self->connected && self->conn != NULL && !self->closing;
}

void
wt_pop3_link_close (WtPop3Link *self)
{
  if (!wt_pop3_link_is_connected (self))
    return;
  self->closing = TRUE;
  wt_conn_close (self->conn);
  restart_timer (self);
}

void
wt_pop3_link_abort (WtPop3Link *self)
{
  if (self->conn)
    wt_conn_abort (self->conn);
  wt_pop3_link_crash (self);
}

void
wt_pop3_link_crash (WtPop3Link *self)
{
  wt_world_cancel (self->world, self->timer);
  wt_pop3_link_free (self);
}

void
wt_pop3_link_free (WtPop3Link *self)
{
  if (self == NULL)
    return;
  wt_pop3_client_free (self->pop3);
  g_free (self);
}
