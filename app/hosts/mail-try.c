/* Tries: all pending recipients of a queued mail are handed on, one job a destination. What came of it decides: done, refused
 * for good (its sender gets a report), or tried again later, each time after twice the wait, until the mail expires (RFC 5321
 * 4.5.4.1). */
#include "app/hosts/mail-server-private.h"

#include <string.h>

#define NSEC_PER_USEC 1000
#define JOB_RECIPIENTS_MAX 100 /* what every server must take, RFC 5321 4.5.3.1.8 */
#define DOUBLINGS_MAX 30

/* --- after a try -------------------------------------------------------------------------------------------------- */

static void
on_retry (gpointer user_data)
{
  WtMailEntry *entry = user_data;
  entry->timer = 0;
  wt_mail_try (entry);
}

static guint
count (const WtMailEntry *entry, WtMailState state)
{
  guint n = 0;
  for (guint i = 0; i < entry->recipients->len; i++)
    n += ((const WtMailRecipient *) g_ptr_array_index (entry->recipients, i))->state == state;
  return n;
}

/* The last word said about a recipient in that state. (transfer full) */
static char *
reason (const WtMailEntry *entry, WtMailState state)
{
  for (guint i = entry->recipients->len; i-- > 0;)
    {
      const WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state == state)
        return wt_mail_verdict_to_string (&recipient->verdict);
    }
  return g_strdup ("");
}

static gint64
now (const WtMailEntry *entry)
{
  return wt_world_wall_time (entry->server->host.world);
}

static gint64
expires (const WtMailEntry *entry)
{
  return entry->arrived + entry->server->settings->expire / NSEC_PER_USEC;
}

void
wt_mail_try_later (WtMailEntry *entry)
{
  gint64 delay = MAX (entry->next_try - now (entry), 0) * NSEC_PER_USEC;
  wt_world_cancel (entry->server->host.world, entry->timer);
  entry->timer = entry->server->stopping ? 0 : wt_world_timer (entry->server->host.world, delay, on_retry, entry);
}

/* RFC 5321 4.5.4.1: the wait grows; the last try is when the mail expires. */
static void
put_off (WtMailEntry *entry)
{
  const WtMailSettings *settings = entry->server->settings;
  gint64 wait = settings->retry_max, present = now (entry);
  guint doublings = entry->n_tries > 0 ? entry->n_tries - 1 : 0;
  if (doublings < DOUBLINGS_MAX && settings->retry < settings->retry_max >> doublings)
    wait = settings->retry << doublings;
  entry->next_try = present + wait / NSEC_PER_USEC;
  if (expires (entry) > present)
    entry->next_try = MIN (entry->next_try, expires (entry));
  g_autofree char *why = reason (entry, count (entry, WT_MAIL_PENDING) > 0 ? WT_MAIL_PENDING : WT_MAIL_FAILED);
  g_autofree char *text = g_strdup_printf ("%s; next try in %.3g s", why, (entry->next_try - present) / 1e6);
  wt_mail_queue_put_off (entry->server->queue, entry, text);
  wt_mail_try_later (entry);
}

static void
conclude (WtMailEntry *entry)
{
  if (count (entry, WT_MAIL_PENDING) + count (entry, WT_MAIL_FAILED) > 0 || wt_mail_report_due (entry))
    {
      put_off (entry);
      return;
    }
  g_autofree char *why = reason (entry, WT_MAIL_DONE);
  wt_mail_queue_remove (entry->server->queue, entry, why);
}

static void
expire (WtMailEntry *entry)
{
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state != WT_MAIL_PENDING)
        continue;
      recipient->state = WT_MAIL_FAILED;
      recipient->expired = TRUE;
    }
}

/* Once a recipient, and only when its sender has asked for it. */
static void
find_delays (WtMailEntry *entry)
{
  if (now (entry) < entry->arrived + entry->server->settings->delay_report / NSEC_PER_USEC)
    return;
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state != WT_MAIL_PENDING || recipient->delay_told
          || !wt_mail_recipient_wants (recipient, WT_SMTP_NOTIFY_DELAY))
        continue;
      recipient->report = WT_MAIL_REPORT_DELAYED;
      recipient->delay_told = TRUE;
    }
}

static void
step_done (WtMailEntry *entry)
{
  if (--entry->n_running > 0)
    return;
  entry->trying = FALSE;
  entry->n_tries++;
  if (now (entry) >= expires (entry))
    expire (entry);
  find_delays (entry);
  if (wt_mail_report_due (entry))
    wt_mail_report_send (entry, conclude);
  else
    conclude (entry);
}

/* --- a try -------------------------------------------------------------------------------------------------------- */

static void
settle (WtMailRecipient *recipient, WtMailReport success)
{
  guint code = recipient->verdict.code;
  gboolean told = recipient->dsn_passed; /* by who has it now */
  if (code >= 200 && code < 300 && !told && wt_mail_recipient_wants (recipient, WT_SMTP_NOTIFY_SUCCESS))
    recipient->report = success;
  if (code >= 200 && code < 300)
    recipient->state = WT_MAIL_DONE;
  else
    recipient->state = code >= 500 ? WT_MAIL_FAILED : WT_MAIL_PENDING;
}

static void
on_delivered (const WtMailVerdict *failure, gpointer user_data)
{
  WtMailRecipient *recipient = user_data;
  if (failure)
    wt_mail_verdict_copy (&recipient->verdict, failure);
  else
    wt_mail_verdict_set (&recipient->verdict, 250, "2.1.5", "Delivered to the mailbox");
  settle (recipient, WT_MAIL_REPORT_DELIVERED);
  step_done (recipient->entry);
}

/* The mailbox of a name that was looked up when the mail came in; users may have changed since. (transfer full) (nullable) */
static char *
local_user (WtMailServer *server, const WtSmtpPath *path)
{
  const WtMailUser *user = wt_mail_settings_user (server->settings, path->local_part);
  WtMailTargets targets;
  char *name = NULL;
  if (user)
    return g_strdup (user->name);
  wt_mail_targets_init (&targets);
  if (wt_mail_policy_expand (server, path->local_part, &targets) && targets.users->len > 0)
    name = g_strdup (g_ptr_array_index (targets.users, 0));
  wt_mail_targets_clear (&targets);
  return name;
}

static void
try_local (WtMailEntry *entry, WtMailRecipient *recipient)
{
  g_autofree char *user = local_user (entry->server, recipient->path);
  entry->n_running++;
  if (user == NULL)
    {
      WtMailVerdict unknown = { 0 };
      wt_mail_verdict_set (&unknown, 550, "5.1.1", "No such user here");
      on_delivered (&unknown, recipient);
      wt_mail_verdict_clear (&unknown);
      return;
    }
  g_autoptr (GBytes) message = wt_mail_stamp_return_path (entry->message, entry->sender);
  wt_mail_deliver (entry->server, user, message, 0, on_delivered, recipient);
}

static void
on_job_done (WtMailJob *job)
{
  WtMailEntry *entry = job->entry;
  for (guint i = 0; i < job->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (job->recipients, i);
      settle (recipient, recipient->settled ? WT_MAIL_REPORT_DELIVERED : WT_MAIL_REPORT_RELAYED);
    }
  wt_mail_job_free (job);
  step_done (entry);
}

/* The job that takes recipients of this domain: one a destination, and a new one when it is full. */
static WtMailJob *
job_for (WtMailEntry *entry, GHashTable *jobs, const char *domain)
{
  char *key = wt_mail_route_key (entry->server, domain);
  WtMailJob *job = g_hash_table_lookup (jobs, key);
  if (job && job->recipients->len < JOB_RECIPIENTS_MAX)
    {
      g_free (key);
      return job;
    }
  job = wt_mail_job_new (entry, on_job_done);
  g_hash_table_replace (jobs, key, job);
  entry->n_running++;
  return job;
}

/* All jobs are made before the first is sent: one may be done at once. */
static void
try_others (WtMailEntry *entry)
{
  g_autoptr (GHashTable) jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) in_order = g_ptr_array_new ();
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state != WT_MAIL_PENDING || wt_mail_policy_is_here (entry->server, recipient->path))
        continue;
      WtMailJob *job = job_for (entry, jobs, recipient->path->domain);
      if (job->recipients->len == 0)
        g_ptr_array_add (in_order, job);
      g_ptr_array_add (job->recipients, recipient);
    }
  for (guint i = 0; i < in_order->len; i++)
    {
      WtMailJob *job = g_ptr_array_index (in_order, i);
      WtMailRecipient *first = g_ptr_array_index (job->recipients, 0);
      wt_mail_outgoing_send (entry->server->outgoing, job, first->path->domain);
    }
}

void
wt_mail_try (WtMailEntry *entry)
{
  WtMailServer *server = entry->server;
  if (server->stopping || entry->trying || entry->removed)
    return;
  entry->trying = TRUE;
  entry->n_running = 1; /* ours, until everything is under way */
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state == WT_MAIL_PENDING && wt_mail_policy_is_here (server, recipient->path))
        try_local (entry, recipient);
    }
  try_others (entry);
  step_done (entry);
}
