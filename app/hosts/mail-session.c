/* One incoming SMTP session: the engine at its connection. */
#include "app/hosts/mail-session-private.h"

#include <glib/gi18n.h>

#define CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC)     /* how long a client may leave our FIN without its own */
#define UNSENT_MAX (64 * 1024)                   /* replies that the client does not read, before we stop reading too */
#define DRAIN_INTERVAL (100 * WT_NSEC_PER_MSEC)  /* how often we look whether it has read them */

void
wt_mail_session_free (WtMailSession *self)
{
  if (self->intake)
    wt_mail_intake_forget (self->intake);
  g_queue_unlink (&self->server->sessions, &self->link);
  wt_smtp_server_free (self->smtp);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_free (self);
}

static void
end (WtMailSession *self)
{
  WtWorld *world = self->server->host.world;
  wt_world_cancel (world, self->timer);
  wt_world_cancel (world, self->drain_timer);
  wt_world_cancel (world, self->bend_timer);
  wt_mail_session_free (self);
}

void
wt_mail_session_crash (WtMailSession *self)
{
  end (self);
}

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

/* The timer runs on while input comes and looks at the clock when it fires. While a mail is being stored the client
 * waits for us, not we for it. */
static void
on_timer (gpointer user_data)
{
  WtMailSession *self = user_data;
  WtWorld *world = self->server->host.world;
  gint64 patience = self->closing ? CLOSE_TIMEOUT : wt_smtp_server_deadline (self->smtp) * WT_NSEC_PER_SEC;
  gint64 left = self->intake || self->bend ? patience : self->last_input + patience - wt_world_now (world);
  self->timer = 0;
  if (left > 0)
    self->timer = wt_world_timer (world, left, on_timer, self);
  else if (self->closing)
    {
      wt_conn_abort (self->conn);
      end (self);
    }
  else
    {
      wt_smtp_server_timed_out (self->smtp);
      wt_mail_session_pump (self);
    }
}

static void
restart_timer (WtMailSession *self)
{
  WtWorld *world = self->server->host.world;
  self->last_input = wt_world_now (world);
  wt_world_cancel (world, self->timer);
  self->timer = wt_world_timer (world, self->closing ? CLOSE_TIMEOUT : WT_SMTP_TIMEOUT_SERVER * WT_NSEC_PER_SEC, on_timer,
                                self);
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static void
on_stored (const WtMailVerdict *verdict, gpointer user_data)
{
  WtMailSession *self = user_data;
  WtSmtpReply reply = wt_mail_verdict_reply (verdict);
  self->intake = NULL;
  self->answered = TRUE;
  self->last_input = wt_world_now (self->server->host.world);
  wt_smtp_server_answer (self->smtp, self->intake_question, &reply);
  wt_mail_session_pump (self);
}

static GBytes *
stamp (WtMailSession *self, GBytes *message, const char *id)
{
  GPtrArray *recipients = wt_smtp_server_recipients (self->smtp);
  WtMailStamp stamp = { .helo = wt_smtp_server_helo (self->smtp),
                        .client = wt_conn_peer (self->conn),
                        .esmtp = wt_smtp_server_is_esmtp (self->smtp),
                        .smtputf8 = wt_smtp_server_params (self->smtp)->smtputf8,
                        .authenticated = wt_smtp_server_user (self->smtp) != NULL,
                        .tls = wt_conn_tls (self->conn),
                        .hostname = self->server->settings->hostname,
                        .id = id,
                        .recipient = recipients->len == 1 ? g_ptr_array_index (recipients, 0) : NULL,
                        .wall_time = wt_world_wall_time (self->server->host.world) };
  return wt_mail_stamp_received (message, &stamp);
}

static void
store_message (WtMailSession *self, guint question, GBytes *message)
{
  g_autofree char *id = wt_mail_server_new_id (self->server);
  g_autoptr (GBytes) stamped = stamp (self, message, id);
  WtMail mail = { .sender = wt_smtp_server_sender (self->smtp),
                  .recipients = wt_smtp_server_recipients (self->smtp),
                  .params = *wt_smtp_server_params (self->smtp),
                  .message = stamped,
                  .id = id };
  self->intake_question = question;
  self->answered = FALSE;
  WtMailIntake *intake = wt_mail_intake (self->server, &mail, on_stored, self);
  if (!self->answered)
    self->intake = intake;
}

static void
answer_command (WtMailSession *self, guint question, const WtSmtpReply *reply)
{
  wt_smtp_server_answer (self->smtp, question, reply);
}

static void
answer_message (WtMailSession *self, guint question, const WtSmtpReply *reply)
{
  g_autoptr (GBytes) message = g_steal_pointer (&self->message);
  if (reply)
    wt_smtp_server_answer (self->smtp, question, reply);
  else
    store_message (self, question, message);
}

static void
ask_command (WtMailSession *self, const WtSmtpServerEvent *event)
{
  g_autofree char *address = event->path ? wt_smtp_path_to_string (event->path) : NULL;
  wt_mail_session_bend (self, event->text, address, event->question, answer_command);
}

static void
ask (WtMailSession *self, const WtSmtpServerEvent *event)
{
  WtMailVerdict verdict = { 0 };
  WtMailAsker asker = { .client = wt_conn_peer (self->conn),
                        .client_is_ours = wt_conn_peer_is_ours (self->conn),
                        .authenticated = wt_smtp_server_user (self->smtp) != NULL,
                        .sender = wt_smtp_server_sender (self->smtp),
                        .size = wt_smtp_server_params (self->smtp)->size };
  switch (event->ask)
    {
    case WT_SMTP_ASK_MESSAGE:
      self->message = g_bytes_ref (event->bytes);
      wt_mail_session_bend (self, "MESSAGE", NULL, event->question, answer_message);
      return;
    case WT_SMTP_ASK_COMMAND:
      ask_command (self, event);
      return;
    case WT_SMTP_ASK_RECIPIENT:
      wt_mail_policy_recipient (self->server, &asker, event->path, &verdict);
      break;
    case WT_SMTP_ASK_VRFY:
      wt_mail_policy_vrfy (self->server, event->text, &verdict);
      break;
    case WT_SMTP_ASK_EXPN:
      wt_mail_policy_expn (self->server, event->text, &verdict);
      break;
    case WT_SMTP_ASK_HELO:
    case WT_SMTP_ASK_SENDER:
      break;
    }
  WtSmtpReply reply = wt_mail_verdict_reply (&verdict);
  wt_smtp_server_answer (self->smtp, event->question, verdict.code ? &reply : NULL);
  wt_mail_verdict_clear (&verdict);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

/* Every reply of ours ends its exchange: the mail after 354 is one of its own. */
static void
handle (WtMailSession *self, const WtSmtpServerEvent *event)
{
  WtMessage message = { WT_PROTOCOL_SMTP, event->context, 0, event->exchange, event->bytes };
  switch (event->type)
    {
    case WT_SMTP_SERVER_RECEIVED:
      wt_conn_received (self->conn, &message);
      break;
    case WT_SMTP_SERVER_SENT:
      message.flags = WT_EVENT_FINAL;
      wt_conn_sent (self->conn, &message);
      break;
    case WT_SMTP_SERVER_STATE:
      wt_conn_state (self->conn, event->state);
      break;
    case WT_SMTP_SERVER_QUESTION:
      ask (self, event);
      break;
    case WT_SMTP_SERVER_STARTTLS:
      self->start_tls = TRUE;
      break;
    case WT_SMTP_SERVER_CLOSE:
      self->closing = TRUE;
      break;
    }
}

static void
on_drain (gpointer user_data)
{
  WtMailSession *self = user_data;
  self->drain_timer = 0;
  wt_mail_session_pump (self);
}

/* Reads on only while the client takes its replies and the engine has room. */
static void
choose_reading (WtMailSession *self)
{
  gboolean full = wt_conn_unsent (self->conn) > UNSENT_MAX;
  wt_conn_pause (self->conn, !self->closing && (full || !wt_smtp_server_wants_input (self->smtp)));
  if (full && self->drain_timer == 0 && !self->closing)
    self->drain_timer = wt_world_timer (self->server->host.world, DRAIN_INTERVAL, on_drain, self);
}

static void
start_tls (WtMailSession *self)
{
  WtConnTlsConfig config = { .name = self->server->settings->hostname };
  self->start_tls = FALSE;
  wt_conn_start_tls (self->conn, &config);
}

void
wt_mail_session_pump (WtMailSession *self)
{
  WtSmtpServerEvent event;
  if (self->busy || self->conn == NULL || self->closing || !self->greeted)
    return;
  self->busy = TRUE;
  if (self->stopping && self->intake == NULL)
    wt_smtp_server_shutdown (self->smtp);
  while (!self->hang_up && wt_smtp_server_next (self->smtp, &event))
    handle (self, &event);
  self->busy = FALSE;
  g_autoptr (GBytes) bytes = wt_smtp_server_take (self->smtp);
  if (bytes)
    wt_conn_send (self->conn, bytes);
  if (self->start_tls)
    start_tls (self);
  choose_reading (self);
  if (self->hang_up)
    self->closing = TRUE;
  if (self->closing)
    {
      wt_conn_close (self->conn);
      restart_timer (self);
    }
}

void
wt_mail_session_hang_up (WtMailSession *self)
{
  self->greeted = TRUE; /* there is nothing more to wait for */
  self->hang_up = TRUE;
}

static void
say_greeting (WtMailSession *self, guint question, const WtSmtpReply *bent)
{
  const WtMailServer *server = self->server;
  g_autofree char *text = g_strdup_printf ("%s Too many sessions, come again later", server->settings->hostname);
  WtSmtpReply full = { 421, "4.3.2", text };
  gboolean too_many = server->sessions.length > server->settings->max_sessions;
  wt_smtp_server_greet (self->smtp, too_many ? &full : bent);
  self->greeted = TRUE;
}

static void
greet (WtMailSession *self)
{
  g_autofree char *address = wt_address_to_string ((WtAddress){ wt_conn_peer (self->conn).ip, 0 });
  wt_mail_session_bend (self, "CONNECT", address, 0, say_greeting);
  wt_mail_session_pump (self);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  WtMailSession *self = user_data;
  restart_timer (self);
  if (wt_conn_local (conn).port == WT_MAIL_SUBMISSIONS_PORT)
    start_tls (self);
  else
    greet (self);
}

static void
on_secured (WtConn *conn, gpointer user_data)
{
  WtMailSession *self = user_data;
  wt_smtp_server_secured (self->smtp);
  if (!self->greeted)
    greet (self);
  else
    wt_mail_session_pump (self);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtMailSession *self = user_data;
  if (self->closing)
    return;
  self->last_input = wt_world_now (self->server->host.world);
  wt_smtp_server_feed (self->smtp, bytes, n_bytes);
  wt_mail_session_pump (self);
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtMailSession *self = user_data;
  self->conn = NULL;
  end (self);
}

static const WtConnOps conn_ops = { on_connected, on_received, on_ended, on_secured };

/* --- the server's side -------------------------------------------------------------------------------------------- */

/* What is offered on this port: the one for other servers speaks as the scenario says, and TLS and AUTH are for submission
 * (RFC 6409 3.3, 4.3) in any case. */
static WtSmtpExtensions
extensions_on (const WtMailServer *server, guint16 port)
{
  const WtMailSettings *settings = server->settings;
  gboolean live = wt_world_is_live (server->host.world);
  WtSmtpExtensions extensions = settings->extensions;
  if (port != WT_MAIL_PORT)
    return extensions;
  if (settings->has_starttls ? !settings->starttls : !live)
    extensions &= ~WT_SMTP_EXT_STARTTLS;
  if (settings->has_auth ? !settings->auth : !live)
    extensions &= ~WT_SMTP_EXT_AUTH;
  return extensions;
}

static WtSmtpServer *
new_engine (WtMailServer *server, guint16 port)
{
  const WtMailSettings *settings = server->settings;
  WtSmtpServerConfig config;
  wt_smtp_server_config_defaults (&config);
  config.hostname = settings->hostname;
  config.software = settings->banner;
  config.extensions = extensions_on (server, port);
  config.size_limit = settings->size_limit;
  config.recipients_max = settings->recipients_max;
  config.accept_bare_lf = settings->accept_bare_lf;
  config.secured = port == WT_MAIL_SUBMISSIONS_PORT;
  config.require_tls = settings->require_tls;
  config.require_auth = port != WT_MAIL_PORT;
  config.mechanisms = settings->mechanisms;
  config.plaintext_without_tls = settings->plaintext_without_tls;
  config.password = wt_mail_policy_password;
  config.password_data = server;
  config.ask_commands = !wt_mail_rules_is_empty (server->rules);
  config.report_wire = TRUE;
  return wt_smtp_server_new (&config);
}

gboolean
wt_mail_session_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data,
                        gpointer user_data)
{
  WtMailServer *server = user_data;
  if (server->stopping)
    return FALSE;
  WtMailSession *self = g_new0 (WtMailSession, 1);
  self->server = server;
  self->link.data = self;
  self->conn = conn;
  self->smtp = new_engine (server, wt_conn_local (conn).port);
  g_queue_push_tail_link (&server->sessions, &self->link);
  server->counts.inbound_total++;
  *ops = &conn_ops;
  *conn_data = self;
  return TRUE;
}

void
wt_mail_session_shut_down (WtMailSession *self)
{
  self->stopping = TRUE;
  wt_mail_session_pump (self);
}
