/* Inside of the mailboxes on disk. What is to be done goes to threads, a user's things one after the other; what came of it
 * comes back into the world's thread and into the folders as they are known there.
 *
 * A job has two halves: `work` in a thread, with the folders' disks (maildir-disk.h), which belong to whoever works for the
 * user; `back` in the world's thread, with the folders in memory.
 *
 *   mailbox-maildir          jobs, opening a folder, looking what other programs did
 *   mailbox-maildir-mails    reading, flags, expunging, appending, copying
 *   mailbox-maildir-folders  an account's folders: listing, making, removing, renaming, subscribing */
#pragma once

#include "app/hosts/mailbox-maildir.h"
#include "app/hosts/maildir-disk.h"

typedef struct _WtMaildirJob WtMaildirJob;

typedef struct {
  WtMailboxes mailboxes;
  WtWorld *world;
  char *dir;
  GHashTable *users; /* "host/user" -> WtMaildirUser */
  GThreadPool *pool;
  GMutex lock; /* of what follows, and of each user's jobs */
  GCond idle;
  GQueue done; /* of WtMaildirJob */
  guint n_jobs;
  guint64 n_names; /* the world's thread only */
} WtMaildirs;

typedef struct {
  WtMaildirs *owner;
  char *host, *user, *path; /* path: the inbox */
  GHashTable *folders;      /* name -> WtFolder: the world's thread */
  GQueue jobs;              /* of WtMaildirJob, under the lock */
  gboolean working;         /* under the lock */
  GHashTable *disks;        /* name -> WtMaildirDisk: the job that runs */
} WtMaildirUser;

/* Of a folder: its backend_data. */
typedef struct {
  WtMaildirUser *user;
  guint32 first_recent; /* as it is in the list */
  gint look_queued; /* atomic */
  gint64 changed;   /* of the directories, when they were looked at; the job that runs */
  guint n_same;     /* so often they were the same */
  guint64 timer;    /* the world's thread */
} WtMaildirFolderData;

struct _WtMaildirJob {
  WtMaildirUser *user;
  void (*work) (WtMaildirJob *self);
  void (*back) (WtMaildirJob *self);
  WtMailOp *op;     /* (nullable) */
  WtFolder *folder; /* (nullable) in use */
  char *name, *to;  /* folders */
  char *base;       /* a new mail's name in its file */
  char **keywords;  /* that the folder must know */
  guint32 first_recent; /* unloading: to be kept in the list; 0: as it is there */
  gint64 now;       /* µs since 1970 */
  gboolean new_only;
  WtMaildirFolderData *data; /* (nullable) of a look that nobody waits for */
  /* results */
  GError *error;
  GArray *changes; /* (element-type WtMaildirChange) */
  WtMaildirUidsContent list;
  gboolean listed; /* `list` and `names` are set: the folder was opened */
  char **names;    /* keywords */
  GPtrArray *pairs; /* (element-type utf8) renamed folders */
};

/* --- jobs --- */
WtMaildirJob *wt_maildir_job_new (WtMaildirUser *user, WtMailOp *op, void (*work_func) (WtMaildirJob *self),
                                  void (*back) (WtMaildirJob *self));
/* One in a folder that is open. */
WtMaildirJob *wt_maildir_folder_job_new (WtFolder *folder, WtMailOp *op, void (*work_func) (WtMaildirJob *self),
                                         void (*back) (WtMaildirJob *self));
void wt_maildir_job_start (WtMaildirJob *job);
void wt_maildir_job_back_done (WtMaildirJob *job); /* a `back` that only tells */
WtMaildirUser *wt_maildir_user_of (WtMailboxes *self, const WtMailOp *op);
char *wt_maildir_new_name (WtMaildirJob *job, gsize size); /* of a mail's file (transfer full) */

/* --- folders on disk: in a thread --- */
void wt_maildir_set_error (GError **error, WtMailboxError code); /* unless one is set */
char *wt_maildir_folder_path (const WtMaildirUser *user, const char *name); /* (transfer full) */
gboolean wt_maildir_folder_exists (const WtMaildirUser *user, const char *name);
gboolean wt_maildir_make_inbox (const WtMaildirUser *user, GError **error);
/* A UIDVALIDITY that no folder of this user has had. */
guint32 wt_maildir_next_validity (const WtMaildirUser *user, gint64 now);
/* The job's folder, where it is open already: later jobs of a folder that was deleted find it no more. NULL: job->error. */
WtMaildirDisk *wt_maildir_open_disk (WtMaildirJob *job);

/* --- folders in memory: in the world's thread --- */
/* Opens the folder and looks through it; `then` begins with wt_maildir_take_opened(). */
void wt_maildir_open_folder (WtMaildirUser *user, WtMailOp *op, const char *name, void (*then) (WtMaildirJob *self));
/* job->folder is the folder, in use. FALSE: job->error, or without error it was let go meanwhile: open it once more. */
gboolean wt_maildir_take_opened (WtMaildirJob *job);
/* What the job found, into the folder. `content` (nullable): of what was added. */
void wt_maildir_apply_changes (WtMaildirJob *job, WtFolder *folder, GBytes *content, guint32 by);

/* --- operations --- */
void wt_maildir_op_read (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_flags (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_expunge (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_append (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_copy (WtMailboxes *self, WtMailOp *op);
/* The other folder is open. */
void wt_maildir_copy_opened (WtMaildirJob *opened);
void wt_maildir_op_list (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_create (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_remove (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_rename (WtMailboxes *self, WtMailOp *op);
void wt_maildir_op_subscribe (WtMailboxes *self, WtMailOp *op);
