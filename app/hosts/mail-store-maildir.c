/* The mail store on disk: Maildirs, and queued mails as files. Everything is written in other threads (disk-writer.h);
 * what they have done comes back through wt_world_call(). */
#include "app/hosts/disk-writer.h"
#include "app/hosts/mail-store-private.h"
#include "app/hosts/mailbox-maildir.h"
#include "app/hosts/maildir-folders.h"
#include "app/hosts/maildir-names.h"
#include "app/hosts/maildir-quota.h"
#include "app/hosts/path-name.h"
#include "app/hosts/queue-file.h"
#include "app/hosts/queue-folder.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MAIL_THREADS 8 /* so that the disk can join their syncs */

typedef struct {
  WtMailStore store;
  WtWorld *world;
  char *dir;
  WtDiskWriter *mails, *queues; /* queues: one thread, for an entry's changes must keep their order */
  GHashTable *quotas;           /* "host/user" -> WtMaildirQuota; the world's thread only */
  guint64 n_names;              /* the world's thread only */
  GMutex done_lock;
  GQueue done; /* Job: to be told in the world's thread */
} MaildirStore;

typedef struct {
  WtDiskJob disk;
  MaildirStore *store;
  char *host, *user, *id; /* user: a delivery; id: of the queue entry, or the mail's new name */
  GBytes *envelope, *message;
  gint64 time;
  guint64 number;
  WtMailStoredFunc func; /* (nullable) */
  gpointer user_data;
} Job;

static void
job_free (Job *job)
{
  wt_disk_job_clear (&job->disk);
  g_free (job->host);
  g_free (job->user);
  g_free (job->id);
  g_clear_pointer (&job->envelope, g_bytes_unref);
  g_clear_pointer (&job->message, g_bytes_unref);
  g_free (job);
}

/* --- jobs: in a writer's thread ------------------------------------------------------------------------------------- */

static gboolean
prepare_mail (WtDiskJob *disk)
{
  Job *job = (Job *) disk;
  g_autofree char *host = wt_path_name (job->host), *user = wt_path_name (job->user);
  disk->bytes = wt_maildir_from_wire (job->message, &disk->n_bytes);
  g_autofree char *name = wt_maildir_name (job->time, job->number, job->host, disk->n_bytes);
  job->id = g_strdup_printf ("%s,W=%" G_GSIZE_FORMAT, name, wt_maildir_wire_size (disk->bytes, disk->n_bytes));
  disk->folder = g_build_filename (job->store->dir, host, user, "new", NULL);
  disk->path = g_build_filename (disk->folder, job->id, NULL);
  disk->aside = g_build_filename (job->store->dir, host, user, "tmp", job->id, NULL);
  return TRUE;
}

static gboolean
make_mail_folder (WtDiskJob *disk, GError **error)
{
  Job *job = (Job *) disk;
  g_autofree char *host = wt_path_name (job->host), *user = wt_path_name (job->user);
  return wt_maildir_make (job->store->dir, host, user, error);
}

static gboolean
prepare_entry (WtDiskJob *disk)
{
  Job *job = (Job *) disk;
  g_autofree char *host = wt_path_name (job->host), *name = wt_path_name (job->id);
  g_autofree char *aside_name = wt_maildir_name (job->time, job->number, job->host, 0);
  disk->folder = g_build_filename (job->store->dir, host, WT_MAILDIR_QUEUE, NULL);
  disk->path = g_build_filename (disk->folder, name, NULL);
  disk->aside = g_build_filename (disk->folder, "tmp", aside_name, NULL);
  if (!disk->remove)
    disk->bytes = wt_queue_file_encode (job->id, job->envelope, job->message, &disk->n_bytes);
  return TRUE;
}

static gboolean
make_entry_folder (WtDiskJob *disk, GError **error)
{
  Job *job = (Job *) disk;
  g_autofree char *host = wt_path_name (job->host);
  return wt_maildir_make_queue (job->store->dir, host, error);
}

static const WtDiskJobClass mail_job = { prepare_mail, make_mail_folder };
static const WtDiskJobClass entry_job = { prepare_entry, make_entry_folder };

/* --- quotas ---------------------------------------------------------------------------------------------------------- */

static WtMaildirQuota *
quota_for (MaildirStore *self, const char *host, const char *user)
{
  g_autofree char *key = g_strconcat (host, "/", user, NULL);
  WtMaildirQuota *quota = g_hash_table_lookup (self->quotas, key);
  if (quota)
    return quota;
  g_autofree char *safe_host = wt_path_name (host), *safe_user = wt_path_name (user);
  g_autofree char *path = g_build_filename (self->dir, safe_host, safe_user, NULL);
  quota = wt_maildir_quota_new (path);
  g_hash_table_insert (self->quotas, g_steal_pointer (&key), quota);
  return quota;
}

static guint64
maildir_usage (WtMailStore *store, const char *host, const char *user, guint64 limit)
{
  return wt_maildir_quota_usage (quota_for ((MaildirStore *) store, host, user), limit);
}

/* --- coming back: in the world's thread ----------------------------------------------------------------------------- */

static void
tell_done (gpointer user_data)
{
  MaildirStore *self = user_data;
  g_mutex_lock (&self->done_lock);
  GQueue done = self->done;
  g_queue_init (&self->done);
  g_mutex_unlock (&self->done_lock);
  for (Job *job = g_queue_pop_head (&done); job; job = g_queue_pop_head (&done))
    {
      if (job->user)
        wt_maildir_quota_end (quota_for (self, job->host, job->user), g_bytes_get_size (job->message),
                              job->disk.error ? 0 : job->disk.n_bytes);
      if (job->func)
        job->func (job->disk.error ? NULL : job->id, job->disk.error, job->user_data);
      if (job->user && job->disk.error == NULL)
        wt_mailboxes_maildir_delivered (self->store.mailboxes, job->host, job->user);
      job_free (job);
    }
}

/* In a writer's thread. */
static void
jobs_done (GQueue *jobs, gpointer user_data)
{
  MaildirStore *self = user_data;
  g_mutex_lock (&self->done_lock);
  gboolean first = self->done.length == 0;
  for (GList *link = g_queue_pop_head_link (jobs); link; link = g_queue_pop_head_link (jobs))
    g_queue_push_tail_link (&self->done, link);
  g_mutex_unlock (&self->done_lock);
  if (first)
    wt_world_call (self->world, tell_done, self);
}

/* --- the store's calls ---------------------------------------------------------------------------------------------- */

static Job *
new_job (MaildirStore *self, const WtDiskJobClass *job_class, const char *host, WtMailStoredFunc func, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);
  job->disk.job_class = job_class;
  job->store = self;
  job->host = g_strdup (host);
  job->time = wt_world_wall_time (self->world);
  job->number = ++self->n_names;
  job->func = func;
  job->user_data = user_data;
  return job;
}

static void
maildir_deliver (WtMailStore *store, const char *host, const char *user, GBytes *message, gint64 date,
                 WtMailStoredFunc func, gpointer user_data)
{
  MaildirStore *self = (MaildirStore *) store;
  Job *job = new_job (self, &mail_job, host, func, user_data);
  job->user = g_strdup (user);
  job->message = g_bytes_ref (message);
  job->disk.mtime = date;
  wt_maildir_quota_begin (quota_for (self, host, user), g_bytes_get_size (message));
  wt_disk_writer_add (self->mails, &job->disk);
}

static void
maildir_queue_put (WtMailStore *store, const char *host, const char *id, GBytes *envelope, GBytes *message,
                   WtMailStoredFunc func, gpointer user_data)
{
  MaildirStore *self = (MaildirStore *) store;
  Job *job = new_job (self, &entry_job, host, func, user_data);
  job->id = g_strdup (id);
  job->envelope = g_bytes_ref (envelope);
  job->message = g_bytes_ref (message);
  job->disk.replace = TRUE;
  wt_disk_writer_add (self->queues, &job->disk);
}

static void
maildir_queue_remove (WtMailStore *store, const char *host, const char *id)
{
  MaildirStore *self = (MaildirStore *) store;
  Job *job = new_job (self, &entry_job, host, NULL, NULL);
  job->id = g_strdup (id);
  job->disk.remove = TRUE;
  wt_disk_writer_add (self->queues, &job->disk);
}

static gboolean
maildir_queue_load (WtMailStore *store, const char *host, WtQueueEntryFunc func, gpointer user_data, GError **error)
{
  g_autofree char *safe_host = wt_path_name (host);
  g_autofree char *folder = g_build_filename (((MaildirStore *) store)->dir, safe_host, WT_MAILDIR_QUEUE, NULL);
  return wt_queue_folder_load (folder, func, user_data, error);
}

/* --- beginning and end ---------------------------------------------------------------------------------------------- */

/* What is under way is finished and told; what is told may want more to be written. */
static void
maildir_free (WtMailStore *store)
{
  MaildirStore *self = (MaildirStore *) store;
  do
    {
      tell_done (self);
      wt_disk_writer_wait (self->mails);
      wt_disk_writer_wait (self->queues);
    }
  while (self->done.length > 0);
  wt_mailboxes_maildir_free (store->mailboxes);
  wt_disk_writer_free (self->mails);
  wt_disk_writer_free (self->queues);
  g_hash_table_unref (self->quotas);
  g_mutex_clear (&self->done_lock);
  g_free (self->dir);
  g_free (self);
}

static const WtMailStoreClass maildir_class = {
  maildir_deliver, maildir_usage, maildir_queue_put, maildir_queue_remove, maildir_queue_load, maildir_free,
};

WtMailStore *
wt_mail_store_new_maildir (WtWorld *world, const char *dir, GError **error)
{
  if (g_mkdir_with_parents (dir, 0700) != 0 || g_access (dir, W_OK | X_OK) != 0)
    {
      int code = errno;
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _ ("%s: mails cannot be stored there: %s"), dir, g_strerror (code));
      return NULL;
    }
  MaildirStore *self = g_new0 (MaildirStore, 1);
  self->store.store_class = &maildir_class;
  self->store.mailboxes = wt_mailboxes_new_maildir (world, dir);
  self->world = world;
  self->dir = g_strdup (dir);
  self->mails = wt_disk_writer_new (MAIL_THREADS, jobs_done, self);
  self->queues = wt_disk_writer_new (1, jobs_done, self);
  self->quotas = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) wt_maildir_quota_free);
  g_mutex_init (&self->done_lock);
  g_queue_init (&self->done);
  return &self->store;
}
