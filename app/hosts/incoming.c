/* One incoming session of a mail server, whatever its protocol. */
#include "app/hosts/incoming.h"

#define CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC)   /* how long a client may leave our FIN without its own */
#define DRAIN_INTERVAL (20 * WT_NSEC_PER_MSEC) /* how often we look whether it has read what waits, where nobody tells */

void
wt_incoming_free (WtIncoming *self)
{
  g_queue_unlink (&self->server->incoming, &self->link);
  self->server->n_incoming[self->incoming_class->protocol]--;
  self->incoming_class->free (self);
  self->incoming_class->engine_free (self->engine);
  g_free (self);
}

void
wt_incoming_crash (WtIncoming *self)
{
  WtWorld *world = self->server->host.world;
  wt_world_cancel (world, self->timer);
  wt_world_cancel (world, self->drain_timer);
  self->incoming_class->end (self);
  wt_incoming_free (self);
}

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

static gint64
patience (const WtIncoming *self)
{
  return self->closed ? CLOSE_TIMEOUT : self->incoming_class->deadline (self->engine) * WT_NSEC_PER_SEC;
}

static void
wait_from (WtIncoming *self, gint64 when)
{
  self->waits_from = MAX (self->waits_from, when);
}

/* The timer runs on while input comes and looks at the clock when it fires. While the store is busy the client waits
 * for us, not we for it. */
static void
on_timer (gpointer user_data)
{
  WtIncoming *self = user_data;
  WtWorld *world = self->server->host.world;
  gint64 left = patience (self) + (self->question ? 0 : self->waits_from - wt_world_now (world));
  self->timer = 0;
  if (left > 0)
    self->timer = wt_world_timer (world, left, on_timer, self);
  else if (self->closed)
    {
      wt_conn_abort (self->conn);
      wt_incoming_crash (self);
    }
  else
    {
      self->incoming_class->timed_out (self->engine);
      wt_incoming_pump (self);
    }
}

static void
restart_timer (WtIncoming *self)
{
  WtWorld *world = self->server->host.world;
  self->waits_from = wt_world_now (world);
  wt_world_cancel (world, self->timer);
  self->timer = wt_world_timer (world, patience (self), on_timer, self);
}

guint
wt_incoming_answering (WtIncoming *self)
{
  guint question = self->question;
  self->question = 0;
  wait_from (self, wt_world_now (self->server->host.world));
  return question;
}

void
wt_incoming_busy_for (WtIncoming *self, gint64 ns)
{
  wait_from (self, wt_world_now (self->server->host.world) + ns);
}

/* --- what the engine says ------------------------------------------------------------------------------------------ */

void
wt_incoming_record (WtIncoming *self, gboolean sent, guint8 context, guint8 flags, guint32 exchange, GBytes *bytes)
{
  WtMessage message = { self->incoming_class->protocol, context, flags, exchange, bytes };
  if (sent)
    wt_conn_sent (self->conn, &message);
  else
    wt_conn_received (self->conn, &message);
}

static void
handle_events (WtIncoming *self)
{
  self->handling = TRUE;
  while (!self->hang_up && self->incoming_class->handle_next (self))
    ;
  self->handling = FALSE;
}

/* FALSE: nothing was said. */
static gboolean
say (WtIncoming *self)
{
  GBytes *bytes;
  gboolean any = FALSE;
  for (; (bytes = self->incoming_class->take (self->engine)) != NULL; any = TRUE)
    {
      wt_conn_send (self->conn, bytes);
      g_bytes_unref (bytes);
    }
  return any;
}

static gboolean
is_full (const WtIncoming *self)
{
  return !self->closing && wt_conn_unsent (self->conn) > self->incoming_class->unsent_max;
}

static gboolean
go_on (WtIncoming *self)
{
  return self->incoming_class->go_on && self->incoming_class->go_on (self->engine);
}

static void
on_drain (gpointer user_data)
{
  WtIncoming *self = user_data;
  self->drain_timer = 0;
  wt_incoming_pump (self);
}

/* Reads on only while the client takes what we say and the engine has room. */
static void
choose_reading (WtIncoming *self)
{
  gboolean full = is_full (self);
  wt_conn_pause (self->conn, !self->closing && (full || !self->incoming_class->wants_input (self->engine)));
  if (full && self->drain_timer == 0)
    self->drain_timer = wt_world_timer (self->server->host.world, DRAIN_INTERVAL, on_drain, self);
}

static void
start_tls (WtIncoming *self)
{
  WtConnTlsConfig config = { .name = self->server->settings->hostname };
  self->start_tls = FALSE;
  wt_conn_start_tls (self->conn, &config);
}

/* What the engine says goes out while the connection has room; otherwise it waits, and so do the client's commands. */
void
wt_incoming_pump (WtIncoming *self)
{
  if (self->handling || self->conn == NULL || self->closed || !self->greeted)
    return;
  if (self->stopping && self->question == 0)
    self->incoming_class->shutdown (self->engine);
  do
    handle_events (self);
  while (!self->corked && !is_full (self) && (say (self) || go_on (self)));
  if (self->corked)
    return;
  if (self->start_tls)
    start_tls (self);
  self->closing |= self->hang_up;
  choose_reading (self);
  if (self->closing)
    {
      self->closed = TRUE;
      wt_conn_close (self->conn);
      restart_timer (self);
    }
}

void
wt_incoming_hang_up (WtIncoming *self)
{
  self->greeted = TRUE; /* there is nothing more to wait for */
  self->hang_up = TRUE;
}

/* --- the connection ------------------------------------------------------------------------------------------------ */

void
wt_incoming_greeted (WtIncoming *self)
{
  self->greeted = TRUE;
  wt_incoming_pump (self);
}

static void
greet (WtIncoming *self)
{
  const WtMailServer *server = self->server;
  self->incoming_class->greet (self, server->n_incoming[self->incoming_class->protocol] > server->settings->max_sessions);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  WtIncoming *self = user_data;
  restart_timer (self);
  if (self->tls)
    start_tls (self);
  else
    greet (self);
}

static void
on_secured (WtConn *conn, gpointer user_data)
{
  WtIncoming *self = user_data;
  if (!self->greeted)
    {
      greet (self);
      return;
    }
  self->incoming_class->secured (self->engine);
  wt_incoming_pump (self);
}

/* The live world tells; the simulated one is looked at. */
static void
on_drained (WtConn *conn, gpointer user_data)
{
  WtIncoming *self = user_data;
  if (self->drain_timer == 0)
    return;
  wt_world_cancel (self->server->host.world, self->drain_timer);
  self->drain_timer = wt_world_timer (self->server->host.world, 0, on_drain, self); /* others have their turn first */
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtIncoming *self = user_data;
  if (self->closing)
    return;
  wait_from (self, wt_world_now (self->server->host.world));
  self->incoming_class->feed (self->engine, bytes, n_bytes);
  wt_incoming_pump (self);
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtIncoming *self = user_data;
  self->conn = NULL;
  wt_incoming_crash (self);
}

const WtConnOps wt_incoming_ops = { .connected = on_connected,
                                    .received = on_received,
                                    .ended = on_ended,
                                    .secured = on_secured,
                                    .drained = on_drained };

/* --- the server's side -------------------------------------------------------------------------------------------- */

WtIncoming *
wt_incoming_new (const WtIncomingClass *incoming_class, WtMailServer *server, WtConn *conn, gboolean tls)
{
  WtIncoming *self = g_malloc0 (incoming_class->size);
  self->incoming_class = incoming_class;
  self->server = server;
  self->link.data = self;
  self->conn = conn;
  self->tls = tls;
  self->engine = incoming_class->begin (self, wt_conn_local (conn).port);
  g_queue_push_tail_link (&server->incoming, &self->link);
  server->n_incoming[incoming_class->protocol]++;
  return self;
}

void
wt_incoming_shut_down (WtIncoming *self)
{
  self->stopping = TRUE;
  wt_incoming_pump (self);
}
