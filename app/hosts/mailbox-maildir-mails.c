/* Mails on disk: reading, flags, expunging, appending, copying and moving. */
#include "app/hosts/mailbox-maildir-private.h"

#include "app/hosts/maildir-quota.h"

/* --- mails -------------------------------------------------------------------------------------------------------- */

static void
read_work (WtMaildirJob *job)
{
  WtMaildirDisk *disk = wt_maildir_open_disk (job);
  job->op->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (disk)
    wt_maildir_disk_read (disk, (const guint32 *) (gpointer) job->op->uids->data, job->op->uids->len, job->op->contents,
                          &job->error);
  for (guint i = job->op->contents->len; i < job->op->uids->len; i++)
    g_ptr_array_add (job->op->contents, NULL);
  g_ptr_array_set_free_func (job->op->contents, NULL);
}

static void
read_back (WtMaildirJob *job)
{
  GPtrArray *contents = job->op->contents;
  g_ptr_array_ref (contents);
  wt_mail_op_done (job->op, job->error);
  for (guint i = 0; i < contents->len; i++)
    if (g_ptr_array_index (contents, i))
      g_bytes_unref (g_ptr_array_index (contents, i));
  g_ptr_array_unref (contents);
}

void
wt_maildir_op_read (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (wt_maildir_folder_job_new (op->folder, op, read_work, read_back));
}

static char **
keywords_of (const WtFolder *folder)
{
  return folder->keywords->len > 1 ? g_strdupv ((char **) folder->keywords->pdata) : NULL;
}

static void
flags_work (WtMaildirJob *job)
{
  WtMaildirDisk *disk = wt_maildir_open_disk (job);
  for (guint i = 0; disk && i < job->op->changes->len && job->error == NULL; i++)
    {
      const WtMailFlagChange *change = &g_array_index (job->op->changes, WtMailFlagChange, i);
      wt_maildir_disk_set_flags (disk, change->uid, change->flags, change->modseq, &job->error);
    }
  if (disk)
    wt_maildir_disk_commit (disk, job->error ? NULL : &job->error);
}

void
wt_maildir_op_flags (WtMailboxes *self, WtMailOp *op)
{
  WtMaildirJob *job = wt_maildir_folder_job_new (op->folder, op, flags_work, wt_maildir_job_back_done);
  job->keywords = keywords_of (op->folder);
  wt_maildir_job_start (job);
}

static void
expunge_work (WtMaildirJob *job)
{
  WtMaildirDisk *disk = wt_maildir_open_disk (job);
  for (guint i = 0; disk && i < job->op->changes->len; i++)
    {
      const WtMailFlagChange *change = &g_array_index (job->op->changes, WtMailFlagChange, i);
      wt_maildir_disk_remove (disk, change->uid, change->modseq, job->error ? NULL : &job->error);
    }
  wt_maildir_quota_changed (job->user->path);
  if (disk)
    wt_maildir_disk_commit (disk, job->error ? NULL : &job->error);
}

void
wt_maildir_op_expunge (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (wt_maildir_folder_job_new (op->folder, op, expunge_work, wt_maildir_job_back_done));
}

static void
append_work (WtMaildirJob *job)
{
  WtMailOp *op = job->op;
  WtMaildirChange change = { 0 };
  WtMaildirDisk *disk = wt_maildir_open_disk (job);
  if (disk == NULL
      || !wt_maildir_disk_append (disk, job->base, op->message, op->flags, op->date, job->now, &change, &job->error))
    return;
  wt_maildir_quota_changed (job->user->path);
  op->uid_validity = wt_maildir_disk_uid_validity (disk);
  op->new_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (op->new_uids, change.item.uid);
  g_array_append_val (job->changes, change);
}

static void
append_back (WtMaildirJob *job)
{
  if (!job->folder->gone)
    wt_maildir_apply_changes (job, job->folder, job->op->message, job->op->by);
  wt_mail_op_done (job->op, job->error);
}

static void
append_opened (WtMaildirJob *opened)
{
  WtMailOp *op = opened->op;
  if (!wt_maildir_take_opened (opened))
    {
      if (opened->error)
        wt_mail_op_done (op, opened->error);
      else
        wt_maildir_open_folder (opened->user, op, op->name, append_opened);
      return;
    }
  WtMaildirJob *job = wt_maildir_folder_job_new (opened->folder, op, append_work, append_back);
  op->flags = wt_folder_with_keywords (opened->folder, op->flags, (const char *const *) op->keywords);
  job->keywords = keywords_of (opened->folder);
  job->base = wt_maildir_new_name (job, g_bytes_get_size (op->message));
  wt_maildir_job_start (job);
}

void
wt_maildir_op_append (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_open_folder (wt_maildir_user_of (self, op), op, op->name, append_opened);
}

/* --- copying ------------------------------------------------------------------------------------------------------ */

/* op->changes: the flags in the other folder. */
static void
copy_work (WtMaildirJob *job)
{
  WtMailOp *op = job->op;
  WtMaildirDisk *to = wt_maildir_open_disk (job), *from = g_hash_table_lookup (job->user->disks, job->to);
  if (from == NULL)
    wt_maildir_set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
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
      wt_maildir_quota_changed (job->user->path);
      op->uid_validity = wt_maildir_disk_uid_validity (to);
    }
}

/* The changes are the copies of op->from_uids. */
static void
show_copies (WtMaildirJob *job)
{
  WtMailOp *op = job->op;
  for (guint i = 0; i < job->changes->len; i++)
    {
      const WtMaildirChange *change = &g_array_index (job->changes, WtMaildirChange, i);
      const WtFolderMail *mail = wt_folder_find (op->folder, g_array_index (op->from_uids, guint32, i));
      WtMailOrigin origin = { op->folder->name, mail ? &mail->item : NULL, op->yes };
      if (wt_folder_find (job->folder, change->item.uid) == NULL)
        wt_folder_add_from_disk (job->folder, &change->item, NULL, &origin, op->by);
    }
}

static void
copy_back (WtMaildirJob *job)
{
  WtMailOp *op = job->op;
  if (!job->folder->gone)
    show_copies (job);
  if (op->yes)
    g_array_unref (wt_folder_remove_many (op->folder, (const guint32 *) (gpointer) op->from_uids->data,
                                          op->from_uids->len, op->by));
  wt_mail_op_done (op, job->error);
}

void
wt_maildir_copy_opened (WtMaildirJob *opened)
{
  WtMailOp *op = opened->op;
  if (!wt_maildir_take_opened (opened))
    {
      if (opened->error)
        wt_mail_op_done (op, opened->error);
      else
        wt_maildir_open_folder (opened->user, op, opened->name, wt_maildir_copy_opened);
      return;
    }
  WtMaildirJob *job = wt_maildir_folder_job_new (opened->folder, op, copy_work, copy_back);
  op->changes = g_array_new (FALSE, FALSE, sizeof (WtMailFlagChange));
  op->from_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  op->new_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < op->uids->len; i++)
    {
      guint32 uid = g_array_index (op->uids, guint32, i);
      const WtFolderMail *mail = wt_folder_find (op->folder, uid);
      WtMailFlagChange change = { uid, mail ? wt_folder_translate (op->folder, mail->item.flags, opened->folder) : 0,
                                  0 };
      if (mail)
        g_array_append_val (op->changes, change);
    }
  job->to = g_strdup (op->folder->name);
  job->keywords = keywords_of (opened->folder);
  job->base = wt_maildir_new_name (job, 0);
  wt_maildir_job_start (job);
}

void
wt_maildir_op_copy (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_open_folder (wt_maildir_user_of (self, op), op, op->name, wt_maildir_copy_opened);
}
