/* One incoming IMAP session: the engine at its connection. */
#include "app/hosts/imap-session-private.h"

#include <string.h>

#define CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC)   /* how long a client may leave our FIN without its own */
#define UNSENT_MAX (1024 * 1024)               /* responses that the client does not read, before commands wait too */
#define DRAIN_INTERVAL (20 * WT_NSEC_PER_MSEC) /* how often we look whether it has read them */

void
wt_imap_session_free (WtImapSession *self)
{
  g_queue_unlink (&self->server->imap_sessions, &self->link);
  wt_sasl_free (self->sasl);
  wt_mail_account_free (self->account); /* with the mailbox */
  wt_imap_session_forget_read (self);
  wt_imap_server_free (self->imap);
  g_free (self->user);
  g_free (self);
}

void
wt_imap_session_crash (WtImapSession *self)
{
  WtWorld *world = self->server->host.world;
  wt_world_cancel (world, self->timer);
  wt_world_cancel (world, self->drain_timer);
  wt_imap_session_free (self);
}

/* --- deadlines ---------------------------------------------------------------------------------------------------- */

/* The timer runs on while input comes and looks at the clock when it fires. While the store is busy the client waits
 * for us, not we for it. */
static void
on_timer (gpointer user_data)
{
  WtImapSession *self = user_data;
  WtWorld *world = self->server->host.world;
  gint64 patience = self->closing ? CLOSE_TIMEOUT : wt_imap_server_deadline (self->imap) * WT_NSEC_PER_SEC;
  gint64 left = self->question ? patience : self->last_input + patience - wt_world_now (world);
  self->timer = 0;
  if (left > 0)
    self->timer = wt_world_timer (world, left, on_timer, self);
  else if (self->closing)
    {
      wt_conn_abort (self->conn);
      wt_imap_session_crash (self);
    }
  else
    {
      wt_imap_server_timed_out (self->imap);
      wt_imap_session_pump (self);
    }
}

static void
restart_timer (WtImapSession *self)
{
  WtWorld *world = self->server->host.world;
  gint64 patience = self->closing ? CLOSE_TIMEOUT : wt_imap_server_deadline (self->imap) * WT_NSEC_PER_SEC;
  self->last_input = wt_world_now (world);
  wt_world_cancel (world, self->timer);
  self->timer = wt_world_timer (world, patience, on_timer, self);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

void
wt_imap_session_answer (WtImapSession *self, const WtImapAnswer *answer)
{
  guint question = self->question;
  self->question = 0;
  self->last_input = wt_world_now (self->server->host.world);
  wt_imap_server_answer (self->imap, question, answer);
  wt_imap_session_pump (self);
}

void
wt_imap_session_refuse (WtImapSession *self, const char *code, const char *text)
{
  wt_imap_session_answer (self, &(WtImapAnswer){ .refused = TRUE, .code = code, .text = text });
}

/* What is on the wire stays English, whatever language the error is in. */
void
wt_imap_session_answer_error (WtImapSession *self, const GError *error)
{
  if (error == NULL)
    wt_imap_session_answer (self, NULL);
  else if (g_error_matches (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NOT_FOUND))
    wt_imap_session_refuse (self, "NONEXISTENT", "No such mailbox.");
  else if (g_error_matches (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_EXISTS))
    wt_imap_session_refuse (self, "ALREADYEXISTS", "Mailbox already exists.");
  else if (g_error_matches (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NAME))
    wt_imap_session_refuse (self, "CANNOT", "This cannot be the name of a mailbox.");
  else if (g_error_matches (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_IN_USE))
    wt_imap_session_refuse (self, "INUSE", "Another program uses the mailbox.");
  else if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    wt_imap_session_refuse (self, "OVERQUOTA", "There is no room.");
  else
    {
      wt_conn_note (self->conn, WT_NOTE_ERROR, "%s", error->message);
      wt_imap_session_refuse (self, "SERVERBUG", "The mail store has failed.");
    }
}

/* --- who it is ---------------------------------------------------------------------------------------------------- */

static void
login (WtImapSession *self, const WtMailUser *user)
{
  if (user == NULL)
    {
      wt_imap_session_refuse (self, "AUTHENTICATIONFAILED", "Authentication failed.");
      return;
    }
  g_clear_pointer (&self->account, wt_mail_account_free);
  g_free (self->user);
  self->user = g_strdup (user->name);
  self->account =
      wt_mail_account_new (self->server->store, self->server->name, user->name, wt_conn_entity (self->conn));
  wt_imap_session_answer (self, NULL);
}

static void
on_sasl_step (WtImapSession *self, WtSaslResult result, GBytes *output)
{
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  if (result == WT_SASL_CONTINUE)
    wt_imap_session_answer (self, &(WtImapAnswer){ .challenge = output ? output : empty });
  else if (result == WT_SASL_FAILED)
    login (self, NULL);
  else
    {
      const WtMailUser *user = wt_mail_login_user (self->server, wt_sasl_user (self->sasl));
      WtImapAnswer last = { .success = output };
      if (user == NULL || output == NULL || g_bytes_get_size (output) == 0)
        {
          login (self, user);
          return;
        }
      g_free (self->user);
      self->user = g_strdup (user->name);
      self->account =
          wt_mail_account_new (self->server->store, self->server->name, user->name, wt_conn_entity (self->conn));
      wt_imap_session_answer (self, &last);
    }
}

static void
ask_sasl (WtImapSession *self, const WtImapServerEvent *event)
{
  g_autoptr (GBytes) output = NULL;
  WtSaslMechanisms mechanism = event->mechanism ? wt_sasl_mechanism (event->mechanism, strlen (event->mechanism)) : 0;
  if (event->mechanism)
    {
      g_clear_pointer (&self->account, wt_mail_account_free);
      g_clear_pointer (&self->sasl, wt_sasl_free);
      self->sasl = wt_sasl_server_new (mechanism, "imap", self->server->settings->hostname, wt_mail_policy_password,
                                       self->server);
    }
  if (event->data == NULL && wt_sasl_client_speaks_first (mechanism))
    {
      on_sasl_step (self, WT_SASL_CONTINUE, NULL); /* an empty challenge asks for the first response */
      return;
    }
  gsize n_bytes = 0;
  const guint8 *bytes = event->data ? g_bytes_get_data (event->data, &n_bytes) : NULL;
  if (event->data && bytes == NULL)
    bytes = (const guint8 *)"";
  WtSaslResult result = wt_sasl_step (self->sasl, bytes, n_bytes, &output);
  on_sasl_step (self, result, output);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

static void
ask (WtImapSession *self, const WtImapServerEvent *event)
{
  self->question = event->question;
  if (event->ask == WT_IMAP_ASK_LOGIN)
    login (self, wt_mail_login (self->server, event->user, event->password));
  else if (event->ask == WT_IMAP_ASK_SASL)
    ask_sasl (self, event);
  else if (event->ask <= WT_IMAP_ASK_SELECT || event->ask == WT_IMAP_ASK_APPEND || event->ask == WT_IMAP_ASK_QUOTA)
    wt_imap_session_ask_folders (self, event);
  else
    wt_imap_session_ask_mailbox (self, event);
}

static void
handle (WtImapSession *self, const WtImapServerEvent *event)
{
  WtMessage message = { WT_PROTOCOL_IMAP, event->context, event->final ? WT_EVENT_FINAL : 0, event->exchange,
                        event->bytes };
  switch (event->type)
    {
    case WT_IMAP_SERVER_RECEIVED:
      wt_conn_received (self->conn, &message);
      break;
    case WT_IMAP_SERVER_SENT:
      wt_conn_sent (self->conn, &message);
      break;
    case WT_IMAP_SERVER_STATE:
      wt_conn_state (self->conn, event->state);
      break;
    case WT_IMAP_SERVER_QUESTION:
      ask (self, event);
      break;
    case WT_IMAP_SERVER_DESELECT:
      wt_imap_session_deselect (self);
      break;
    case WT_IMAP_SERVER_STARTTLS:
      self->start_tls = TRUE;
      break;
    case WT_IMAP_SERVER_CLOSE:
      self->closing = TRUE;
      break;
    }
}

static void
on_drain (gpointer user_data)
{
  WtImapSession *self = user_data;
  self->drain_timer = 0;
  wt_imap_session_pump (self);
}

static gboolean
is_full (WtImapSession *self)
{
  return wt_conn_unsent (self->conn) > UNSENT_MAX && !self->closing;
}

/* FALSE: nothing was said. */
static gboolean
send (WtImapSession *self)
{
  GBytes *bytes;
  gboolean any = FALSE;
  for (; (bytes = wt_imap_server_take (self->imap)) != NULL; any = TRUE)
    {
      wt_conn_send (self->conn, bytes);
      g_bytes_unref (bytes);
    }
  return any;
}

static void
handle_events (WtImapSession *self)
{
  WtImapServerEvent event;
  self->busy = TRUE;
  while (wt_imap_server_next (self->imap, &event))
    handle (self, &event);
  self->busy = FALSE;
}

static void
start_tls (WtImapSession *self)
{
  WtConnTlsConfig config = { .name = self->server->settings->hostname };
  self->start_tls = FALSE;
  wt_conn_start_tls (self->conn, &config);
}

/* What the engine says goes out while the connection has room; otherwise it waits, and so do the client's commands. */
void
wt_imap_session_pump (WtImapSession *self)
{
  if (self->busy || self->conn == NULL || self->closing || !self->greeted)
    return;
  if (self->stopping && self->question == 0)
    wt_imap_server_shutdown (self->imap);
  do
    handle_events (self);
  while (send (self) && !is_full (self) && !self->closing);
  if (self->start_tls)
    start_tls (self);
  gboolean full = is_full (self);
  wt_conn_pause (self->conn, !self->closing && (full || !wt_imap_server_wants_input (self->imap)));
  if (full && self->drain_timer == 0)
    self->drain_timer = wt_world_timer (self->server->host.world, DRAIN_INTERVAL, on_drain, self);
  if (self->closing)
    {
      wt_conn_close (self->conn);
      restart_timer (self);
    }
}

static void
greet (WtImapSession *self)
{
  const WtMailServer *server = self->server;
  gboolean full = server->imap_sessions.length > server->settings->max_sessions;
  wt_imap_server_greet (self->imap, full ? "Too many sessions, come again later" : NULL);
  self->greeted = TRUE;
  wt_imap_session_pump (self);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  WtImapSession *self = user_data;
  restart_timer (self);
  if (wt_conn_local (conn).port == WT_MAIL_IMAPS_PORT)
    start_tls (self);
  else
    greet (self);
}

static void
on_secured (WtConn *conn, gpointer user_data)
{
  WtImapSession *self = user_data;
  wt_imap_server_encrypted (self->imap);
  if (!self->greeted)
    greet (self);
  else
    wt_imap_session_pump (self);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtImapSession *self = user_data;
  if (self->closing)
    return;
  self->last_input = wt_world_now (self->server->host.world);
  wt_imap_server_feed (self->imap, bytes, n_bytes);
  wt_imap_session_pump (self);
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtImapSession *self = user_data;
  self->conn = NULL;
  wt_imap_session_crash (self);
}

static const WtConnOps conn_ops = { on_connected, on_received, on_ended, on_secured };

/* --- the server's side -------------------------------------------------------------------------------------------- */

static WtImapServer *
new_engine (const WtMailServer *server, guint16 port)
{
  const WtMailSettings *settings = server->settings;
  WtImapServerConfig config;
  wt_imap_server_config_defaults (&config);
  config.hostname = settings->hostname;
  config.software = settings->banner;
  config.mechanisms = settings->mechanism_names;
  config.plain_mechanisms = "PLAIN LOGIN";
  config.append_limit = settings->size_limit;
  config.offer_tls = port == WT_MAIL_IMAP_PORT;
  config.encrypted = port == WT_MAIL_IMAPS_PORT;
  config.allow_plaintext = !settings->require_tls;
  config.report_wire = TRUE;
  return wt_imap_server_new (&config);
}

gboolean
wt_imap_session_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data,
                        gpointer user_data)
{
  WtMailServer *server = user_data;
  if (server->stopping)
    return FALSE;
  WtImapSession *self = g_new0 (WtImapSession, 1);
  self->server = server;
  self->link.data = self;
  self->conn = conn;
  self->imap = new_engine (server, wt_conn_local (conn).port);
  g_queue_push_tail_link (&server->imap_sessions, &self->link);
  *ops = &conn_ops;
  *conn_data = self;
  return TRUE;
}

void
wt_imap_session_shut_down (WtImapSession *self)
{
  self->stopping = TRUE;
  wt_imap_session_pump (self);
}
