#include "app/hosts/disk-writer.h"

#include "app/hosts/safe-file.h"

#include <string.h>
#include <unistd.h>

#define JOBS_AT_ONCE 64

struct _WtDiskWriter {
  WtDiskDoneFunc done;
  gpointer user_data;
  GMutex lock;
  GCond wanted, idle;
  GQueue pending; /* WtDiskJob */
  guint n_threads, n_idle, n_busy;
  gboolean quit;
  guint n_started;
  GThread *threads[];
};

void
wt_disk_job_clear (WtDiskJob *job)
{
  g_free (job->aside);
  g_free (job->path);
  g_free (job->folder);
  g_free (job->bytes);
  g_clear_error (&job->error);
}

/* --- the steps of a batch ------------------------------------------------------------------------------------------- */

static void
write_aside (WtDiskJob *job)
{
  job->fd = -1;
  if (!job->job_class->prepare (job) || job->remove)
    return;
  job->fd = wt_safe_file_write (job->aside, job->bytes, job->n_bytes, &job->error);
  if (!g_error_matches (job->error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return;
  g_clear_error (&job->error);
  if (job->job_class->make_folder (job, &job->error))
    job->fd = wt_safe_file_write (job->aside, job->bytes, job->n_bytes, &job->error);
}

static void
sync_file (WtDiskJob *job)
{
  if (job->fd >= 0 && !wt_safe_file_sync (job->fd, job->aside, &job->error))
    unlink (job->aside);
  job->fd = -1;
}

static void
move_into_place (WtDiskJob *job)
{
  if (job->error)
    return;
  if (job->remove)
    unlink (job->path); /* not there: that is what was wanted */
  else if (!wt_safe_file_move (job->aside, job->path, job->replace, &job->error))
    unlink (job->aside);
}

/* One sync for all jobs of a folder. A removal that a power cut undoes costs a second delivery, no mail: not waited for. */
static void
sync_folders (GQueue *jobs)
{
  for (GList *each = jobs->head; each; each = each->next)
    {
      WtDiskJob *first = each->data;
      gboolean synced = first->error || first->remove;
      for (GList *before = jobs->head; before != each && !synced; before = before->next)
        {
          const WtDiskJob *other = before->data;
          synced = !other->error && !other->remove && strcmp (other->folder, first->folder) == 0;
        }
      if (!synced)
        wt_safe_file_sync_folder (first->folder, &first->error);
    }
}

/* When the sync of a folder failed, none of its files is safe. */
static void
spread_folder_errors (GQueue *moved)
{
  for (GList *each = moved->head; each; each = each->next)
    {
      const WtDiskJob *failed = each->data;
      if (failed->error == NULL)
        continue;
      for (GList *other = moved->head; other; other = other->next)
        {
          WtDiskJob *job = other->data;
          if (job->error == NULL && !job->remove && strcmp (job->folder, failed->folder) == 0)
            job->error = g_error_copy (failed->error);
        }
    }
}

static void
do_jobs (GQueue *jobs)
{
  GQueue moved = G_QUEUE_INIT;
  for (GList *each = jobs->head; each; each = each->next)
    write_aside (each->data);
  for (GList *each = jobs->head; each; each = each->next)
    sync_file (each->data);
  for (GList *each = jobs->head; each; each = each->next)
    {
      WtDiskJob *job = each->data;
      move_into_place (job);
      if (job->error == NULL)
        g_queue_push_tail (&moved, job);
    }
  sync_folders (&moved);
  spread_folder_errors (&moved);
  g_queue_clear (&moved);
}

/* --- threads -------------------------------------------------------------------------------------------------------- */

/* A fair share of what waits, so that the other threads have some too. */
static void
take_jobs (WtDiskWriter *self, GQueue *jobs)
{
  guint share = CLAMP (self->pending.length / self->n_threads, 1, JOBS_AT_ONCE);
  for (guint i = 0; i < share; i++)
    g_queue_push_tail_link (jobs, g_queue_pop_head_link (&self->pending));
}

static gpointer
run (gpointer data)
{
  WtDiskWriter *self = data;
  g_mutex_lock (&self->lock);
  for (;;)
    {
      GQueue jobs = G_QUEUE_INIT;
      self->n_idle++;
      while (self->pending.length == 0 && !self->quit)
        g_cond_wait (&self->wanted, &self->lock);
      self->n_idle--;
      if (self->pending.length == 0)
        break;
      take_jobs (self, &jobs);
      self->n_busy++;
      g_mutex_unlock (&self->lock);
      do_jobs (&jobs);
      self->done (&jobs, self->user_data);
      g_mutex_lock (&self->lock);
      if (--self->n_busy == 0 && self->pending.length == 0)
        g_cond_broadcast (&self->idle);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

WtDiskWriter *
wt_disk_writer_new (guint n_threads, WtDiskDoneFunc done, gpointer user_data)
{
  WtDiskWriter *self = g_malloc0 (sizeof (WtDiskWriter) + n_threads * sizeof (GThread *));
  self->done = done;
  self->user_data = user_data;
  self->n_threads = n_threads;
  g_mutex_init (&self->lock);
  g_cond_init (&self->wanted);
  g_cond_init (&self->idle);
  g_queue_init (&self->pending);
  return self;
}

/* Threads are started when there is work for them. */
void
wt_disk_writer_add (WtDiskWriter *self, WtDiskJob *job)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->pending, job);
  if (self->pending.length > self->n_idle && self->n_started < self->n_threads)
    {
      self->threads[self->n_started] = g_thread_new ("disk-writer", run, self);
      self->n_started++;
    }
  else
    g_cond_signal (&self->wanted);
  g_mutex_unlock (&self->lock);
}

void
wt_disk_writer_wait (WtDiskWriter *self)
{
  g_mutex_lock (&self->lock);
  while (self->n_busy > 0 || self->pending.length > 0)
    g_cond_wait (&self->idle, &self->lock);
  g_mutex_unlock (&self->lock);
}

void
wt_disk_writer_free (WtDiskWriter *self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_broadcast (&self->wanted);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->n_started; i++)
    g_thread_join (self->threads[i]);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wanted);
  g_cond_clear (&self->idle);
  g_free (self);
}
