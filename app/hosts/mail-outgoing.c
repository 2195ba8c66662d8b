/* Mail on its way to other servers: destinations with the jobs that wait for them, and their routes. A few sessions at a time
 * (mail-handover.c) work through the jobs. */
#include "app/hosts/mail-outgoing-private.h"

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

void
wt_mail_job_clear (WtMailJob *job)
{
  for (guint i = 0; i < job->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (job->recipients, i);
      wt_mail_verdict_clear (&recipient->verdict);
      g_clear_pointer (&recipient->remote, g_free);
      recipient->settled = FALSE;
    }
}

gboolean
wt_mail_job_is_settled (const WtMailJob *job)
{
  gboolean settled = FALSE;
  for (guint i = 0; i < job->recipients->len; i++)
    settled |= ((const WtMailRecipient *) g_ptr_array_index (job->recipients, i))->settled;
  return settled;
}

void
wt_mail_job_finish (WtMailJob *job, const WtMailVerdict *verdict, const char *remote)
{
  for (guint i = 0; i < job->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (job->recipients, i);
      if (recipient->verdict.code >= 400 || recipient->settled)
        continue;
      wt_mail_verdict_copy (&recipient->verdict, verdict);
      g_free (recipient->remote);
      recipient->remote = g_strdup (remote);
    }
  job->done (job);
}

/* --- destinations ------------------------------------------------------------------------------------------------- */

static void
hop_clear (gpointer data)
{
  g_free (((WtMailHop *) data)->name);
}

static void
destination_free (gpointer data)
{
  WtMailDestination *self = data;
  g_queue_clear_full (&self->jobs, (GDestroyNotify) wt_mail_job_free);
  wt_mail_route_free (self->route);
  g_clear_pointer (&self->hops, g_array_unref);
  g_free (self->key);
  g_free (self->domain);
  g_free (self);
}

/* Done jobs may send new ones, so the list is taken first. */
void
wt_mail_destination_fail (WtMailDestination *self, const WtMailVerdict *verdict, const char *remote)
{
  GQueue jobs = self->jobs;
  WtMailJob *job;
  g_queue_init (&self->jobs);
  while ((job = g_queue_pop_head (&jobs)))
    wt_mail_job_finish (job, verdict, remote);
}

void
wt_mail_destination_forget_if_idle (WtMailDestination *self)
{
  if (self->n_sessions + self->n_busy == 0 && self->route == NULL && g_queue_is_empty (&self->jobs))
    g_hash_table_remove (self->outgoing->destinations, self->key);
}

static void
take_route (WtMailDestination *self, GArray *hops, const WtMailVerdict *failure)
{
  self->route = NULL;
  if (failure)
    {
      wt_mail_destination_fail (self, failure, NULL);
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
  WtMailDestination *self = user_data;
  self->n_busy++;
  take_route (self, hops, failure);
  if (self->hops)
    wt_mail_destination_work (self);
  self->n_busy--;
  wt_mail_destination_forget_if_idle (self);
}

void
wt_mail_destination_work (WtMailDestination *self)
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
    wt_mail_handover_start (self);
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
  WtMailDestination *destination = g_hash_table_lookup (self->destinations, key);
  if (destination == NULL)
    {
      destination = g_new0 (WtMailDestination, 1);
      destination->outgoing = self;
      destination->key = g_steal_pointer (&key);
      destination->domain = g_strdup (domain);
      g_hash_table_insert (self->destinations, destination->key, destination);
    }
  g_queue_push_tail (&destination->jobs, job);
  wt_mail_destination_work (destination);
}

guint
wt_mail_outgoing_n_sessions (const WtMailOutgoing *self)
{
  return self->sessions.length;
}

static void
end_sessions (WtMailOutgoing *self, WtMailEnd how)
{
  for (GList *each = self->sessions.head, *next; each; each = next)
    {
      next = each->next;
      wt_mail_handover_end (each->data, how);
    }
}

void
wt_mail_outgoing_stop (WtMailOutgoing *self)
{
  end_sessions (self, WT_MAIL_END_STOP);
}

void
wt_mail_outgoing_crash (WtMailOutgoing *self)
{
  end_sessions (self, WT_MAIL_END_CRASH);
  g_hash_table_remove_all (self->destinations);
}

void
wt_mail_outgoing_free (WtMailOutgoing *self)
{
  if (self == NULL)
    return;
  end_sessions (self, WT_MAIL_END_FREE);
  g_hash_table_unref (self->destinations);
  g_free (self);
}
