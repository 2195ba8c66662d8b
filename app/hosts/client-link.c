#include "app/hosts/client-link.h"

#include <glib/gi18n.h>

struct _WtClientLink
{
  WtWorld *world;
  WtConn *conn; /* (nullable) */
  const WtClientLinkEngine *functions;
  gpointer engine;
  const WtClientLinkOps *ops;
  gpointer user_data;
  gint64 connect_timeout;
  guint64 timer;
  gint64 waiting_since; /* ns: last sign of life */
  gsize unsent;         /* at that time */
  gboolean manual, connected, closing, busy, failed;
  gboolean implicit_tls, start_tls, tls_failed, verify;
  WtTlsCredentials *trusted; /* (nullable) borrowed */
  char *tls_name; /* (nullable) */
};

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

static gint64
patience (const WtClientLink *self)
{
  if (self->closing)
    return WT_CLIENT_LINK_CLOSE_TIMEOUT;
  return self->connected ? self->functions->deadline (self->engine) * WT_NSEC_PER_SEC : self->connect_timeout;
}

static void
over (WtClientLink *self)
{
  self->conn = NULL;
  self->ops->over (self, self->user_data);
  wt_client_link_crash (self);
}

static void
fail (WtClientLink *self, const char *text)
{
  if (self->failed || self->closing)
    return;
  self->failed = TRUE;
  self->functions->fail (self, text);
}

static void
give_up (WtClientLink *self)
{
  fail (self, N_ ("Connection timed out"));
  wt_conn_abort (self->conn);
  over (self);
}

static void on_timer (gpointer user_data);

/* The timer runs on while bytes come and looks at the clock when it fires: no timer is made for each of them. */
static void
alive (WtClientLink *self)
{
  self->waiting_since = wt_world_now (self->world);
  self->unsent = wt_conn_unsent (self->conn);
  if (self->timer == 0)
    self->timer = wt_world_timer (self->world, patience (self), on_timer, self);
}

/* A deadline that is shorter than the one waited for needs a timer of its own. */
static void
restart_timer (WtClientLink *self)
{
  wt_world_cancel (self->world, self->timer);
  self->timer = 0;
  alive (self);
}

static void
time_out (WtClientLink *self)
{
  self->functions->timed_out (self->engine);
  wt_client_link_work (self);
  if (self->timer == 0)
    alive (self);
}

static void
on_timer (gpointer user_data)
{
  WtClientLink *self = user_data;
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
    time_out (self);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

void
wt_client_link_tell (WtClientLink *self, gconstpointer event)
{
  self->ops->event (self, event, self->user_data);
}

void
wt_client_link_event (WtClientLink *self, WtClientLinkMeaning meaning, const WtMessage *message, gconstpointer event)
{
  switch (meaning)
    {
    case WT_CLIENT_LINK_SENT:
      wt_conn_sent (self->conn, message);
      return;
    case WT_CLIENT_LINK_STARTTLS:
      self->start_tls = TRUE;
      return;
    case WT_CLIENT_LINK_CLOSE:
      self->closing = TRUE;
      return;
    case WT_CLIENT_LINK_RECEIVED:
      wt_conn_received (self->conn, message);
      break;
    case WT_CLIENT_LINK_FAILED:
      self->failed = TRUE;
      break;
    case WT_CLIENT_LINK_TELL:
      break;
    }
  wt_client_link_tell (self, event);
}

static void
handle_events (WtClientLink *self)
{
  self->busy = TRUE;
  while (self->functions->next (self))
    ;
  self->busy = FALSE;
}

static void
start_tls (WtClientLink *self)
{
  WtConnTlsConfig config = { .name = self->tls_name, .verify = self->verify, .trusted = self->trusted };
  self->start_tls = FALSE;
  wt_conn_start_tls (self->conn, &config);
}

void
wt_client_link_work (WtClientLink *self)
{
  gboolean was_closing = self->closing;
  if (self->busy || self->conn == NULL || !self->connected)
    return;
  handle_events (self);
  g_autoptr (GBytes) bytes = self->functions->take (self->engine);
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
  WtClientLink *self = user_data;
  self->connected = TRUE;
  restart_timer (self);
  if (self->implicit_tls)
    start_tls (self);
  else
    wt_client_link_work (self);
}

static void
on_secured (WtConn *conn, gpointer user_data)
{
  WtClientLink *self = user_data;
  alive (self);
  self->functions->secured (self->engine);
  wt_client_link_work (self);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtClientLink *self = user_data;
  if (self->functions->is_idling == NULL || !self->functions->is_idling (self->engine))
    alive (self);
  self->functions->feed (self->engine, bytes, n_bytes);
  wt_client_link_work (self);
}

static const char *
end_text (WtConnEnd how)
{
  static const char *const texts[] = {
    [WT_CONN_CLOSED] = N_ ("Connection closed by the server"),
    [WT_CONN_RESET] = N_ ("Connection reset by the server"),
    [WT_CONN_REFUSED] = N_ ("Connection refused"),
    [WT_CONN_TIMED_OUT] = N_ ("Connection timed out"),
    [WT_CONN_UNREACHABLE] = N_ ("Host is unreachable"),
    [WT_CONN_TLS_FAILED] = N_ ("TLS handshake failed"),
  };
  return texts[how];
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtClientLink *self = user_data;
  self->tls_failed = how == WT_CONN_TLS_FAILED;
  if (how == WT_CONN_CLOSED && self->connected && !self->closing)
    {
      self->functions->closed (self->engine); /* after QUIT or LOGOUT that is no fault */
      handle_events (self);
    }
  fail (self, end_text (how));
  over (self);
}

static const WtConnOps conn_ops = { on_connected, on_received, on_ended, on_secured };

/* --- the owner's side --------------------------------------------------------------------------------------------- */

WtClientLink *
wt_client_link_new (const WtClientLinkConfig *config, const WtClientLinkEngine *functions, gpointer engine,
                    const WtClientLinkOps *ops, gpointer user_data)
{
  WtClientLink *self = g_new0 (WtClientLink, 1);
  self->world = config->world;
  self->functions = functions;
  self->engine = engine;
  self->ops = ops;
  self->user_data = user_data;
  self->connect_timeout = config->connect_timeout;
  self->manual = config->manual;
  self->implicit_tls = config->implicit_tls;
  self->tls_name = g_strdup (config->tls_name);
  self->verify = config->verify;
  self->trusted = config->trusted;
  self->conn = wt_world_connect (config->world, config->node, config->to, functions->protocol, &conn_ops, self);
  alive (self);
  return self;
}

gpointer
wt_client_link_engine (const WtClientLink *self)
{
  return self->engine;
}

void
wt_client_link_type (WtClientLink *self, const char *line)
{
  self->functions->type (self->engine, line);
  wt_client_link_work (self);
}

gboolean
wt_client_link_awaits_reply (const WtClientLink *self)
{
  return self->functions->awaits_reply == NULL || self->functions->awaits_reply (self->engine);
}

guint32
wt_client_link_conversation (const WtClientLink *self)
{
  return self->conn ? wt_conn_entity (self->conn) : 0;
}

gboolean
wt_client_link_is_connected (const WtClientLink *self)
{
  return self->connected && self->conn != NULL && !self->closing;
}

void
wt_client_link_note_in_clear (WtWorld *world, WtNode node, const char *server)
{
  wt_world_note (world, node, WT_NOTE_WARNING,
                 N_ ("TLS with %s has failed; as it is opportunistic here, the mail goes without encryption, readable on its way "
                     "(RFC 7435 3)"),
                 server);
}

gboolean
wt_client_link_tls_failed (const WtClientLink *self)
{
  return self->tls_failed;
}

void
wt_client_link_close (WtClientLink *self)
{
  if (!wt_client_link_is_connected (self))
    return;
  self->closing = TRUE;
  wt_conn_close (self->conn);
  restart_timer (self);
}

void
wt_client_link_abort (WtClientLink *self)
{
  if (self->conn)
    wt_conn_abort (self->conn);
  wt_client_link_crash (self);
}

void
wt_client_link_crash (WtClientLink *self)
{
  wt_world_cancel (self->world, self->timer);
  wt_client_link_free (self);
}

void
wt_client_link_free (WtClientLink *self)
{
  if (self == NULL)
    return;
  self->functions->free (self->engine);
  g_free (self->tls_name);
  g_free (self);
}
