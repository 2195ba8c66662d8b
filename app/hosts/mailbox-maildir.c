/* Mailboxes on disk: jobs, opening a folder, looking what other programs did. */
#include "app/hosts/mailbox-maildir-private.h"

#include "app/hosts/maildir-names.h"
#include "app/hosts/path-name.h"

#include <string.h>

#define THREADS 4
#define LOOK_INTERVAL (2 * WT_NSEC_PER_SEC) /* how often a watched folder is looked at for what other programs do */

/* --- jobs --------------------------------------------------------------------------------------------------------- */

static void
job_free (WtMaildirJob *self)
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
  WtMaildirs *self = user_data;
  g_mutex_lock (&self->lock);
  GQueue done = self->done;
  g_queue_init (&self->done);
  g_mutex_unlock (&self->lock);
  for (WtMaildirJob *job = g_queue_pop_head (&done); job; job = g_queue_pop_head (&done))
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
  WtMaildirUser *user = data;
  WtMaildirs *self = user_data;
  g_mutex_lock (&self->lock);
  for (WtMaildirJob *job; (job = g_queue_pop_head (&user->jobs));)
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

WtMaildirJob *
wt_maildir_job_new (WtMaildirUser *user, WtMailOp *op, void (*work_func) (WtMaildirJob *self),
                    void (*back) (WtMaildirJob *self))
{
  WtMaildirJob *self = g_new0 (WtMaildirJob, 1);
  self->user = user;
  self->op = op;
  self->work = work_func;
  self->back = back;
  self->now = wt_world_wall_time (user->owner->world);
  self->changes = wt_maildir_changes_new ();
  return self;
}

void
wt_maildir_job_start (WtMaildirJob *job)
{
  WtMaildirUser *user = job->user;
  WtMaildirs *self = user->owner;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&user->jobs, job);
  self->n_jobs++;
  gboolean begin = !user->working;
  user->working = TRUE;
  g_mutex_unlock (&self->lock);
  if (begin)
    g_thread_pool_push (self->pool, user, NULL);
}

void
wt_maildir_job_back_done (WtMaildirJob *job)
{
  wt_mail_op_done (job->op, job->error);
}

static WtMaildirUser *
user_for (WtMaildirs *self, const char *host, const char *name)
{
  g_autofree char *key = g_strconcat (host, "/", name, NULL);
  WtMaildirUser *user = g_hash_table_lookup (self->users, key);
  if (user)
    return user;
  g_autofree char *safe_host = wt_path_name (host), *safe_user = wt_path_name (name);
  user = g_new0 (WtMaildirUser, 1);
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

WtMaildirUser *
wt_maildir_user_of (WtMailboxes *self, const WtMailOp *op)
{
  return user_for ((WtMaildirs *) self, op->host, op->user);
}

char *
wt_maildir_new_name (WtMaildirJob *job, gsize size)
{
  return wt_maildir_name (job->now, ++job->user->owner->n_names + G_GUINT64_CONSTANT (1000000000), job->user->host,
                          size);
}

/* --- disks: in a thread ------------------------------------------------------------------------------------------ */

/* The folder's disk, opened and looked through when it was not open. NULL: job->error. */
static WtMaildirDisk *
need_disk (WtMaildirJob *job, const char *name)
{
  WtMaildirUser *user = job->user;
  WtMaildirDisk *disk = g_hash_table_lookup (user->disks, name);
  if (disk)
    return disk;
  if (strcmp (name, WT_MAIL_INBOX) == 0 && !wt_maildir_make_inbox (user, &job->error))
    return NULL;
  if (!wt_maildir_folder_exists (user, name))
    {
      wt_maildir_set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
      return NULL;
    }
  g_autofree char *path = wt_maildir_folder_path (user, name), *list = g_build_filename (path, "wiretalk-uids", NULL);
  guint32 validity = g_file_test (list, G_FILE_TEST_EXISTS) ? (guint32) (job->now / G_USEC_PER_SEC)
                                                            : wt_maildir_next_validity (user, job->now);
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
WtMaildirDisk *
wt_maildir_open_disk (WtMaildirJob *job)
{
  WtMaildirDisk *disk = g_hash_table_lookup (job->user->disks, job->name);
  if (disk == NULL)
    wt_maildir_set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
  else if (job->keywords && !wt_maildir_disk_set_keywords (disk, (const char *const *) job->keywords, &job->error))
    return NULL;
  return disk;
}

/* --- folders in memory: in the world's thread --------------------------------------------------------------------- */

static WtFolder *
make_folder (WtMaildirJob *job)
{
  WtMaildirUser *user = job->user;
  WtFolder *folder = wt_folder_new (&user->owner->mailboxes, user->host, user->user, job->name);
  WtMaildirFolderData *data = g_new0 (WtMaildirFolderData, 1);
  data->user = user;
  folder->backend_data = data;
  folder->uid_validity = job->list.uid_validity;
  folder->uid_next = job->list.uid_next;
  folder->first_recent = data->first_recent = job->list.first_recent;
  folder->modseq =
      MAX (job->list.modseq, (guint64) job->now); /* above all that was told, also what is not in the list */
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

/* Those from `*i` on that follow each other; `*i` becomes the last of them. */
static void
apply_expunges (const WtMaildirJob *job, guint *i, WtFolder *folder, guint32 by)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (; *i < job->changes->len; (*i)++)
    {
      const WtMaildirChange *change = &g_array_index (job->changes, WtMaildirChange, *i);
      if (change->type != WT_MAILBOX_EXPUNGED)
        break;
      g_array_append_val (uids, change->item.uid);
    }
  (*i)--;
  g_array_unref (wt_folder_remove_many (folder, (const guint32 *) (gpointer) uids->data, uids->len, by));
}

/* What the job found, into the folder. */
void
wt_maildir_apply_changes (WtMaildirJob *job, WtFolder *folder, GBytes *content, guint32 by)
{
  for (guint i = 0; i < job->changes->len; i++)
    {
      const WtMaildirChange *change = &g_array_index (job->changes, WtMaildirChange, i);
      if (change->type == WT_MAILBOX_ADDED && wt_folder_find (folder, change->item.uid) == NULL)
        wt_folder_add_from_disk (folder, &change->item, content, NULL, by);
      else if (change->type == WT_MAILBOX_FLAGS)
        wt_folder_set_flags (folder, change->item.uid, change->item.flags, by);
      else if (change->type == WT_MAILBOX_EXPUNGED)
        apply_expunges (job, &i, folder, by);
    }
  g_array_set_size (job->changes, 0);
}

/* By whoever works for the user. */
static void
keep_first_recent (WtMaildirUser *user, const char *name, guint32 uid)
{
  g_autoptr (GError) error = NULL; /* that mails are recent once more does no harm */
  WtMaildirDisk *disk = g_hash_table_lookup (user->disks, name);
  if (disk == NULL)
    return;
  wt_maildir_disk_set_first_recent (disk, uid);
  wt_maildir_disk_commit (disk, &error);
}

static void
unload_work (WtMaildirJob *job)
{
  if (job->first_recent > 0)
    keep_first_recent (job->user, job->name, job->first_recent);
  g_hash_table_remove (job->user->disks, job->name);
}

static void
unload_back (WtMaildirJob *job)
{
}

/* Nobody has it any more: memory and list are let go. */
static void
unused (WtMailboxes *mailboxes, WtFolder *folder)
{
  WtMaildirFolderData *data = folder->backend_data;
  WtMaildirUser *user = data->user;
  wt_world_cancel (user->owner->world, data->timer);
  if (g_hash_table_lookup (user->folders, folder->name) == folder)
    {
      WtMaildirJob *job = wt_maildir_job_new (user, NULL, unload_work, unload_back);
      g_hash_table_remove (user->folders, folder->name);
      job->name = g_strdup (folder->name);
      job->first_recent = folder->first_recent != data->first_recent ? folder->first_recent : 0;
      wt_maildir_job_start (job);
    }
  wt_folder_free (folder);
}

/* --- opening, looking --------------------------------------------------------------------------------------------- */

/* Times of directories are coarse: only when they have been the same a few times nothing has happened. */
static gboolean
is_unchanged (WtMaildirFolderData *data, const WtMaildirDisk *disk)
{
  gint64 changed = wt_maildir_disk_changed (disk);
  data->n_same = changed == data->changed ? data->n_same + 1 : 0;
  data->changed = changed;
  return data->n_same > 2;
}

static void
look (WtMaildirJob *job, WtMaildirDisk *disk)
{
  if (job->data)
    g_atomic_int_set (&job->data->look_queued, FALSE);
  if (job->data && !job->new_only && is_unchanged (job->data, disk))
    return;
  wt_maildir_disk_scan (disk, job->now, job->new_only, job->changes, &job->error);
}

static void
open_work (WtMaildirJob *job)
{
  WtMaildirDisk *disk = need_disk (job, job->name);
  if (disk)
    look (job, disk);
}

/* The folder in memory, in use by the job. When it was let go while this job ran, its list is too: once more. */
gboolean
wt_maildir_take_opened (WtMaildirJob *job)
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
  wt_maildir_apply_changes (job, folder, NULL, 0);
  return TRUE;
}

void
wt_maildir_open_folder (WtMaildirUser *user, WtMailOp *op, const char *name, void (*then) (WtMaildirJob *self))
{
  WtMaildirJob *job = wt_maildir_job_new (user, op, open_work, then);
  job->name = g_strdup (name);
  wt_maildir_job_start (job);
}

static void
open_back (WtMaildirJob *job)
{
  if (wt_maildir_take_opened (job))
    {
      job->op->folder = g_steal_pointer (&job->folder);
      wt_mail_op_done (job->op, NULL);
    }
  else if (job->error)
    wt_mail_op_done (job->op, job->error);
  else
    wt_maildir_open_folder (job->user, job->op, job->name, open_back);
}

static void
maildir_open (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_open_folder (wt_maildir_user_of (self, op), op, op->name, open_back);
}

static void
check_work (WtMaildirJob *job)
{
  WtMaildirDisk *disk = wt_maildir_open_disk (job);
  if (disk)
    look (job, disk);
}

static void
check_back (WtMaildirJob *job)
{
  if (!job->folder->gone)
    wt_maildir_apply_changes (job, job->folder, NULL, 0);
  if (job->op)
    wt_mail_op_done (job->op, job->error);
}

WtMaildirJob *
wt_maildir_folder_job_new (WtFolder *folder, WtMailOp *op, void (*work_func) (WtMaildirJob *self),
                           void (*back) (WtMaildirJob *self))
{
  WtMaildirFolderData *data = folder->backend_data;
  WtMaildirJob *job = wt_maildir_job_new (data->user, op, work_func, back);
  job->name = g_strdup (folder->name);
  job->folder = folder;
  wt_folder_use (folder);
  return job;
}

static void
maildir_check (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (wt_maildir_folder_job_new (op->folder, op, check_work, check_back));
}

/* A look that nobody waits for; not another one while one is due. */
static void
look_soon (WtFolder *folder, gboolean new_only)
{
  WtMaildirFolderData *data = folder->backend_data;
  if (g_atomic_int_exchange (&data->look_queued, TRUE))
    return;
  WtMaildirJob *job = wt_maildir_folder_job_new (folder, NULL, check_work, check_back);
  job->new_only = new_only;
  job->data = data;
  wt_maildir_job_start (job);
}

void
wt_mailboxes_maildir_delivered (WtMailboxes *mailboxes, const char *host, const char *user)
{
  WtFolder *inbox = g_hash_table_lookup (user_for ((WtMaildirs *) mailboxes, host, user)->folders, WT_MAIL_INBOX);
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
  WtMaildirFolderData *data = folder->backend_data;
  data->timer = 0;
  if (!is_watched (folder) || folder->gone)
    return;
  data->timer = wt_world_timer (data->user->owner->world, LOOK_INTERVAL, on_look, folder);
  look_soon (folder, FALSE);
}

static void
watched (WtMailboxes *mailboxes, WtFolder *folder)
{
  WtMaildirFolderData *data = folder->backend_data;
  if (data->timer == 0 && wt_world_is_live (data->user->owner->world))
    data->timer = wt_world_timer (data->user->owner->world, LOOK_INTERVAL, on_look, folder);
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static const WtMailBackend backend = {
  .open = maildir_open,
  .list = wt_maildir_op_list,
  .create = wt_maildir_op_create,
  .remove = wt_maildir_op_remove,
  .rename = wt_maildir_op_rename,
  .subscribe = wt_maildir_op_subscribe,
  .append = wt_maildir_op_append,
  .copy = wt_maildir_op_copy,
  .check = maildir_check,
  .read = wt_maildir_op_read,
  .flags = wt_maildir_op_flags,
  .expunge = wt_maildir_op_expunge,
  .watched = watched,
  .unused = unused,
};

static void
user_free (gpointer data)
{
  WtMaildirUser *user = data;
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
  WtMaildirs *self = g_new0 (WtMaildirs, 1);
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
finish_all (WtMaildirs *self)
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

/* Of the folders that are open at the end; nobody works any more. */
static void
keep_all_first_recent (WtMaildirs *self)
{
  GHashTableIter users, folders;
  WtMaildirUser *user;
  WtFolder *folder;
  g_hash_table_iter_init (&users, self->users);
  while (g_hash_table_iter_next (&users, NULL, (gpointer *) &user))
    {
      g_hash_table_iter_init (&folders, user->folders);
      while (g_hash_table_iter_next (&folders, NULL, (gpointer *) &folder))
        if (folder->first_recent != ((WtMaildirFolderData *) folder->backend_data)->first_recent)
          keep_first_recent (user, folder->name, folder->first_recent);
    }
}

void
wt_mailboxes_maildir_free (WtMailboxes *mailboxes)
{
  WtMaildirs *self = (WtMaildirs *) mailboxes;
  finish_all (self);
  keep_all_first_recent (self);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  wt_mailboxes_detach (mailboxes);
  g_hash_table_unref (self->users);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->idle);
  g_free (self->dir);
  g_free (self);
}
