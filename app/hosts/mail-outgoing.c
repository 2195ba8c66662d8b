/* Mail on its way to other servers: destinations with the jobs that wait for them, and sessions that work through them, a
 * few at a time. A session that cannot be opened is tried at the next server of the route (RFC 5321 5.1). */
#include "app/hosts/mail-server-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  WtMailOutgoing *outgoing;
  char *key, *domain;
  GQueue jobs;        /* of WtMailJob: not taken by a session */
  WtMailRoute *route; /* (nullable) being looked for */
  GArray *hops;       /* (nullable) (element-type WtMailHop) */
  guint n_sessions;
  guint n_busy; /* calls under way that will still look at it */
} Destination;

typedef struct {
  Destination *destination;
  GList link; /* in outgoing->sessions */
  WtSmtpLink *smtp;
  guint hop;
  WtMailJob *job; /* (nullable) */
  guint n_done;   /* mails of this session */
  gboolean ready, quitting, moving_on;
  WtMailVerdict trouble; /* why it failed */
} Session;

struct _WtMailOutgoing {
  WtMailServer *server;
  GHashTable *destinations; /* key -> Destination, owned */
  GQueue sessions;          /* of Session */
};

/* --- jobs --------------------------------------------------------------------------------------------------------- */

WtMailJob *
wt_mail_job_new (WtMailEntry *entry, void (*done) (WtMailJob *job))
{
  WtMailJob *self = g_new0 (WtMailJob, 1);
  self->entry = entry;
  self->done = done;
  self->recipients = g_ptr_array_new ();
  return self;
}

void
wt_mail_job_free (WtMailJob *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->recipients);
  g_free (self);
}

static void
clear_verdicts (WtMailJob *job)
{
  for (guint i = 0; i < job->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (job->recipients, i);
      wt_mail_verdict_clear (&recipient->verdict);
      g_clear_pointer (&recipient->remote, g_free);
    }
}

/* One word for all recipients that have none of their own, or a good one that the end of the mail overruled. */
static void
finish_job (WtMailJob *job, const WtMailVerdict *verdict, const char *remote)
{
  for (guint i = 0; i < job->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (job->recipients, i);
      if (recipient->verdict.code >= 400)
        continue;
      wt_mail_verdict_copy (&recipient->verdict, verdict);
      g_free (recipient->remote);
      recipient->remote = g_strdup (remote);
    }
  job->done (job);
}

static const WtMailHop *
hop_of (const Session *self)
{
  return &g_array_index (self->destination->hops, WtMailHop, self->hop);
}

/* --- destinations ------------------------------------------------------------------------------------------------- */

static void work (Destination *self);

static void
hop_clear (gpointer data)
{
  g_free (((WtMailHop *) data)->name);
}

static void
destination_free (gpointer data)
{
  Destination *self = data;
  g_queue_clear_full (&self->jobs, (GDestroyNotify) wt_mail_job_free);
  wt_mail_route_free (self->route);
  g_clear_pointer (&self->hops, g_array_unref);
  g_free (self->key);
  g_free (self->domain);
  g_free (self);
}

/* All that wait hear the same. Done jobs may send new ones, so the list is taken first. */
static void
fail_waiting (Destination *self, const WtMailVerdict *verdict, const char *remote)
{
  GQueue jobs = self->jobs;
  WtMailJob *job;
  g_queue_init (&self->jobs);
  while ((job = g_queue_pop_head (&jobs)))
    finish_job (job, verdict, remote);
}

/* A destination lives as long as something goes there: the next mail looks its route up again (DNS answers are remembered
 * for their time). */
static void
forget_if_idle (Destination *self)
{
  if (self->n_sessions + self->n_busy == 0 && self->route == NULL && g_queue_is_empty (&self->jobs))
    g_hash_table_remove (self->outgoing->destinations, self->key);
}

static void
take_route (Destination *self, GArray *hops, const WtMailVerdict *failure)
{
  self->route = NULL;
  if (failure)
    {
      fail_waiting (self, failure, NULL);
      return;
    }
  self->hops = g_array_new (FALSE, FALSE, sizeof (WtMailHop));
  g_array_set_clear_func (self->hops, hop_clear);
  for (guint i = 0; i < hops->len; i++)
    {
      WtMailHop hop = g_array_index (hops, WtMailHop, i);
      hop.name = g_strdup (hop.name);
      g_array_append_val (self->hops, hop);
    }
}

static void
on_route (GArray *hops, const WtMailVerdict *failure, gpointer user_data)
{
  Destination *self = user_data;
  self->n_busy++;
  take_route (self, hops, failure);
  if (self->hops)
    work (self);
  self->n_busy--;
  forget_if_idle (self);
}

/* --- sessions ----------------------------------------------------------------------------------------------------- */

static const WtSmtpLinkOps link_ops;

static void
session_free (Session *self)
{
  g_queue_unlink (&self->destination->outgoing->sessions, &self->link);
  self->destination->n_sessions--;
  wt_mail_verdict_clear (&self->trouble);
  g_free (self);
}

static void
connect_session (Session *self)
{
  WtMailServer *server = self->destination->outgoing->server;
  WtSmtpClientConfig config;
  wt_smtp_client_config_defaults (&config);
  config.hostname = server->settings->hostname;
  config.use = server->settings->extensions;
  if (server->settings->extensions == WT_SMTP_EXT_ALL) /* "all" offers CHUNKING, but mail goes by DATA as it does elsewhere */
    config.use &= ~WT_SMTP_EXT_CHUNKING;
  self->ready = self->moving_on = FALSE;
  self->smtp = wt_smtp_link_new (server->host.world, server->host.node, hop_of (self)->address, &config, FALSE,
                                 server->settings->connect_timeout, &link_ops, self);
}

static gboolean
take_job (Session *self)
{
  if (self->destination->outgoing->server->stopping)
    return FALSE;
  self->job = g_queue_pop_head (&self->destination->jobs);
  if (self->job == NULL)
    return FALSE;
  clear_verdicts (self->job);
  return TRUE;
}

/* Hands the job to the engine. A mail that it cannot send at all fails for good. */
static void
submit (Session *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const WtMailEntry *entry = self->job->entry;
  for (guint i = 0; i < self->job->recipients->len; i++)
    g_ptr_array_add (paths, ((WtMailRecipient *) g_ptr_array_index (self->job->recipients, i))->path);
  WtSmtpTransaction transaction = { entry->sender, paths, entry->message, { .body = entry->params.body,
                                                                            .smtputf8 = entry->params.smtputf8 } };
  if (wt_smtp_link_submit (self->smtp, &transaction, &error))
    return;
  WtMailVerdict verdict = { 0 };
  WtMailJob *job = g_steal_pointer (&self->job);
  gboolean busy = g_error_matches (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_BUSY);
  wt_mail_verdict_set (&verdict, busy ? 451 : 554, busy ? "4.3.0" : "5.6.0", "%s", error->message);
  finish_job (job, &verdict, NULL);
  wt_mail_verdict_clear (&verdict);
}

/* The next mail, or the end of the session. */
static void
go_on (Session *self)
{
  while (self->job == NULL && take_job (self))
    submit (self);
  if (self->job || self->quitting)
    return;
  self->quitting = TRUE;
  wt_smtp_link_quit (self->smtp);
}

static void
on_recipient (Session *self, const WtSmtpClientEvent *event)
{
  WtMailRecipient *recipient = g_ptr_array_index (self->job->recipients, event->recipient);
  guint code = event->code;
  wt_mail_verdict_from_reply (&recipient->verdict, code, event->text);
  /* without an enhanced code 552 may mean "too many recipients", which is for another time (RFC 5321 4.5.3.1.10) */
  if (code == 552 && recipient->verdict.enhanced[0] == 0)
    recipient->verdict.code = 452;
  g_free (recipient->remote);
  recipient->remote = g_strdup (hop_of (self)->name);
}

static void
on_done (Session *self, const WtSmtpClientEvent *event)
{
  WtMailVerdict verdict = { 0 };
  WtMailJob *job = g_steal_pointer (&self->job);
  self->n_done++;
  wt_mail_verdict_from_reply (&verdict, event->code, event->text);
  finish_job (job, &verdict, hop_of (self)->name);
  wt_mail_verdict_clear (&verdict);
  go_on (self);
}

static void
on_failed (Session *self, const WtSmtpClientEvent *event)
{
  wt_mail_verdict_from_reply (&self->trouble, event->code, event->text);
  if (event->code == 0)
    g_strlcpy (self->trouble.enhanced, self->ready ? "4.4.2" : "4.4.1", sizeof self->trouble.enhanced);
}

static void
on_event (WtSmtpLink *smtp, const WtSmtpClientEvent *event, gpointer user_data)
{
  Session *self = user_data;
  switch (event->type)
    {
    case WT_SMTP_CLIENT_READY:
      self->ready = TRUE;
      break;
    case WT_SMTP_CLIENT_RECIPIENT:
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
    case WT_SMTP_CLIENT_CLOSE:
      break;
    }
}

/* What a failed session means for its job: not open, the next server; lost after other mails, a new session; lost in the
 * middle of this one, later. */
static void
after_failure (Session *self)
{
  Destination *destination = self->destination;
  gboolean stopping = destination->outgoing->server->stopping;
  if (self->job && !self->ready && !stopping && self->hop + 1 < destination->hops->len)
    {
      self->hop++;
      self->moving_on = TRUE;
      return;
    }
  WtMailJob *job = g_steal_pointer (&self->job);
  g_autofree char *remote = g_strdup (hop_of (self)->name);
  if (job && self->n_done > 0)
    {
      clear_verdicts (job);
      g_queue_push_head (&destination->jobs, job);
    }
  else if (job)
    finish_job (job, &self->trouble, remote);
  if (!self->ready)
    fail_waiting (destination, &self->trouble, remote);
}

static void
on_over (WtSmtpLink *smtp, gpointer user_data)
{
  Session *self = user_data;
  Destination *destination = self->destination;
  self->smtp = NULL;
  if (self->trouble.code || self->trouble.text)
    after_failure (self);
  if (self->moving_on)
    {
      wt_mail_verdict_clear (&self->trouble);
      connect_session (self);
      submit (self);
      return;
    }
  session_free (self);
  work (destination);
  forget_if_idle (destination);
}

static const WtSmtpLinkOps link_ops = { on_event, on_over };

static void
new_session (Destination *self)
{
  Session *session = g_new0 (Session, 1);
  session->destination = self;
  session->link.data = session;
  g_queue_push_tail_link (&self->outgoing->sessions, &session->link);
  self->n_sessions++;
  take_job (session);
  connect_session (session);
  submit (session);
  if (session->job == NULL)
    go_on (session);
}

static void
work (Destination *self)
{
  WtMailServer *server = self->outgoing->server;
  if (server->stopping || g_queue_is_empty (&self->jobs) || self->route)
    return;
  if (self->hops == NULL)
    {
      WtMailRoute *route = wt_mail_route_find (server, self->domain, on_route, self);
      if (route)
        self->route = route;
      return;
    }
  while (self->n_sessions < server->settings->concurrency && !g_queue_is_empty (&self->jobs))
    new_session (self);
}

/* --- the queue's side --------------------------------------------------------------------------------------------- */

WtMailOutgoing *
wt_mail_outgoing_new (WtMailServer *server)
{
  WtMailOutgoing *self = g_new0 (WtMailOutgoing, 1);
  self->server = server;
  self->destinations = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, destination_free);
  return self;
}

void
wt_mail_outgoing_send (WtMailOutgoing *self, WtMailJob *job, const char *domain)
{
  g_autofree char *key = wt_mail_route_key (self->server, domain);
  Destination *destination = g_hash_table_lookup (self->destinations, key);
  if (destination == NULL)
    {
      destination = g_new0 (Destination, 1);
      destination->outgoing = self;
      destination->key = g_steal_pointer (&key);
      destination->domain = g_strdup (domain);
      g_hash_table_insert (self->destinations, destination->key, destination);
    }
  g_queue_push_tail (&destination->jobs, job);
  work (destination);
}

void
wt_mail_outgoing_stop (WtMailOutgoing *self)
{
  for (GList *each = self->sessions.head, *next; each; each = next)
    {
      Session *session = each->data;
      next = each->next;
      if (session->ready) /* ends its mail, takes no other, and says QUIT */
        continue;
      wt_smtp_link_abort (session->smtp);
      wt_mail_job_free (session->job);
      session_free (session);
    }
}

void
wt_mail_outgoing_crash (WtMailOutgoing *self)
{
  while (self->sessions.head)
    {
      Session *session = self->sessions.head->data;
      wt_smtp_link_crash (session->smtp);
      wt_mail_job_free (session->job);
      session_free (session);
    }
  g_hash_table_remove_all (self->destinations);
}

void
wt_mail_outgoing_free (WtMailOutgoing *self)
{
  if (self == NULL)
    return;
  while (self->sessions.head)
    {
      Session *session = self->sessions.head->data;
      wt_smtp_link_free (session->smtp);
      wt_mail_job_free (session->job);
      session_free (session);
    }
  g_hash_table_unref (self->destinations);
  g_free (self);
}
