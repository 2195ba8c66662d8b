/* Mailboxes on disk. What is to be done goes to threads, a user's things one after the other; what came of it comes back into
 * the world's thread and into the folders as they are known there.
 *
 * A job has two halves: `work` in a thread, with the folders' disks (maildir-disk.h), which belong to whoever works for the
 * user; `back` in the world's thread, with the folders in memory. */
#include "app/hosts/mailbox-maildir.h"

#include "app/hosts/folder-names.h"
#include "app/hosts/maildir-disk.h"
#include "app/hosts/maildir-folders.h"
#include "app/hosts/maildir-names.h"
#include "app/hosts/path-name.h"
#include "app/hosts/safe-file.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS 4
#define LOOK_INTERVAL (2 * WT_NSEC_PER_SEC) /* how often a watched folder is looked at for what other programs do */

typedef struct _Job Job;

typedef struct {
  WtMailboxes mailboxes;
  WtWorld *world;
  char *dir;
  GHashTable *users; /* "host/user" -> User */
  GThreadPool *pool;
  GMutex lock; /* of what follows, and of each user's jobs */
  GCond idle;
  GQueue done; /* of Job */
  guint n_jobs;
  guint64 n_names; /* the world's thread only */
} Maildirs;

typedef struct {
  Maildirs *owner;
  char *host, *user, *path; /* path: the inbox */
  GHashTable *folders;      /* name -> WtFolder: the world's thread */
  GQueue jobs;              /* of Job, under the lock */
  gboolean working;         /* under the lock */
  GHashTable *disks;        /* name -> WtMaildirDisk: the job that runs */
} User;

/* Of a folder: its backend_data. */
typedef struct {
  User *user;
  gint look_queued; /* atomic */
  gint64 changed;   /* of the directories, when they were looked at; the job that runs */
  guint n_same;     /* so often they were the same */
  guint64 timer;    /* the world's thread */
} FolderData;

struct _Job {
  User *user;
  void (*work) (Job *self);
  void (*back) (Job *self);
  WtMailOp *op;     /* (nullable) */
  WtFolder *folder; /* (nullable) in use */
  char *name, *to;  /* folders */
  char *base;       /* a new mail's name in its file */
  char **keywords;  /* that the folder must know */
  gint64 now;       /* µs since 1970 */
  gboolean new_only;
  FolderData *data; /* (nullable) of a look that nobody waits for */
  /* results */
  GError *error;
  GArray *changes; /* (element-type WtMaildirChange) */
  WtMaildirUidsContent list;
  gboolean listed; /* `list` and `names` are set: the folder was opened */
  char **names;    /* keywords */
  GPtrArray *pairs; /* (element-type utf8) renamed folders */
};

/* --- jobs --------------------------------------------------------------------------------------------------------- */

static void
job_free (Job *self)
{
  if (self->folder)
    wt_folder_unuse (self->folder);
  g_free (self->name);
  g_free (self->to);
  g_free (self->base);
  g_strfreev (self->keywords);
  g_strfreev (self->names);
  g_clear_error (&self->error);
  g_clear_pointer (&self->changes, g_array_unref);
  g_clear_pointer (&self->pairs, g_ptr_array_unref);
  wt_maildir_uids_content_clear (&self->list);
  g_free (self);
}

static void
come_back (gpointer user_data)
{
  Maildirs *self = user_data;
  g_mutex_lock (&self->lock);
  GQueue done = self->done;
  g_queue_init (&self->done);
  g_mutex_unlock (&self->lock);
  for (Job *job = g_queue_pop_head (&done); job; job = g_queue_pop_head (&done))
    {
      job->back (job);
      job_free (job);
      g_mutex_lock (&self->lock);
      self->n_jobs--;
      g_mutex_unlock (&self->lock);
    }
}

/* In a thread: the user's jobs until there are none. */
static void
work (gpointer data, gpointer user_data)
{
  User *user = data;
  Maildirs *self = user_data;
  g_mutex_lock (&self->lock);
  for (Job *job; (job = g_queue_pop_head (&user->jobs));)
    {
      g_mutex_unlock (&self->lock);
      job->work (job);
      g_mutex_lock (&self->lock);
      gboolean first = self->done.length == 0;
      g_queue_push_tail (&self->done, job);
      if (first)
        wt_world_call (self->world, come_back, self);
      g_cond_broadcast (&self->idle);
    }
  user->working = FALSE;
  g_mutex_unlock (&self->lock);
}

static Job *
new_job (User *user, WtMailOp *op, void (*work_func) (Job *self), void (*back) (Job *self))
{
  Job *self = g_new0 (Job, 1);
  self->user = user;
  self->op = op;
  self->work = work_func;
  self->back = back;
  self->now = wt_world_wall_time (user->owner->world);
  self->changes = wt_maildir_changes_new ();
  return self;
}

static void
start (Job *job)
{
  User *user = job->user;
  Maildirs *self = user->owner;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&user->jobs, job);
  self->n_jobs++;
  gboolean begin = !user->working;
  user->working = TRUE;
  g_mutex_unlock (&self->lock);
  if (begin)
    g_thread_pool_push (self->pool, user, NULL);
}

static void
back_done (Job *job)
{
  wt_mail_op_done (job->op, job->error);
}

static User *
user_for (Maildirs *self, const char *host, const char *name)
{
  g_autofree char *key = g_strconcat (host, "/", name, NULL);
  User *user = g_hash_table_lookup (self->users, key);
  if (user)
    return user;
  g_autofree char *safe_host = wt_path_name (host), *safe_user = wt_path_name (name);
  user = g_new0 (User, 1);
  user->owner = self;
  user->host = g_strdup (host);
  user->user = g_strdup (name);
  user->path = g_build_filename (self->dir, safe_host, safe_user, NULL);
  user->folders = g_hash_table_new (g_str_hash, g_str_equal);
  user->disks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) wt_maildir_disk_close);
  g_queue_init (&user->jobs);
  g_hash_table_insert (self->users, g_steal_pointer (&key), user);
  return user;
}

static User *
user_of (WtMailboxes *self, const WtMailOp *op)
{
  return user_for ((Maildirs *) self, op->host, op->user);
}

/* --- folders on disk: in a thread --------------------------------------------------------------------------------- */

static void
set_error (GError **error, WtMailboxError code)
{
  static const char *const texts[] = {
    [WT_MAILBOX_ERROR_NOT_FOUND] = N_ ("there is no such folder"),
    [WT_MAILBOX_ERROR_EXISTS] = N_ ("the folder is there already"),
  };
  if (error && *error == NULL)
    g_set_error_literal (error, WT_MAILBOX_ERROR, code, _ (texts[code]));
}

static char *
folder_path (const User *user, const char *name)
{
  g_autofree char *dir = strcmp (name, WT_MAIL_INBOX) == 0 ? NULL : wt_maildir_folder_to_dir (name);
  return dir ? g_build_filename (user->path, dir, NULL) : g_strdup (user->path);
}

/* tmp/ is made last: where it is, the folder is whole. */
static gboolean
folder_exists (const User *user, const char *name)
{
  g_autofree char *path = folder_path (user, name), *tmp = g_build_filename (path, "tmp", NULL);
  return g_file_test (tmp, G_FILE_TEST_IS_DIR);
}

static gboolean
make_inbox (const User *user, GError **error)
{
  g_autofree char *safe_host = wt_path_name (user->host), *safe_user = wt_path_name (user->user);
  return folder_exists (user, WT_MAIL_INBOX) || wt_maildir_make (user->owner->dir, safe_host, safe_user, error);
}

/* A UIDVALIDITY that no folder of this user has had: the seconds, or one more than the last. */
static guint32
next_validity (const User *user, gint64 now)
{
  g_autofree char *path = g_build_filename (user->path, "wiretalk-uidvalidity", NULL);
  g_autofree char *text = NULL;
  guint64 last = g_file_get_contents (path, &text, NULL, NULL) ? g_ascii_strtoull (text, NULL, 10) : 0;
  guint64 validity = CLAMP (MAX (last + 1, (guint64) (now / G_USEC_PER_SEC)), 1, G_MAXUINT32);
  g_autofree char *written = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", validity);
  g_file_set_contents_full (path, written, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL);
  return validity;
}

/* The folder's disk, opened and looked through when it was not open. NULL: job->error. */
static WtMaildirDisk *
need_disk (Job *job, const char *name)
{
  User *user = job->user;
  WtMaildirDisk *disk = g_hash_table_lookup (user->disks, name);
  if (disk)
    return disk;
  if (strcmp (name, WT_MAIL_INBOX) == 0 && !make_inbox (user, &job->error))
    return NULL;
  if (!folder_exists (user, name))
    {
      set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
      return NULL;
    }
  g_autofree char *path = folder_path (user, name), *list = g_build_filename (path, "wiretalk-uids", NULL);
  guint32 validity = g_file_test (list, G_FILE_TEST_EXISTS) ? (guint32) (job->now / G_USEC_PER_SEC) : next_validity (user, job->now);
  disk = wt_maildir_disk_open (path, validity, &job->list, &job->error);
  if (disk == NULL)
    return NULL;
  g_hash_table_insert (user->disks, g_strdup (name), disk);
  GPtrArray *keywords = wt_maildir_disk_keywords (disk);
  job->listed = TRUE;
  job->names = g_new0 (char *, keywords->len + 1);
  for (guint i = 0; i < keywords->len; i++)
    job->names[i] = g_strdup (g_ptr_array_index (keywords, i));
  return disk;
}

/* Only where it is open already: later jobs of a folder that was deleted find it no more. */
static WtMaildirDisk *
open_disk (Job *job)
{
  WtMaildirDisk *disk = g_hash_table_lookup (job->user->disks, job->name);
  if (disk == NULL)
    set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
  else if (job->keywords && !wt_maildir_disk_set_keywords (disk, (const char *const *) job->keywords, &job->error))
    return NULL;
  return disk;
}

/* --- folders in memory: in the world's thread --------------------------------------------------------------------- */

static WtFolder *
make_folder (Job *job)
{
  User *user = job->user;
  WtFolder *folder = wt_folder_new (&user->owner->mailboxes, user->host, user->user, job->name);
  FolderData *data = g_new0 (FolderData, 1);
  data->user = user;
  folder->backend_data = data;
  folder->uid_validity = job->list.uid_validity;
  folder->uid_next = folder->first_recent = job->list.uid_next;
  folder->modseq = MAX (job->list.modseq, (guint64) job->now); /* above all that was told, also what is not in the list */
  folder->expunges_known_since = job->list.gone_known_since;
  for (char **name = job->names; *name; name++)
    wt_folder_keyword (folder, *name, TRUE);
  for (guint i = 0; i < job->list.mails->len; i++)
    {
      const WtMaildirUid *mail = g_ptr_array_index (job->list.mails, i);
      WtMailItem item = { mail->uid, mail->flags, mail->modseq, mail->size, mail->date, mail->base };
      wt_folder_load (folder, &item);
    }
  for (guint i = 0; i < job->list.gone->len; i++)
    {
      const WtMaildirGone *gone = &g_array_index (job->list.gone, WtMaildirGone, i);
      wt_folder_note_expunged (folder, gone->uid, gone->modseq);
    }
  g_hash_table_replace (user->folders, folder->name, folder);
  return folder;
}

/* What the job found, into the folder. */
static void
apply_changes (Job *job, WtFolder *folder, GBytes *content, guint32 by)
{
  for (guint i = 0; i < job->changes->len; i++)
    {
      const WtMaildirChange *change = &g_array_index (job->changes, WtMaildirChange, i);
      if (change->type == WT_MAILBOX_ADDED && wt_folder_find (folder, change->item.uid) == NULL)
        wt_folder_add_from_disk (folder, &change->item, content, by);
      else if (change->type == WT_MAILBOX_FLAGS)
        wt_folder_set_flags (folder, change->item.uid, change->item.flags, by);
      else if (change->type == WT_MAILBOX_EXPUNGED)
        wt_folder_remove (folder, change->item.uid, by);
    }
  g_array_set_size (job->changes, 0);
}

static void
unload_work (Job *job)
{
  g_hash_table_remove (job->user->disks, job->name);
}

static void
unload_back (Job *job)
{
}

/* Nobody has it any more: memory and list are let go. */
static void
unused (WtMailboxes *mailboxes, WtFolder *folder)
{
  FolderData *data = folder->backend_data;
  User *user = data->user;
  wt_world_cancel (user->owner->world, data->timer);
  if (g_hash_table_lookup (user->folders, folder->name) == folder)
    {
      Job *job = new_job (user, NULL, unload_work, unload_back);
      g_hash_table_remove (user->folders, folder->name);
      job->name = g_strdup (folder->name);
      start (job);
    }
  wt_folder_free (folder);
}

/* --- opening, looking --------------------------------------------------------------------------------------------- */

/* Times of directories are coarse: only when they have been the same a few times nothing has happened. */
static gboolean
is_unchanged (FolderData *data, const WtMaildirDisk *disk)
{
  gint64 changed = wt_maildir_disk_changed (disk);
  data->n_same = changed == data->changed ? data->n_same + 1 : 0;
  data->changed = changed;
  return data->n_same > 2;
}

static void
look (Job *job, WtMaildirDisk *disk)
{
  if (job->data)
    g_atomic_int_set (&job->data->look_queued, FALSE);
  if (job->data && !job->new_only && is_unchanged (job->data, disk))
    return;
  wt_maildir_disk_scan (disk, job->now, job->new_only, job->changes, &job->error);
}

static void
open_work (Job *job)
{
  WtMaildirDisk *disk = need_disk (job, job->name);
  if (disk)
    look (job, disk);
}

/* The folder in memory, in use by the job. When it was let go while this job ran, its list is too: once more. */
static gboolean
take_opened (Job *job)
{
  WtFolder *folder = g_hash_table_lookup (job->user->folders, job->name);
  if (job->error)
    return FALSE;
  if (folder == NULL && job->listed)
    folder = make_folder (job);
  if (folder == NULL)
    return FALSE;
  wt_folder_use (folder);
  job->folder = folder;
  apply_changes (job, folder, NULL, 0);
  return TRUE;
}

static void
open_folder (User *user, WtMailOp *op, const char *name, void (*then) (Job *self))
{
  Job *job = new_job (user, op, open_work, then);
  job->name = g_strdup (name);
  start (job);
}

static void
open_back (Job *job)
{
  if (take_opened (job))
    {
      job->op->folder = g_steal_pointer (&job->folder);
      wt_mail_op_done (job->op, NULL);
    }
  else if (job->error)
    wt_mail_op_done (job->op, job->error);
  else
    open_folder (job->user, job->op, job->name, open_back);
}

static void
maildir_open (WtMailboxes *self, WtMailOp *op)
{
  open_folder (user_of (self, op), op, op->name, open_back);
}

static void
check_work (Job *job)
{
  WtMaildirDisk *disk = open_disk (job);
  if (disk)
    look (job, disk);
}

static void
check_back (Job *job)
{
  if (!job->folder->gone)
    apply_changes (job, job->folder, NULL, 0);
  if (job->op)
    wt_mail_op_done (job->op, job->error);
}

static Job *
new_folder_job (WtFolder *folder, WtMailOp *op, void (*work_func) (Job *self), void (*back) (Job *self))
{
  FolderData *data = folder->backend_data;
  Job *job = new_job (data->user, op, work_func, back);
  job->name = g_strdup (folder->name);
  job->folder = folder;
  wt_folder_use (folder);
  return job;
}

static void
maildir_check (WtMailboxes *self, WtMailOp *op)
{
  start (new_folder_job (op->folder, op, check_work, check_back));
}

/* A look that nobody waits for; not another one while one is due. */
static void
look_soon (WtFolder *folder, gboolean new_only)
{
  FolderData *data = folder->backend_data;
  if (g_atomic_int_exchange (&data->look_queued, TRUE))
    return;
  Job *job = new_folder_job (folder, NULL, check_work, check_back);
  job->new_only = new_only;
  job->data = data;
  start (job);
}

void
wt_mailboxes_maildir_delivered (WtMailboxes *mailboxes, const char *host, const char *user)
{
  WtFolder *inbox = g_hash_table_lookup (user_for ((Maildirs *) mailboxes, host, user)->folders, WT_MAIL_INBOX);
  if (inbox)
    look_soon (inbox, TRUE);
}

static gboolean
is_watched (const WtFolder *folder)
{
  for (GList *each = folder->holders.head; each; each = each->next)
    if (((WtMailbox *) each->data)->changed)
      return TRUE;
  return FALSE;
}

static void
on_look (gpointer user_data)
{
  WtFolder *folder = user_data;
  FolderData *data = folder->backend_data;
  data->timer = 0;
  if (!is_watched (folder) || folder->gone)
    return;
  data->timer = wt_world_timer (data->user->owner->world, LOOK_INTERVAL, on_look, folder);
  look_soon (folder, FALSE);
}

static void
watched (WtMailboxes *mailboxes, WtFolder *folder)
{
  FolderData *data = folder->backend_data;
  if (data->timer == 0 && wt_world_is_live (data->user->owner->world))
    data->timer = wt_world_timer (data->user->owner->world, LOOK_INTERVAL, on_look, folder);
}

/* --- mails -------------------------------------------------------------------------------------------------------- */

static void
read_work (Job *job)
{
  WtMaildirDisk *disk = open_disk (job);
  job->op->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; disk && i < job->op->uids->len && job->error == NULL; i++)
    g_ptr_array_add (job->op->contents, wt_maildir_disk_read (disk, g_array_index (job->op->uids, guint32, i), &job->error));
  for (guint i = job->op->contents->len; i < job->op->uids->len; i++)
    g_ptr_array_add (job->op->contents, NULL);
  g_ptr_array_set_free_func (job->op->contents, NULL);
}

static void
read_back (Job *job)
{
  GPtrArray *contents = job->op->contents;
  g_ptr_array_ref (contents);
  wt_mail_op_done (job->op, job->error);
  for (guint i = 0; i < contents->len; i++)
    if (g_ptr_array_index (contents, i))
      g_bytes_unref (g_ptr_array_index (contents, i));
  g_ptr_array_unref (contents);
}

static void
maildir_read (WtMailboxes *self, WtMailOp *op)
{
  start (new_folder_job (op->folder, op, read_work, read_back));
}

static char **
keywords_of (const WtFolder *folder)
{
  return folder->keywords->len > 1 ? g_strdupv ((char **) folder->keywords->pdata) : NULL;
}

static void
flags_work (Job *job)
{
  WtMaildirDisk *disk = open_disk (job);
  for (guint i = 0; disk && i < job->op->changes->len && job->error == NULL; i++)
    {
      const WtMailFlagChange *change = &g_array_index (job->op->changes, WtMailFlagChange, i);
      wt_maildir_disk_set_flags (disk, change->uid, change->flags, change->modseq, &job->error);
    }
  if (disk)
    wt_maildir_disk_commit (disk, job->error ? NULL : &job->error);
}

static void
maildir_flags (WtMailboxes *self, WtMailOp *op)
{
  Job *job = new_folder_job (op->folder, op, flags_work, back_done);
  job->keywords = keywords_of (op->folder);
  start (job);
}

static void
expunge_work (Job *job)
{
  WtMaildirDisk *disk = open_disk (job);
  for (guint i = 0; disk && i < job->op->changes->len; i++)
    {
      const WtMailFlagChange *change = &g_array_index (job->op->changes, WtMailFlagChange, i);
      wt_maildir_disk_remove (disk, change->uid, change->modseq, job->error ? NULL : &job->error);
    }
  if (disk)
    wt_maildir_disk_commit (disk, job->error ? NULL : &job->error);
}

static void
maildir_expunge (WtMailboxes *self, WtMailOp *op)
{
  start (new_folder_job (op->folder, op, expunge_work, back_done));
}

static char *
new_name (Job *job, gsize size)
{
  return wt_maildir_name (job->now, ++job->user->owner->n_names + G_GUINT64_CONSTANT (1000000000), job->user->host, size);
}

static void
append_work (Job *job)
{
  WtMailOp *op = job->op;
  WtMaildirChange change = { 0 };
  WtMaildirDisk *disk = open_disk (job);
  if (disk == NULL || !wt_maildir_disk_append (disk, job->base, op->message, op->flags, op->date, job->now, &change, &job->error))
    return;
  op->uid_validity = wt_maildir_disk_uid_validity (disk);
  op->new_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (op->new_uids, change.item.uid);
  g_array_append_val (job->changes, change);
}

static void
append_back (Job *job)
{
  if (!job->folder->gone)
    apply_changes (job, job->folder, job->op->message, job->op->by);
  wt_mail_op_done (job->op, job->error);
}

static void
append_opened (Job *opened)
{
  WtMailOp *op = opened->op;
  if (!take_opened (opened))
    {
      if (opened->error)
        wt_mail_op_done (op, opened->error);
      else
        open_folder (opened->user, op, op->name, append_opened);
      return;
    }
  Job *job = new_folder_job (opened->folder, op, append_work, append_back);
  op->flags = wt_folder_with_keywords (opened->folder, op->flags, (const char *const *) op->keywords);
  job->keywords = keywords_of (opened->folder);
  job->base = new_name (job, g_bytes_get_size (op->message));
  start (job);
}

static void
maildir_append (WtMailboxes *self, WtMailOp *op)
{
  open_folder (user_of (self, op), op, op->name, append_opened);
}

/* --- copying ------------------------------------------------------------------------------------------------------ */

/* op->changes: the flags in the other folder. */
static void
copy_work (Job *job)
{
  WtMailOp *op = job->op;
  WtMaildirDisk *to = open_disk (job), *from = g_hash_table_lookup (job->user->disks, job->to);
  if (from == NULL)
    set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
  for (guint i = 0; to && from && i < op->changes->len && job->error == NULL; i++)
    {
      const WtMailFlagChange *mail = &g_array_index (op->changes, WtMailFlagChange, i);
      g_autofree char *name = g_strdup_printf ("%s,N=%u", job->base, i);
      WtMaildirChange change = { 0 };
      if (!wt_maildir_disk_copy (from, mail->uid, to, name, mail->flags, op->yes, job->now, &change, &job->error))
        continue;
      g_array_append_val (op->from_uids, mail->uid);
      g_array_append_val (op->new_uids, change.item.uid);
      g_array_append_val (job->changes, change);
    }
  if (to && from)
    {
      wt_maildir_disk_finish_copy (to, job->error ? NULL : &job->error);
      wt_maildir_disk_commit (from, job->error ? NULL : &job->error);
      op->uid_validity = wt_maildir_disk_uid_validity (to);
    }
}

static void
copy_back (Job *job)
{
  WtMailOp *op = job->op;
  if (!job->folder->gone)
    apply_changes (job, job->folder, NULL, op->by);
  for (guint i = 0; op->yes && i < op->from_uids->len; i++)
    wt_folder_remove (op->folder, g_array_index (op->from_uids, guint32, i), op->by);
  wt_mail_op_done (op, job->error);
}

static void
copy_opened (Job *opened)
{
  WtMailOp *op = opened->op;
  if (!take_opened (opened))
    {
      if (opened->error)
        wt_mail_op_done (op, opened->error);
      else
        open_folder (opened->user, op, opened->name, copy_opened);
      return;
    }
  Job *job = new_folder_job (opened->folder, op, copy_work, copy_back);
  op->changes = g_array_new (FALSE, FALSE, sizeof (WtMailFlagChange));
  op->from_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  op->new_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < op->uids->len; i++)
    {
      guint32 uid = g_array_index (op->uids, guint32, i);
      const WtFolderMail *mail = wt_folder_find (op->folder, uid);
      WtMailFlagChange change = { uid, mail ? wt_folder_translate (op->folder, mail->item.flags, opened->folder) : 0, 0 };
      if (mail)
        g_array_append_val (op->changes, change);
    }
  job->to = g_strdup (op->folder->name);
  job->keywords = keywords_of (opened->folder);
  job->base = new_name (job, 0);
  start (job);
}

static void
maildir_copy (WtMailboxes *self, WtMailOp *op)
{
  open_folder (user_of (self, op), op, op->name, copy_opened);
}

/* --- the folders of an account ------------------------------------------------------------------------------------ */

/* (transfer full) (element-type utf8) */
static GList *
folder_names (const User *user)
{
  GList *names = g_list_prepend (NULL, g_strdup (WT_MAIL_INBOX));
  g_autoptr (GDir) entries = g_dir_open (user->path, 0, NULL);
  const char *dir;
  while (entries && (dir = g_dir_read_name (entries)))
    {
      char *name = wt_maildir_dir_to_folder (dir);
      if (name && folder_exists (user, name))
        names = g_list_prepend (names, name);
      else
        g_free (name);
    }
  return names;
}

static char *
subscriptions_path (const User *user)
{
  return g_build_filename (user->path, "subscriptions", NULL);
}

static char **
read_subscriptions (const User *user)
{
  g_autofree char *path = subscriptions_path (user), *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  return g_strsplit (text ? text : "", "\n", -1);
}

static void
list_work (Job *job)
{
  WtFolderNames names;
  GList *there = folder_names (job->user);
  g_auto (GStrv) subscribed = read_subscriptions (job->user);
  wt_folder_names_init (&names);
  for (GList *each = there; each; each = each->next)
    wt_folder_names_add (&names, each->data);
  for (char **name = subscribed; *name; name++)
    if (**name && g_utf8_validate (*name, -1, NULL))
      wt_folder_names_subscribe (&names, *name);
  job->op->folders = wt_folder_names_finish (&names);
  g_list_free_full (there, g_free);
}

static void
maildir_list (WtMailboxes *self, WtMailOp *op)
{
  start (new_job (user_of (self, op), op, list_work, back_done));
}

/* Whole or not there, whenever it is interrupted: tmp/ comes last. */
static gboolean
make_subfolder (const User *user, const char *name, GError **error)
{
  static const char *const inner[] = { "new", "cur", "tmp" };
  g_autofree char *path = folder_path (user, name), *mark = g_build_filename (path, "maildirfolder", NULL);
  if (!make_inbox (user, error) || !wt_safe_file_make_folder (path, error)
      || !g_file_set_contents_full (mark, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (inner); i++)
    {
      g_autofree char *each = g_build_filename (path, inner[i], NULL);
      if (!wt_safe_file_make_folder (each, error))
        return FALSE;
    }
  return wt_safe_file_sync_folder (path, error) && wt_safe_file_sync_folder (user->path, error);
}

static void
create_work (Job *job)
{
  if (folder_exists (job->user, job->op->name))
    set_error (&job->error, WT_MAILBOX_ERROR_EXISTS);
  else
    make_subfolder (job->user, job->op->name, &job->error);
}

static void
maildir_create (WtMailboxes *self, WtMailOp *op)
{
  start (new_job (user_of (self, op), op, create_work, back_done));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_tree (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

/* Out of sight at once, then taken apart. */
static void
remove_work (Job *job)
{
  User *user = job->user;
  g_autofree char *path = folder_path (user, job->op->name);
  g_autofree char *aside = g_build_filename (user->path, "tmp", job->base, NULL);
  if (!folder_exists (user, job->op->name))
    {
      set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
      return;
    }
  g_hash_table_remove (user->disks, job->op->name);
  if (wt_safe_file_move (path, aside, FALSE, &job->error))
    {
      wt_safe_file_sync_folder (user->path, NULL);
      remove_tree (aside);
    }
}

static void
let_go (User *user, const char *name)
{
  WtFolder *folder = g_hash_table_lookup (user->folders, name);
  if (folder == NULL)
    return;
  g_hash_table_remove (user->folders, name);
  wt_folder_set_gone (folder);
}

static void
remove_back (Job *job)
{
  if (job->error == NULL)
    let_go (job->user, job->op->name);
  wt_mail_op_done (job->op, job->error);
}

static void
maildir_remove (WtMailboxes *self, WtMailOp *op)
{
  Job *job = new_job (user_of (self, op), op, remove_work, remove_back);
  job->base = new_name (job, 0);
  start (job);
}

/* --- renaming ----------------------------------------------------------------------------------------------------- */

static void
rename_work (Job *job)
{
  User *user = job->user;
  GList *names = folder_names (user);
  wt_folder_names_renames (names, job->op->name, job->op->to, &job->pairs, &job->error);
  g_list_free_full (names, g_free);
  if (job->error == NULL && strcmp (job->op->name, WT_MAIL_INBOX) == 0)
    make_subfolder (user, job->op->to, &job->error); /* the mails move then */
  else
    for (guint i = 0; job->error == NULL && i < job->pairs->len; i += 2)
      {
        g_autofree char *from = folder_path (user, g_ptr_array_index (job->pairs, i));
        g_autofree char *to = folder_path (user, g_ptr_array_index (job->pairs, i + 1));
        g_hash_table_remove (user->disks, g_ptr_array_index (job->pairs, i));
        wt_safe_file_move (from, to, FALSE, &job->error);
      }
  if (job->error == NULL)
    wt_safe_file_sync_folder (user->path, &job->error);
}

/* The inbox is open: all its mails into the new folder. */
static void
rename_inbox_opened (Job *job)
{
  WtMailOp *op = job->op;
  if (!take_opened (job))
    {
      if (job->error)
        wt_mail_op_done (op, job->error);
      else
        open_folder (job->user, op, WT_MAIL_INBOX, rename_inbox_opened);
      return;
    }
  op->folder = g_steal_pointer (&job->folder);
  op->yes = TRUE;
  op->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < op->folder->entries->len; i++)
    g_array_append_val (op->uids, ((WtFolderMail *) g_ptr_array_index (op->folder->entries, i))->item.uid);
  open_folder (job->user, op, op->to, copy_opened);
}

static void
rename_back (Job *job)
{
  if (job->error || strcmp (job->op->name, WT_MAIL_INBOX) != 0)
    {
      for (guint i = 0; job->error == NULL && i < job->pairs->len; i += 2)
        let_go (job->user, g_ptr_array_index (job->pairs, i));
      wt_mail_op_done (job->op, job->error);
    }
  else
    open_folder (job->user, job->op, WT_MAIL_INBOX, rename_inbox_opened);
}

static void
maildir_rename (WtMailboxes *self, WtMailOp *op)
{
  start (new_job (user_of (self, op), op, rename_work, rename_back));
}

static void
subscribe_work (Job *job)
{
  g_auto (GStrv) old = read_subscriptions (job->user);
  g_autofree char *path = subscriptions_path (job->user);
  g_autoptr (GString) text = g_string_new (NULL);
  for (char **name = old; *name; name++)
    if (**name && strcmp (*name, job->op->name) != 0)
      g_string_append_printf (text, "%s\n", *name);
  if (job->op->yes)
    g_string_append_printf (text, "%s\n", job->op->name);
  if (make_inbox (job->user, &job->error))
    g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                              &job->error);
}

static void
maildir_subscribe (WtMailboxes *self, WtMailOp *op)
{
  start (new_job (user_of (self, op), op, subscribe_work, back_done));
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static const WtMailBackend backend = {
  .open = maildir_open,
  .list = maildir_list,
  .create = maildir_create,
  .remove = maildir_remove,
  .rename = maildir_rename,
  .subscribe = maildir_subscribe,
  .append = maildir_append,
  .copy = maildir_copy,
  .check = maildir_check,
  .read = maildir_read,
  .flags = maildir_flags,
  .expunge = maildir_expunge,
  .watched = watched,
  .unused = unused,
};

static void
user_free (gpointer data)
{
  User *user = data;
  g_hash_table_unref (user->folders);
  g_hash_table_unref (user->disks);
  g_free (user->host);
  g_free (user->user);
  g_free (user->path);
  g_free (user);
}

WtMailboxes *
wt_mailboxes_new_maildir (WtWorld *world, const char *dir)
{
  Maildirs *self = g_new0 (Maildirs, 1);
  self->mailboxes.backend = &backend;
  self->world = world;
  self->dir = g_strdup (dir);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, user_free);
  self->pool = g_thread_pool_new (work, self, THREADS, FALSE, NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->idle);
  g_queue_init (&self->done);
  return &self->mailboxes;
}

/* What is under way is finished and told; what is told may want more. */
static void
finish_all (Maildirs *self)
{
  g_mutex_lock (&self->lock);
  while (self->n_jobs > 0)
    {
      while (self->done.length == 0)
        g_cond_wait (&self->idle, &self->lock);
      g_mutex_unlock (&self->lock);
      come_back (self);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
}

void
wt_mailboxes_maildir_free (WtMailboxes *mailboxes)
{
  Maildirs *self = (Maildirs *) mailboxes;
  finish_all (self);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  wt_mailboxes_detach (mailboxes);
  g_hash_table_unref (self->users);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->idle);
  g_free (self->dir);
  g_free (self);
}
