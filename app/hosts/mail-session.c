/* One incoming SMTP or LMTP session: the engine at its connection. */
#include "app/hosts/mail-session-private.h"

#include <glib/gi18n.h>

#define UNSENT_MAX (64 * 1024)

static gboolean
is_lmtp (const WtMailSession *self)
{
  return self->base.incoming_class->protocol == WT_PROTOCOL_LMTP;
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static void
on_stored (const WtMailVerdict *verdict, gpointer user_data)
{
  WtMailSession *self = user_data;
  WtSmtpReply reply = wt_mail_verdict_reply (verdict);
  self->intake = NULL;
  self->answered = TRUE;
  wt_smtp_server_answer (self->smtp, wt_incoming_answering (&self->base), &reply);
  wt_incoming_pump (&self->base);
}

/* Each reply names whom it is about: else a person who reads them would have to count. */
static void
on_results (const WtMailVerdict *verdicts, guint n_verdicts, gpointer user_data)
{
  WtMailSession *self = user_data;
  GPtrArray *recipients = wt_smtp_server_recipients (self->smtp);
  g_autofree WtSmtpReply *replies = g_new (WtSmtpReply, n_verdicts);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_verdicts; i++)
    {
      g_autofree char *address = wt_smtp_path_to_string (g_ptr_array_index (recipients, i));
      replies[i] = wt_mail_verdict_reply (&verdicts[i]);
      g_ptr_array_add (texts, g_strdup_printf ("<%s> %s", address, replies[i].text));
      replies[i].text = g_ptr_array_index (texts, i);
    }
  self->results = NULL;
  self->answered = TRUE;
  wt_smtp_server_answer_each (self->smtp, wt_incoming_answering (&self->base), replies, n_verdicts);
  wt_incoming_pump (&self->base);
}

static GBytes *
stamp (WtMailSession *self, GBytes *message, const char *id)
{
  GPtrArray *recipients = wt_smtp_server_recipients (self->smtp);
  WtMailStamp stamp = { .helo = wt_smtp_server_helo (self->smtp),
                        .client = wt_conn_peer (self->base.conn),
                        .esmtp = wt_smtp_server_is_esmtp (self->smtp),
                        .lmtp = is_lmtp (self),
                        .smtputf8 = wt_smtp_server_params (self->smtp)->smtputf8,
                        .authenticated = wt_smtp_server_user (self->smtp) != NULL,
                        .tls = wt_conn_tls (self->base.conn),
                        .hostname = self->base.server->settings->hostname,
                        .id = id,
                        .recipient = recipients->len == 1 ? g_ptr_array_index (recipients, 0) : NULL,
                        .date = wt_mail_server_date (self->base.server) };
  return wt_mail_stamp_received (message, &stamp);
}

static void
store_message (WtMailSession *self, guint question, GBytes *message)
{
  g_autofree char *id = wt_mail_server_new_id (self->base.server);
  g_autoptr (GBytes) stamped = stamp (self, message, id);
  WtMail mail = { .sender = wt_smtp_server_sender (self->smtp),
                  .recipients = wt_smtp_server_recipients (self->smtp),
                  .params = *wt_smtp_server_params (self->smtp),
                  .message = stamped,
                  .id = id,
                  .by = self->base.conn ? wt_conn_entity (self->base.conn) : 0 };
  self->base.question = question;
  self->answered = FALSE;
  WtMailResults *results = is_lmtp (self) ? wt_mail_results_new (self->base.server, &mail, on_results, self) : NULL;
  WtMailIntake *intake = is_lmtp (self) ? NULL : wt_mail_intake (self->base.server, &mail, on_stored, self);
  if (self->answered)
    return;
  self->results = results;
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
  WtMailAsker asker = { .client = wt_conn_peer (self->base.conn),
                        .client_is_ours = wt_conn_peer_is_ours (self->base.conn),
                        .authenticated = wt_smtp_server_user (self->smtp) != NULL,
                        .lmtp = is_lmtp (self),
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
      wt_mail_policy_recipient (self->base.server, &asker, event->path, &verdict);
      break;
    case WT_SMTP_ASK_VRFY:
      wt_mail_policy_vrfy (self->base.server, event->text, &verdict);
      break;
    case WT_SMTP_ASK_EXPN:
      wt_mail_policy_expn (self->base.server, event->text, &verdict);
      break;
    case WT_SMTP_ASK_HELO:
    case WT_SMTP_ASK_SENDER:
      break;
    }
  WtSmtpReply reply = wt_mail_verdict_reply (&verdict);
  wt_smtp_server_answer (self->smtp, event->question, verdict.code ? &reply : NULL);
  wt_mail_verdict_clear (&verdict);
}

static void
start_tls (WtMailSession *self, guint question, const WtSmtpReply *reply)
{
  self->base.start_tls = TRUE;
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

/* The mail after 354 is an exchange of its own. */
static gboolean
handle_next (WtIncoming *base)
{
  WtMailSession *self = (WtMailSession *) base;
  WtSmtpServerEvent event;
  if (!wt_smtp_server_next (self->smtp, &event))
    return FALSE;
  switch (event.type)
    {
    case WT_SMTP_SERVER_RECEIVED:
      wt_incoming_record (base, FALSE, event.context, 0, event.exchange, event.bytes);
      break;
    case WT_SMTP_SERVER_SENT:
      wt_incoming_record (base, TRUE, event.context, event.final ? WT_EVENT_FINAL : 0, event.exchange, event.bytes);
      break;
    case WT_SMTP_SERVER_STATE:
      wt_conn_state (base->conn, event.state);
      break;
    case WT_SMTP_SERVER_QUESTION:
      ask (self, &event);
      break;
    case WT_SMTP_SERVER_STARTTLS:
      wt_mail_session_bend (self, "TLS", NULL, 0, start_tls);
      break;
    case WT_SMTP_SERVER_CLOSE:
      base->closing = TRUE;
      break;
    }
  return TRUE;
}

static void
say_greeting (WtMailSession *self, guint too_many, const WtSmtpReply *bent)
{
  g_autofree char *text = g_strdup_printf ("%s Too many sessions, come again later", self->base.server->settings->hostname);
  WtSmtpReply full = { 421, "4.3.2", text };
  wt_smtp_server_greet (self->smtp, too_many ? &full : bent);
  self->base.greeted = TRUE;
}

static void
greet (WtIncoming *base, gboolean too_many)
{
  WtMailSession *self = (WtMailSession *) base;
  g_autofree char *address = wt_address_to_string ((WtAddress){ wt_conn_peer (base->conn).ip, 0 });
  wt_mail_session_bend (self, "CONNECT", address, too_many, say_greeting);
  wt_incoming_pump (base);
}

/* --- its life ------------------------------------------------------------------------------------------------------ */

/* What is offered on this port: those for other servers speak as the scenario says, and TLS and AUTH are for submission
 * (RFC 6409 3.3, 4.3) in any case. By LMTP come mails whose sender was known at the door; and who hands them over, not a
 * store without a queue, writes the reports. */
static WtSmtpExtensions
extensions_on (const WtMailServer *server, guint16 port)
{
  const WtMailSettings *settings = server->settings;
  gboolean live = wt_world_is_live (server->host.world);
  WtSmtpExtensions extensions = settings->extensions;
  if (port != WT_MAIL_PORT && port != WT_MAIL_LMTP_PORT)
    return extensions;
  if (port == WT_MAIL_LMTP_PORT)
    extensions &= ~(WT_SMTP_EXT_AUTH | WT_SMTP_EXT_DSN);
  if (settings->has_starttls ? !settings->starttls : !live)
    extensions &= ~WT_SMTP_EXT_STARTTLS;
  if (settings->has_auth ? !settings->auth : !live)
    extensions &= ~WT_SMTP_EXT_AUTH;
  return extensions;
}

static gpointer
begin (WtIncoming *base, guint16 port)
{
  WtMailSession *self = (WtMailSession *) base;
  WtMailServer *server = base->server;
  const WtMailSettings *settings = server->settings;
  WtSmtpServerConfig config;
  wt_smtp_server_config_defaults (&config);
  config.hostname = settings->hostname;
  config.software = settings->banner;
  config.lmtp = is_lmtp (self);
  config.extensions = extensions_on (server, port);
  config.size_limit = settings->size_limit;
  config.recipients_max = settings->recipients_max;
  config.accept_bare_lf = settings->accept_bare_lf;
  config.secured = base->tls;
  config.require_tls = settings->require_tls;
  config.require_auth = port != WT_MAIL_PORT && port != WT_MAIL_LMTP_PORT;
  config.mechanisms = settings->mechanisms;
  config.plaintext_without_tls = settings->plaintext_without_tls;
  config.password = wt_mail_policy_password;
  config.password_data = server;
  config.ask_commands = !wt_mail_rules_is_empty (server->rules);
  config.report_wire = TRUE;
  return self->smtp = wt_smtp_server_new (&config);
}

static void
end (WtIncoming *base)
{
  WtMailSession *self = (WtMailSession *) base;
  wt_world_cancel (base->server->host.world, self->bend_timer);
}

static void
free_mail (WtIncoming *base)
{
  WtMailSession *self = (WtMailSession *) base;
  if (self->intake)
    wt_mail_intake_forget (self->intake);
  if (self->results)
    wt_mail_results_forget (self->results);
  g_clear_pointer (&self->message, g_bytes_unref);
}

#define SESSION_CLASS(number)                                                                                          \
  {                                                                                                                    \
    .protocol = number, .size = sizeof (WtMailSession), .unsent_max = UNSENT_MAX, .begin = begin, .greet = greet,      \
    .handle_next = handle_next, .end = end, .free = free_mail,                                                         \
    WT_INCOMING_ENGINE (wt_smtp_server, wt_smtp_server_secured),                                                       \
  }
const WtIncomingClass wt_mail_session_class = SESSION_CLASS (WT_PROTOCOL_SMTP);
const WtIncomingClass wt_lmtp_session_class = SESSION_CLASS (WT_PROTOCOL_LMTP);
