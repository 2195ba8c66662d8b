/* Handing mails over: one session with a server of a destination, from connecting to QUIT. A session that cannot be opened
 * goes on to the next server of the route (RFC 5321 5.1). */
#include "app/hosts/mail-outgoing-private.h"

static const WtMailHop *
hop_of (const WtMailHandover *self)
{
  return &g_array_index (self->destination->hops, WtMailHop, self->hop);
}

static const WtClientLinkOps link_ops;

static void
handover_free (WtMailHandover *self)
{
  g_queue_unlink (&self->destination->outgoing->sessions, &self->link);
  self->destination->n_sessions--;
  wt_mail_verdict_clear (&self->trouble);
  g_free (self);
}

static void
open_session (WtMailHandover *self)
{
  WtMailServer *server = self->destination->outgoing->server;
  WtSmtpClientConfig config;
  wt_smtp_client_config_defaults (&config);
  config.hostname = server->settings->hostname;
  config.lmtp = hop_of (self)->lmtp;
  config.use = server->settings->extensions;
  if (server->settings->extensions == WT_SMTP_EXT_ALL) /* "all" offers CHUNKING, but mail goes by DATA as it does elsewhere */
    config.use &= ~WT_SMTP_EXT_CHUNKING;
  WtTlsUse tls = self->without_tls ? WT_TLS_USE_OFF : server->settings->relay_tls;
  if (config.lmtp && tls == WT_TLS_USE_IMPLICIT) /* of the relay: LMTP has no port for it */
    tls = WT_TLS_USE_OPPORTUNISTIC;
  config.tls = wt_tls_use_mode (tls);
  config.secured = tls == WT_TLS_USE_IMPLICIT;
  config.user = hop_of (self)->smarthost ? server->settings->relay_user : NULL;
  config.password = server->settings->relay_password;
  self->ready = self->moving_on = FALSE;
  server->counts.outbound_total++;
  WtClientLinkConfig to = { .world = server->host.world,
                            .node = server->host.node,
                            .to = hop_of (self)->address,
                            .connect_timeout = server->settings->connect_timeout,
                            .tls_name = hop_of (self)->name };
  self->smtp = wt_smtp_link_new (&to, &config, &link_ops, self);
}

static gboolean
take_job (WtMailHandover *self)
{
  if (self->destination->outgoing->server->stopping)
    return FALSE;
  self->job = g_queue_pop_head (&self->destination->jobs);
  if (self->job == NULL)
    return FALSE;
  wt_mail_job_clear (self->job);
  return TRUE;
}

/* Hands the job to the engine. A mail that it cannot send at all fails for good. */
static void
submit (WtMailHandover *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const WtMailEntry *entry = self->job->entry;
  for (guint i = 0; i < self->job->recipients->len; i++)
    g_ptr_array_add (paths, ((WtMailRecipient *) g_ptr_array_index (self->job->recipients, i))->path);
  WtSmtpTransaction transaction = { entry->sender, paths, entry->message, entry->params };
  transaction.params.size = 0; /* it has grown by its trace header */
  if (wt_smtp_link_submit (self->smtp, &transaction, &error))
    return;
  WtMailVerdict verdict = { 0 };
  WtMailJob *job = g_steal_pointer (&self->job);
  gboolean busy = g_error_matches (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_BUSY);
  wt_mail_verdict_set (&verdict, busy ? 451 : 554, busy ? "4.3.0" : "5.6.0", "%s", error->message);
  wt_mail_job_finish (job, &verdict, NULL);
  wt_mail_verdict_clear (&verdict);
}

/* The next mail, or the end of the session. */
static void
go_on (WtMailHandover *self)
{
  while (self->job == NULL && take_job (self))
    submit (self);
  if (self->job || self->quitting)
    return;
  self->quitting = TRUE;
  wt_smtp_link_quit (self->smtp);
}

static void
begin (WtMailHandover *self)
{
  open_session (self);
  submit (self);
  if (self->job == NULL)
    go_on (self);
}

static void
on_recipient (WtMailHandover *self, const WtSmtpClientEvent *event)
{
  WtMailRecipient *recipient = g_ptr_array_index (self->job->recipients, event->recipient);
  guint code = event->code;
  wt_mail_verdict_from_reply (&recipient->verdict, code, event->text);
  /* without an enhanced code 552 may mean "too many recipients", which is for another time (RFC 5321 4.5.3.1.10) */
  if (code == 552 && recipient->verdict.enhanced[0] == 0 && event->type == WT_SMTP_CLIENT_RECIPIENT)
    recipient->verdict.code = 452;
  g_free (recipient->remote);
  recipient->remote = g_strdup (hop_of (self)->name);
  recipient->settled = event->type == WT_SMTP_CLIENT_RESULT;
}

static void
count_transmitted (WtMailHandover *self, const WtMailJob *job)
{
  WtMailCounts *counts = &self->destination->outgoing->server->counts;
  counts->transmitted++;
  counts->transmitted_bytes += g_bytes_get_size (job->entry->message);
  for (guint i = 0; i < job->recipients->len; i++)
    if (((WtMailRecipient *) g_ptr_array_index (job->recipients, i))->verdict.code < 300)
      counts->transmitted_recipients++;
}

static void
on_done (WtMailHandover *self, const WtSmtpClientEvent *event)
{
  WtMailVerdict verdict = { 0 };
  WtMailJob *job = g_steal_pointer (&self->job);
  if (event->code / 100 == 2)
    count_transmitted (self, job);
  self->n_done++;
  WtSmtpExtensions own = self->destination->outgoing->server->settings->extensions;
  gboolean dsn = (wt_smtp_client_offered (wt_smtp_link_client (self->smtp)) & own & WT_SMTP_EXT_DSN) != 0;
  for (guint i = 0; i < job->recipients->len; i++)
    ((WtMailRecipient *) g_ptr_array_index (job->recipients, i))->dsn_passed = dsn;
  wt_mail_verdict_from_reply (&verdict, event->code, event->text);
  wt_mail_job_finish (job, &verdict, hop_of (self)->name);
  wt_mail_verdict_clear (&verdict);
  go_on (self);
}

static void
on_failed (WtMailHandover *self, const WtSmtpClientEvent *event)
{
  wt_mail_verdict_from_reply (&self->trouble, event->code, event->text);
  if (event->code == 0)
    g_strlcpy (self->trouble.enhanced, self->ready ? "4.4.2" : "4.4.1", sizeof self->trouble.enhanced);
}

static void
on_event (WtClientLink *link, gconstpointer smtp_event, gpointer user_data)
{
  WtMailHandover *self = user_data;
  const WtSmtpClientEvent *event = smtp_event;
  switch (event->type)
    {
    case WT_SMTP_CLIENT_READY:
      self->ready = TRUE;
      break;
    case WT_SMTP_CLIENT_RECIPIENT:
    case WT_SMTP_CLIENT_RESULT:
      if (self->job)
        on_recipient (self, event);
      break;
    case WT_SMTP_CLIENT_DONE:
      if (self->job)
        on_done (self, event);
      break;
    case WT_SMTP_CLIENT_FAILED:
      on_failed (self, event);
      break;
    case WT_SMTP_CLIENT_RECEIVED:
    case WT_SMTP_CLIENT_SENT:
    case WT_SMTP_CLIENT_STATE:
    case WT_SMTP_CLIENT_STARTTLS:
    case WT_SMTP_CLIENT_CLOSE:
      break;
    }
}

/* What a failed session means for its job: not open, the next server; lost after other mails, a new session; lost in the
 * middle of this one, later. */
static void
after_failure (WtMailHandover *self)
{
  WtMailDestination *destination = self->destination;
  gboolean stopping = destination->outgoing->server->stopping;
  if (self->job && !self->ready && !stopping && self->tls_failed)
    {
      const WtHost *host = &destination->outgoing->server->host;
      self->without_tls = self->moving_on = TRUE; /* better than no mail: RFC 7435 3 */
      wt_client_link_note_in_clear (host->world, host->node, hop_of (self)->name);
      return;
    }
  if (self->job && !self->ready && !stopping && self->hop + 1 < destination->hops->len)
    {
      self->hop++;
      self->without_tls = FALSE;
      self->moving_on = TRUE;
      return;
    }
  WtMailJob *job = g_steal_pointer (&self->job);
  g_autofree char *remote = g_strdup (hop_of (self)->name);
  if (job && self->n_done > 0 && !wt_mail_job_is_settled (job))
    {
      wt_mail_job_clear (job);
      g_queue_push_head (&destination->jobs, job);
    }
  else if (job)
    wt_mail_job_finish (job, &self->trouble, remote);
  if (!self->ready)
    wt_mail_destination_fail (destination, &self->trouble, remote);
}

static void
on_over (WtClientLink *link, gpointer user_data)
{
  WtMailHandover *self = user_data;
  WtMailDestination *destination = self->destination;
  self->tls_failed = !self->without_tls && wt_client_link_tls_failed (link)
                     && destination->outgoing->server->settings->relay_tls == WT_TLS_USE_OPPORTUNISTIC;
  self->smtp = NULL;
  if (self->trouble.code || self->trouble.text)
    after_failure (self);
  if (self->moving_on)
    {
      wt_mail_verdict_clear (&self->trouble);
      begin (self);
      return;
    }
  handover_free (self);
  wt_mail_destination_work (destination);
  wt_mail_destination_forget_if_idle (destination);
}

static const WtClientLinkOps link_ops = { on_event, on_over };

void
wt_mail_handover_start (WtMailDestination *destination)
{
  WtMailHandover *self = g_new0 (WtMailHandover, 1);
  self->destination = destination;
  self->link.data = self;
  g_queue_push_tail_link (&destination->outgoing->sessions, &self->link);
  destination->n_sessions++;
  take_job (self);
  begin (self);
}

void
wt_mail_handover_end (WtMailHandover *self, WtMailEnd how)
{
  if (how == WT_MAIL_END_STOP && self->ready) /* ends its mail, takes no other, and says QUIT */
    return;
  if (how == WT_MAIL_END_STOP)
    wt_client_link_abort (self->smtp);
  else if (how == WT_MAIL_END_CRASH)
    wt_client_link_crash (self->smtp);
  else
    wt_client_link_free (self->smtp);
  wt_mail_job_free (self->job);
  handover_free (self);
}
