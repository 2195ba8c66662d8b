/* Threads that put files on disk while the world goes on.
 *
 * A job is one file: written aside, synced, moved into place. A thread takes several jobs at once and syncs each folder
 * once for all of them; several threads let the disk join their syncs. A writer of one thread keeps the jobs' order. */
#pragma once

#include <glib.h>

typedef struct _WtDiskWriter WtDiskWriter;
typedef struct _WtDiskJob WtDiskJob;

typedef struct {
  /* In a writer's thread: what to write and where. FALSE with self->error: it cannot be written. */
  gboolean (*prepare) (WtDiskJob *self);
  /* In a writer's thread: the folder is not there; makes it. */
  gboolean (*make_folder) (WtDiskJob *self, GError **error);
} WtDiskJobClass;

struct _WtDiskJob {
  const WtDiskJobClass *job_class;
  gboolean remove;  /* take `path` away instead of writing */
  gboolean replace; /* a file that is there gives way */
  gint64 mtime;     /* seconds since 1970 that the file shows; 0: now */
  /* set by prepare */
  char *aside, *path, *folder; /* aside: while it is written; folder: of `path` */
  guint8 *bytes;
  gsize n_bytes;
  /* result */
  GError *error;
  int fd;
};

/* Several jobs are done (error set or not): the queue's jobs are the callee's now. In a writer's thread. */
typedef void (*WtDiskDoneFunc) (GQueue *jobs, gpointer user_data);

WtDiskWriter *wt_disk_writer_new (guint n_threads, WtDiskDoneFunc done, gpointer user_data);
void wt_disk_writer_add (WtDiskWriter *self, WtDiskJob *job);
void wt_disk_writer_wait (WtDiskWriter *self); /* until nothing is left to do */
void wt_disk_writer_free (WtDiskWriter *self); /* finishes what was added */
/* Frees what prepare made, and the error. */
void wt_disk_job_clear (WtDiskJob *job);
