#include "app/hosts/disk-writer.h"

#include "app/hosts/safe-file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOBS_AT_ONCE 64

typedef struct {
  WtDiskWriter *writer;
  GThread *thread;
  GCond wanted;
  gboolean woken;
} Worker;

/* Of the idle threads the one that worked last is woken: journalling file systems (ext4) let a sync wait for those of
 * others when another thread synced before, so with little to do all should come from one. */
struct _WtDiskWriter {
  WtDiskDoneFunc done;
  gpointer user_data;
  GMutex lock;
  GCond all_done;
  GQueue pending;  /* WtDiskJob */
  GPtrArray *idle; /* Worker; a stack */
  guint n_threads, n_started, n_busy;
  gboolean quit;
  Worker workers[];
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
set_time (const WtDiskJob *job)
{
  struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = job->mtime } };
  if (job->fd >= 0 && job->mtime && futimens (job->fd, times) != 0)
    g_debug ("%s keeps the time of now", job->aside);
}

static void
sync_file (WtDiskJob *job)
{
  set_time (job);
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

/* With the lock held. FALSE: it is over. */
static gboolean
wait_for_jobs (Worker *self)
{
  WtDiskWriter *writer = self->writer;
  while (writer->pending.length == 0 && !writer->quit)
    {
      self->woken = FALSE;
      g_ptr_array_add (writer->idle, self);
      while (!self->woken)
        g_cond_wait (&self->wanted, &writer->lock);
    }
  return writer->pending.length > 0;
}

static gpointer
run (gpointer data)
{
  Worker *self = data;
  WtDiskWriter *writer = self->writer;
  g_mutex_lock (&writer->lock);
  while (wait_for_jobs (self))
    {
      GQueue jobs = G_QUEUE_INIT;
      take_jobs (writer, &jobs);
      writer->n_busy++;
      g_mutex_unlock (&writer->lock);
      do_jobs (&jobs);
      writer->done (&jobs, writer->user_data);
      g_mutex_lock (&writer->lock);
      if (--writer->n_busy == 0 && writer->pending.length == 0)
        g_cond_broadcast (&writer->all_done);
    }
  g_mutex_unlock (&writer->lock);
  return NULL;
}

WtDiskWriter *
wt_disk_writer_new (guint n_threads, WtDiskDoneFunc done, gpointer user_data)
{
  WtDiskWriter *self = g_malloc0 (sizeof (WtDiskWriter) + n_threads * sizeof (Worker));
  self->done = done;
  self->user_data = user_data;
  self->n_threads = n_threads;
  self->idle = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->all_done);
  g_queue_init (&self->pending);
  return self;
}

static void
start_worker (WtDiskWriter *self)
{
  Worker *worker = &self->workers[self->n_started++];
  worker->writer = self;
  g_cond_init (&worker->wanted);
  worker->thread = g_thread_new ("disk-writer", run, worker);
}

static void
wake (Worker *worker)
{
  worker->woken = TRUE;
  g_cond_signal (&worker->wanted);
}

/* Threads are started when there is work for them. */
void
wt_disk_writer_add (WtDiskWriter *self, WtDiskJob *job)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->pending, job);
  if (self->idle->len > 0)
    wake (g_ptr_array_remove_index (self->idle, self->idle->len - 1));
  else if (self->n_started < self->n_threads)
    start_worker (self);
  g_mutex_unlock (&self->lock);
}

void
wt_disk_writer_wait (WtDiskWriter *self)
{
  g_mutex_lock (&self->lock);
  while (self->n_busy > 0 || self->pending.length > 0)
    g_cond_wait (&self->all_done, &self->lock);
  g_mutex_unlock (&self->lock);
}

void
wt_disk_writer_free (WtDiskWriter *self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  for (guint i = 0; i < self->idle->len; i++)
    wake (g_ptr_array_index (self->idle, i));
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->n_started; i++)
    {
      g_thread_join (self->workers[i].thread);
      g_cond_clear (&self->workers[i].wanted);
    }
  g_ptr_array_unref (self->idle);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->all_done);
  g_free (self);
}
