/* One incoming IMAP session: the engine at its connection. */
#include "app/hosts/imap-session-private.h"

#define UNSENT_MAX (1024 * 1024)

/* --- answers ------------------------------------------------------------------------------------------------------ */

void
wt_imap_session_answer (WtImapSession *self, const WtImapAnswer *answer)
{
  wt_imap_server_answer (self->imap, wt_incoming_answering (&self->base), answer);
  wt_incoming_pump (&self->base);
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
      wt_conn_note (self->base.conn, WT_NOTE_ERROR, "%s", error->message);
      wt_imap_session_refuse (self, "SERVERBUG", "The mail store has failed.");
    }
}

/* --- who it is ---------------------------------------------------------------------------------------------------- */

static void
login (WtImapSession *self, const WtMailUser *user, GBytes *success)
{
  if (user == NULL)
    {
      wt_imap_session_refuse (self, "AUTHENTICATIONFAILED", "Authentication failed.");
      return;
    }
  g_clear_pointer (&self->account, wt_mail_account_free);
  g_free (self->user);
  self->user = g_strdup (user->name);
  self->account = wt_incoming_open_account (&self->base, user);
  wt_imap_session_answer (self, &(WtImapAnswer){ .success = success });
}

static void
ask_sasl (WtImapSession *self, const WtImapServerEvent *event)
{
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  WtSaslResult result = wt_incoming_sasl_step (&self->base, &self->sasl, event->mechanism, event->data, &output);
  if (result == WT_SASL_CONTINUE)
    wt_imap_session_answer (self, &(WtImapAnswer){ .challenge = output ? output : empty });
  else if (result == WT_SASL_FAILED)
    login (self, NULL, NULL);
  else
    login (self, wt_mail_login_user (self->base.server, wt_sasl_user (self->sasl)),
           output && g_bytes_get_size (output) > 0 ? output : NULL);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

static void
ask (WtImapSession *self, const WtImapServerEvent *event)
{
  self->base.question = event->question;
  if (event->ask == WT_IMAP_ASK_LOGIN)
    login (self, wt_mail_login (self->base.server, event->user, event->password), NULL);
  else if (event->ask == WT_IMAP_ASK_SASL)
    ask_sasl (self, event);
  else if (event->ask <= WT_IMAP_ASK_SELECT || event->ask == WT_IMAP_ASK_APPEND || event->ask == WT_IMAP_ASK_QUOTA)
    wt_imap_session_ask_folders (self, event);
  else
    wt_imap_session_ask_mailbox (self, event);
}

static gboolean
handle_next (WtIncoming *base)
{
  WtImapSession *self = (WtImapSession *) base;
  WtImapServerEvent event;
  if (!wt_imap_server_next (self->imap, &event))
    return FALSE;
  switch (event.type)
    {
    case WT_IMAP_SERVER_RECEIVED:
    case WT_IMAP_SERVER_SENT:
      wt_incoming_record (base, event.type == WT_IMAP_SERVER_SENT, event.context, event.final ? WT_EVENT_FINAL : 0,
                          event.exchange, event.bytes);
      break;
    case WT_IMAP_SERVER_STATE:
      wt_conn_state (base->conn, event.state);
      break;
    case WT_IMAP_SERVER_QUESTION:
      ask (self, &event);
      break;
    case WT_IMAP_SERVER_DESELECT:
      wt_imap_session_deselect (self);
      break;
    case WT_IMAP_SERVER_STARTTLS:
      base->start_tls = TRUE;
      break;
    case WT_IMAP_SERVER_CLOSE:
      base->closing = TRUE;
      break;
    }
  return TRUE;
}

/* --- its life ------------------------------------------------------------------------------------------------------ */

static gpointer
begin (WtIncoming *base, guint16 port)
{
  WtImapSession *self = (WtImapSession *) base;
  const WtMailSettings *settings = base->server->settings;
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
  config.cache = base->server->imap_cache;
  return self->imap = wt_imap_server_new (&config);
}

static void
greet (WtIncoming *base, gboolean too_many)
{
  wt_imap_server_greet (base->engine, too_many ? "Too many sessions, come again later" : NULL);
  wt_incoming_greeted (base);
}

static void
end (WtIncoming *base)
{
}

static void
free_mail (WtIncoming *base)
{
  WtImapSession *self = (WtImapSession *) base;
  wt_sasl_free (self->sasl);
  wt_mail_account_free (self->account); /* with the mailbox */
  wt_imap_session_forget_read (self);
  g_free (self->user);
}

const WtIncomingClass wt_imap_session_class = {
  .protocol = WT_PROTOCOL_IMAP,
  .size = sizeof (WtImapSession),
  .sasl_service = "imap",
  .unsent_max = UNSENT_MAX,
  .begin = begin,
  .greet = greet,
  .handle_next = handle_next,
  .end = end,
  .free = free_mail,
  WT_INCOMING_ENGINE (wt_imap_server, wt_imap_server_encrypted),
};
