/* The queue: mails that wait for other servers, or for a mailbox that has no room now (RFC 5321 4.5.4).
 *
 * A try hands all pending recipients on, one job a destination. What came of it decides: done, refused for good (its sender
 * gets a report), or tried again later, each time after twice the wait, until the mail expires. */
#include "app/hosts/mail-server-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define NSEC_PER_USEC 1000
#define JOB_RECIPIENTS_MAX 100 /* what every server must take, RFC 5321 4.5.3.1.8 */
#define DOUBLINGS_MAX 30

struct _WtMailQueue {
  WtMailServer *server;
  GHashTable *entries; /* id -> WtMailEntry, owned */
  GHashTable *items;   /* id -> entity; outlives a crash, as the record does */
};

WtMailQueue *
wt_mail_queue_new (WtMailServer *server)
{
  WtMailQueue *self = g_new0 (WtMailQueue, 1);
  self->server = server;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) wt_mail_entry_free);
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/* --- record ------------------------------------------------------------------------------------------------------- */

static void
record_added (WtMailQueue *self, const WtMailEntry *entry)
{
  if (g_hash_table_contains (self->items, entry->id)) /* was there before the crash */
    return;
  guint32 item = wt_mail_server_add_item (self->server, self->server->queue_entity, entry->id);
  g_hash_table_insert (self->items, g_strdup (entry->id), GUINT_TO_POINTER (item));
  wt_mail_server_record_store (self->server, item, WT_STORE_ADDED, entry->message);
}

static void
record_change (WtMailQueue *self, const WtMailEntry *entry, WtStoreChange change, const char *text)
{
  guint32 item = GPOINTER_TO_UINT (g_hash_table_lookup (self->items, entry->id));
  if (item)
    wt_mail_server_record_text (self->server, item, change, text);
  if (change == WT_STORE_REMOVED)
    g_hash_table_remove (self->items, entry->id);
}

/* --- store -------------------------------------------------------------------------------------------------------- */

typedef struct {
  WtMailLife *life;
  char *id;
  gboolean is_new;
  WtMailQueuedFunc func;
  gpointer user_data;
} Write;

static void
drop (WtMailQueue *self, WtMailEntry *entry)
{
  wt_world_cancel (self->server->host.world, entry->timer);
  wt_mail_store_queue_remove (self->server->store, self->server->name, entry->id);
  g_hash_table_remove (self->entries, entry->id);
}

static void
written (WtMailQueue *self, WtMailEntry *entry, const Write *write, const GError *error)
{
  WtMailServer *server = self->server;
  entry->n_stores--;
  if (error)
    wt_world_note (server->host.world, server->host.node, WT_NOTE_ERROR, N_ ("The queue cannot store mail %s: %s"), entry->id,
                   error->message);
  else if (write->is_new)
    record_added (self, entry);
  if (write->func)
    write->func (entry, error, write->user_data);
  if (error && write->is_new)
    entry->removed = TRUE;
}

static void
on_written (const char *id, const GError *error, gpointer user_data)
{
  Write *write = user_data;
  WtMailQueue *self = write->life->server ? write->life->server->queue : NULL;
  WtMailEntry *entry = self ? g_hash_table_lookup (self->entries, write->id) : NULL;
  if (entry)
    {
      written (self, entry, write, error);
      entry = g_hash_table_lookup (self->entries, write->id); /* its owner may have let it go */
      if (entry && entry->removed && entry->n_stores == 0)
        drop (self, entry);
    }
  g_rc_box_release (write->life);
  g_free (write->id);
  g_free (write);
}

static void
put (WtMailQueue *self, WtMailEntry *entry, gboolean is_new, WtMailQueuedFunc func, gpointer user_data)
{
  Write *write = g_new (Write, 1);
  *write = (Write){ g_rc_box_acquire (self->server->life), g_strdup (entry->id), is_new, func, user_data };
  g_autoptr (GBytes) envelope = wt_mail_entry_to_envelope (entry);
  entry->n_stores++;
  wt_mail_store_queue_put (self->server->store, self->server->name, entry->id, envelope, entry->message, on_written, write);
}

void
wt_mail_queue_add (WtMailQueue *self, WtMailEntry *entry, WtMailQueuedFunc func, gpointer user_data)
{
  g_hash_table_replace (self->entries, entry->id, entry);
  put (self, entry, TRUE, func, user_data);
}

void
wt_mail_queue_update (WtMailQueue *self, WtMailEntry *entry, WtMailQueuedFunc func, gpointer user_data)
{
  put (self, entry, FALSE, func, user_data);
}

void
wt_mail_queue_remove (WtMailQueue *self, WtMailEntry *entry, const char *why)
{
  record_change (self, entry, WT_STORE_REMOVED, why);
  entry->removed = TRUE;
  if (entry->n_stores == 0)
    drop (self, entry);
}

/* --- after a try -------------------------------------------------------------------------------------------------- */

static void try_entry (WtMailQueue *self, WtMailEntry *entry);

static void
on_retry (gpointer user_data)
{
  WtMailEntry *entry = user_data;
  entry->timer = 0;
  try_entry (entry->server->queue, entry);
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

static void
schedule (WtMailEntry *entry)
{
  gint64 delay = MAX (entry->next_try - now (entry), 0) * NSEC_PER_USEC;
  wt_world_cancel (entry->server->host.world, entry->timer);
  entry->timer = entry->server->stopping ? 0 : wt_world_timer (entry->server->host.world, delay, on_retry, entry);
}

/* RFC 5321 4.5.4.1: the wait grows; the last try is when the mail expires. */
static void
put_off (WtMailQueue *self, WtMailEntry *entry)
{
  const WtMailSettings *settings = self->server->settings;
  gint64 wait = settings->retry_max, present = now (entry);
  guint doublings = entry->n_tries > 0 ? entry->n_tries - 1 : 0;
  if (doublings < DOUBLINGS_MAX && settings->retry < settings->retry_max >> doublings)
    wait = settings->retry << doublings;
  entry->next_try = present + wait / NSEC_PER_USEC;
  if (expires (entry) > present)
    entry->next_try = MIN (entry->next_try, expires (entry));
  g_autofree char *why = reason (entry, count (entry, WT_MAIL_PENDING) > 0 ? WT_MAIL_PENDING : WT_MAIL_FAILED);
  g_autofree char *text = g_strdup_printf ("%s; next try in %.3g s", why, (entry->next_try - present) / 1e6);
  record_change (self, entry, WT_STORE_CHANGED, text);
  wt_mail_queue_update (self, entry, NULL, NULL);
  schedule (entry);
}

static void
conclude (WtMailEntry *entry, gboolean told)
{
  WtMailQueue *self = entry->server->queue;
  if (count (entry, WT_MAIL_PENDING) + count (entry, WT_MAIL_FAILED) > 0)
    {
      put_off (self, entry);
      return;
    }
  g_autofree char *why = reason (entry, WT_MAIL_DONE);
  wt_mail_queue_remove (self, entry, why);
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

static void
step_done (WtMailEntry *entry)
{
  if (--entry->n_running > 0)
    return;
  entry->trying = FALSE;
  entry->n_tries++;
  if (now (entry) >= expires (entry))
    expire (entry);
  if (count (entry, WT_MAIL_FAILED) > 0)
    wt_mail_report_send (entry, conclude);
  else
    conclude (entry, TRUE);
}

/* --- a try -------------------------------------------------------------------------------------------------------- */

static void
settle (WtMailRecipient *recipient)
{
  guint code = recipient->verdict.code;
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
  settle (recipient);
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
  wt_mail_deliver (entry->server, user, message, on_delivered, recipient);
}

static void
on_job_done (WtMailJob *job)
{
  WtMailEntry *entry = job->entry;
  for (guint i = 0; i < job->recipients->len; i++)
    settle (g_ptr_array_index (job->recipients, i));
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
      if (recipient->state != WT_MAIL_PENDING || wt_mail_policy_is_local (entry->server, recipient->path))
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

static void
try_entry (WtMailQueue *self, WtMailEntry *entry)
{
  if (self->server->stopping || entry->trying || entry->removed)
    return;
  entry->trying = TRUE;
  entry->n_running = 1; /* ours, until everything is under way */
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state == WT_MAIL_PENDING && wt_mail_policy_is_local (self->server, recipient->path))
        try_local (entry, recipient);
    }
  try_others (entry);
  step_done (entry);
}

void
wt_mail_queue_start (WtMailQueue *self, WtMailEntry *entry)
{
  try_entry (self, entry);
}

/* --- start and end ------------------------------------------------------------------------------------------------ */

static void
on_loaded (const char *id, GBytes *envelope, GBytes *message, gpointer user_data)
{
  WtMailQueue *self = user_data;
  g_autoptr (GError) error = NULL;
  WtMailEntry *entry = wt_mail_entry_from_envelope (self->server, id, envelope, message, &error);
  if (entry == NULL) /* stays in the store, for a person to look at */
    {
      wt_world_note (self->server->host.world, self->server->host.node, WT_NOTE_ERROR,
                     N_ ("Queued mail %s cannot be read: %s"), id, error->message);
      return;
    }
  g_hash_table_replace (self->entries, entry->id, entry);
  record_added (self, entry);
  schedule (entry);
}

gboolean
wt_mail_queue_load (WtMailQueue *self, GError **error)
{
  wt_mail_queue_forget (self);
  return wt_mail_store_queue_load (self->server->store, self->server->name, on_loaded, self, error);
}

void
wt_mail_queue_halt (WtMailQueue *self)
{
  GHashTableIter iter;
  gpointer entry;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    {
      wt_world_cancel (self->server->host.world, ((WtMailEntry *) entry)->timer);
      ((WtMailEntry *) entry)->timer = 0;
    }
}

void
wt_mail_queue_forget (WtMailQueue *self)
{
  g_hash_table_remove_all (self->entries);
}

void
wt_mail_queue_free (WtMailQueue *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->items);
  g_free (self);
}
