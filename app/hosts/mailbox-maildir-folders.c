/* The folders of an account on disk: where they are, listing, making, removing, renaming, subscribing. */
#include "app/hosts/mailbox-maildir-private.h"

#include "app/hosts/folder-names.h"
#include "app/hosts/maildir-folders.h"
#include "app/hosts/maildir-names.h"
#include "app/hosts/maildir-quota.h"
#include "app/hosts/path-name.h"
#include "app/hosts/safe-file.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* --- folders on disk: in a thread --------------------------------------------------------------------------------- */

void
wt_maildir_set_error (GError **error, WtMailboxError code)
{
  static const char *const texts[] = {
    [WT_MAILBOX_ERROR_NOT_FOUND] = N_ ("there is no such folder"),
    [WT_MAILBOX_ERROR_EXISTS] = N_ ("the folder is there already"),
  };
  if (error && *error == NULL)
    g_set_error_literal (error, WT_MAILBOX_ERROR, code, _ (texts[code]));
}

char *
wt_maildir_folder_path (const WtMaildirUser *user, const char *name)
{
  g_autofree char *dir = strcmp (name, WT_MAIL_INBOX) == 0 ? NULL : wt_maildir_folder_to_dir (name);
  return dir ? g_build_filename (user->path, dir, NULL) : g_strdup (user->path);
}

/* tmp/ is made last: where it is, the folder is whole. */
gboolean
wt_maildir_folder_exists (const WtMaildirUser *user, const char *name)
{
  g_autofree char *path = wt_maildir_folder_path (user, name), *tmp = g_build_filename (path, "tmp", NULL);
  return g_file_test (tmp, G_FILE_TEST_IS_DIR);
}

gboolean
wt_maildir_make_inbox (const WtMaildirUser *user, GError **error)
{
  g_autofree char *safe_host = wt_path_name (user->host), *safe_user = wt_path_name (user->user);
  return wt_maildir_folder_exists (user, WT_MAIL_INBOX)
         || wt_maildir_make (user->owner->dir, safe_host, safe_user, error);
}

/* A UIDVALIDITY that no folder of this user has had: the seconds, or one more than the last. */
guint32
wt_maildir_next_validity (const WtMaildirUser *user, gint64 now)
{
  g_autofree char *path = g_build_filename (user->path, "wiretalk-uidvalidity", NULL);
  g_autofree char *text = NULL;
  guint64 last = g_file_get_contents (path, &text, NULL, NULL) ? g_ascii_strtoull (text, NULL, 10) : 0;
  guint64 validity = CLAMP (MAX (last + 1, (guint64) (now / G_USEC_PER_SEC)), 1, G_MAXUINT32);
  g_autofree char *written = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", validity);
  g_file_set_contents_full (path, written, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                            NULL);
  return validity;
}

/* --- the folders of an account ------------------------------------------------------------------------------------ */

/* (transfer full) (element-type utf8) */
static GList *
folder_names (const WtMaildirUser *user)
{
  GList *names = g_list_prepend (NULL, g_strdup (WT_MAIL_INBOX));
  g_autoptr (GDir) entries = g_dir_open (user->path, 0, NULL);
  const char *dir;
  while (entries && (dir = g_dir_read_name (entries)))
    {
      char *name = wt_maildir_dir_to_folder (dir);
      if (name && wt_maildir_folder_exists (user, name))
        names = g_list_prepend (names, name);
      else
        g_free (name);
    }
  return names;
}

static char *
subscriptions_path (const WtMaildirUser *user)
{
  return g_build_filename (user->path, "subscriptions", NULL);
}

static char **
read_subscriptions (const WtMaildirUser *user)
{
  g_autofree char *path = subscriptions_path (user), *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  return g_strsplit (text ? text : "", "\n", -1);
}

static void
list_work (WtMaildirJob *job)
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

void
wt_maildir_op_list (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (wt_maildir_job_new (wt_maildir_user_of (self, op), op, list_work, wt_maildir_job_back_done));
}

/* Whole or not there, whenever it is interrupted: tmp/ comes last. */
static gboolean
make_subfolder (const WtMaildirUser *user, const char *name, GError **error)
{
  static const char *const inner[] = { "new", "cur", "tmp" };
  g_autofree char *path = wt_maildir_folder_path (user, name), *mark = g_build_filename (path, "maildirfolder", NULL);
  if (!wt_maildir_make_inbox (user, error) || !wt_safe_file_make_folder (path, error)
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
create_work (WtMaildirJob *job)
{
  if (wt_maildir_folder_exists (job->user, job->op->name))
    wt_maildir_set_error (&job->error, WT_MAILBOX_ERROR_EXISTS);
  else
    make_subfolder (job->user, job->op->name, &job->error);
}

static void
tell_folder (WtMaildirJob *job, const char *name, WtMailFolderChange change, const char *to)
{
  wt_mailboxes_tell_folder (&job->user->owner->mailboxes, job->op, name, change, to);
}

static void
create_back (WtMaildirJob *job)
{
  if (job->error == NULL)
    tell_folder (job, job->op->name, WT_MAIL_FOLDER_CREATED, NULL);
  wt_mail_op_done (job->op, job->error);
}

void
wt_maildir_op_create (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (wt_maildir_job_new (wt_maildir_user_of (self, op), op, create_work, create_back));
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
remove_work (WtMaildirJob *job)
{
  WtMaildirUser *user = job->user;
  g_autofree char *path = wt_maildir_folder_path (user, job->op->name);
  g_autofree char *aside = g_build_filename (user->path, "tmp", job->base, NULL);
  if (!wt_maildir_folder_exists (user, job->op->name))
    {
      wt_maildir_set_error (&job->error, WT_MAILBOX_ERROR_NOT_FOUND);
      return;
    }
  g_hash_table_remove (user->disks, job->op->name);
  if (wt_safe_file_move (path, aside, FALSE, &job->error))
    {
      wt_safe_file_sync_folder (user->path, NULL);
      remove_tree (aside);
      wt_maildir_quota_changed (user->path);
    }
}

static void
let_go (WtMaildirUser *user, const char *name)
{
  WtFolder *folder = g_hash_table_lookup (user->folders, name);
  if (folder == NULL)
    return;
  g_hash_table_remove (user->folders, name);
  wt_folder_set_gone (folder);
}

static void
remove_back (WtMaildirJob *job)
{
  if (job->error == NULL)
    {
      let_go (job->user, job->op->name);
      tell_folder (job, job->op->name, WT_MAIL_FOLDER_DELETED, NULL);
    }
  wt_mail_op_done (job->op, job->error);
}

void
wt_maildir_op_remove (WtMailboxes *self, WtMailOp *op)
{
  WtMaildirJob *job = wt_maildir_job_new (wt_maildir_user_of (self, op), op, remove_work, remove_back);
  job->base = wt_maildir_new_name (job, 0);
  wt_maildir_job_start (job);
}

/* --- renaming ----------------------------------------------------------------------------------------------------- */

static void
rename_work (WtMaildirJob *job)
{
  WtMaildirUser *user = job->user;
  GList *names = folder_names (user);
  wt_folder_names_renames (names, job->op->name, job->op->to, &job->pairs, &job->error);
  g_list_free_full (names, g_free);
  if (job->error == NULL && strcmp (job->op->name, WT_MAIL_INBOX) == 0)
    make_subfolder (user, job->op->to, &job->error); /* the mails move then */
  else
    for (guint i = 0; job->error == NULL && i < job->pairs->len; i += 2)
      {
        g_autofree char *from = wt_maildir_folder_path (user, g_ptr_array_index (job->pairs, i));
        g_autofree char *to = wt_maildir_folder_path (user, g_ptr_array_index (job->pairs, i + 1));
        g_hash_table_remove (user->disks, g_ptr_array_index (job->pairs, i));
        wt_safe_file_move (from, to, FALSE, &job->error);
      }
  if (job->error == NULL)
    wt_safe_file_sync_folder (user->path, &job->error);
}

/* The inbox is open: all its mails into the new folder. */
static void
rename_inbox_opened (WtMaildirJob *job)
{
  WtMailOp *op = job->op;
  if (!wt_maildir_take_opened (job))
    {
      if (job->error)
        wt_mail_op_done (op, job->error);
      else
        wt_maildir_open_folder (job->user, op, WT_MAIL_INBOX, rename_inbox_opened);
      return;
    }
  op->folder = g_steal_pointer (&job->folder);
  op->yes = TRUE;
  op->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < op->folder->entries->len; i++)
    g_array_append_val (op->uids, ((WtFolderMail *) g_ptr_array_index (op->folder->entries, i))->item.uid);
  wt_maildir_open_folder (job->user, op, op->to, wt_maildir_copy_opened);
}

static void
rename_back (WtMaildirJob *job)
{
  if (job->error || strcmp (job->op->name, WT_MAIL_INBOX) != 0)
    {
      for (guint i = 0; job->error == NULL && i < job->pairs->len; i += 2)
        {
          const char *from = g_ptr_array_index (job->pairs, i), *to = g_ptr_array_index (job->pairs, i + 1);
          let_go (job->user, from);
          tell_folder (job, from, WT_MAIL_FOLDER_RENAMED, to);
        }
      wt_mail_op_done (job->op, job->error);
    }
  else
    {
      tell_folder (job, job->op->to, WT_MAIL_FOLDER_CREATED, NULL);
      wt_maildir_open_folder (job->user, job->op, WT_MAIL_INBOX, rename_inbox_opened);
    }
}

void
wt_maildir_op_rename (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (wt_maildir_job_new (wt_maildir_user_of (self, op), op, rename_work, rename_back));
}

static void
subscribe_work (WtMaildirJob *job)
{
  g_auto (GStrv) old = read_subscriptions (job->user);
  g_autofree char *path = subscriptions_path (job->user);
  g_autoptr (GString) text = g_string_new (NULL);
  for (char **name = old; *name; name++)
    if (**name && strcmp (*name, job->op->name) != 0)
      g_string_append_printf (text, "%s\n", *name);
  if (job->op->yes)
    g_string_append_printf (text, "%s\n", job->op->name);
  if (wt_maildir_make_inbox (job->user, &job->error))
    g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                              0600, &job->error);
}

void
wt_maildir_op_subscribe (WtMailboxes *self, WtMailOp *op)
{
  wt_maildir_job_start (
      wt_maildir_job_new (wt_maildir_user_of (self, op), op, subscribe_work, wt_maildir_job_back_done));
}
