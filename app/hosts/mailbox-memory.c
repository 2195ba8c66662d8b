/* Mailboxes in memory: the folders are all there is. */
#include "app/hosts/folder-names.h"
#include "app/hosts/mailbox-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  GHashTable *folders;    /* name -> WtFolder */
  GHashTable *subscribed; /* set of names */
} User;

typedef struct
{
  WtMailboxes mailboxes;
  GHashTable *users; /* "host/user" -> User */
  guint32 last_uid_validity;
} MemoryMailboxes;

/* --- users and folders -------------------------------------------------------------------------------------------- */

static void
user_free (gpointer data)
{
  User *user = data;
  g_hash_table_unref (user->folders);
  g_hash_table_unref (user->subscribed);
  g_free (user);
}

static WtFolder *
add_folder (MemoryMailboxes *self, User *user, const char *host, const char *user_name, const char *name)
{
  WtFolder *folder = wt_folder_new (&self->mailboxes, host, user_name, name);
  folder->uid_validity = ++self->last_uid_validity;
  wt_folder_use (folder); /* by the table */
  g_hash_table_replace (user->folders, folder->name, folder);
  return folder;
}

static User *
user_for (MemoryMailboxes *self, const char *host, const char *name)
{
  g_autofree char *key = g_strconcat (host, "/", name, NULL);
  User *user = g_hash_table_lookup (self->users, key);
  if (user == NULL)
    {
      user = g_new (User, 1);
      user->folders = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) wt_folder_unuse);
      user->subscribed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->users, g_steal_pointer (&key), user);
      add_folder (self, user, host, name, WT_MAIL_INBOX);
    }
  return user;
}

static User *
user_of (WtMailboxes *self, const WtMailOp *op)
{
  return user_for ((MemoryMailboxes *) self, op->host, op->user);
}

static void
fail (WtMailOp *op, WtMailboxError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (WT_MAILBOX_ERROR, code, text);
  wt_mail_op_done (op, error);
}

/* The folder `name`; NULL: the operation has failed. */
static WtFolder *
need_folder (WtMailboxes *self, WtMailOp *op, const char *name)
{
  WtFolder *folder = g_hash_table_lookup (user_of (self, op)->folders, name);
  if (folder == NULL)
    fail (op, WT_MAILBOX_ERROR_NOT_FOUND, _ ("there is no such folder"));
  return folder;
}

static void
unused (WtMailboxes *self, WtFolder *folder)
{
  wt_folder_free (folder);
}

/* --- folders of an account ---------------------------------------------------------------------------------------- */

static void
memory_open (WtMailboxes *self, WtMailOp *op)
{
  WtFolder *folder = need_folder (self, op, op->name);
  if (folder == NULL)
    return;
  op->folder = folder;
  wt_folder_use (folder);
  wt_mail_op_done (op, NULL);
}

static void
memory_list (WtMailboxes *self, WtMailOp *op)
{
  const User *user = user_of (self, op);
  WtFolderNames names = { 0 };
  GHashTableIter iter;
  gpointer name;
  wt_folder_names_init (&names);
  g_hash_table_iter_init (&iter, user->folders);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    wt_folder_names_add (&names, name);
  g_hash_table_iter_init (&iter, user->subscribed);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    wt_folder_names_subscribe (&names, name);
  op->folders = wt_folder_names_finish (&names);
  wt_mail_op_done (op, NULL);
}

static void
memory_create (WtMailboxes *self, WtMailOp *op)
{
  User *user = user_of (self, op);
  if (g_hash_table_contains (user->folders, op->name))
    {
      fail (op, WT_MAILBOX_ERROR_EXISTS, _ ("the folder is there already"));
      return;
    }
  add_folder ((MemoryMailboxes *) self, user, op->host, op->user, op->name);
  wt_mailboxes_tell_folder (self, op, op->name, WT_MAIL_FOLDER_CREATED, NULL);
  wt_mail_op_done (op, NULL);
}

static void
memory_remove (WtMailboxes *self, WtMailOp *op)
{
  WtFolder *folder = need_folder (self, op, op->name);
  if (folder == NULL)
    return;
  wt_folder_use (folder);
  g_hash_table_remove (user_of (self, op)->folders, op->name);
  wt_folder_set_gone (folder);
  wt_folder_unuse (folder);
  wt_mailboxes_tell_folder (self, op, op->name, WT_MAIL_FOLDER_DELETED, NULL);
  wt_mail_op_done (op, NULL);
}

/* What is stored here gets a name that nothing else in the folder has. (transfer full) */
static char *
new_id (const WtFolder *folder)
{
  return g_strdup_printf ("%u.%u", folder->uid_validity, folder->uid_next);
}

static WtFolder *
new_mail_copy (const WtFolder *from, const WtFolderMail *mail, WtFolder *to, gboolean moves, WtMailOp *op)
{
  WtMailItem item = mail->item;
  WtMailOrigin origin = { from->name, &mail->item, moves };
  guint32 old_uid = item.uid;
  g_autofree char *id = from == to ? new_id (to) : NULL;
  item.uid = item.modseq = 0;
  item.id = id ? id : item.id;
  item.flags = wt_folder_translate (from, item.flags, to);
  guint32 new_uid = wt_folder_add (to, &item, mail->mail.content, &origin, op->by)->item.uid;
  if (op->new_uids)
    {
      g_array_append_val (op->from_uids, old_uid);
      g_array_append_val (op->new_uids, new_uid);
    }
  return to;
}

static void
move_all (WtFolder *from, WtFolder *to, WtMailOp *op)
{
  while (from->entries->len > 0)
    {
      const WtFolderMail *mail = g_ptr_array_index (from->entries, 0);
      guint32 uid = mail->item.uid;
      new_mail_copy (from, mail, to, TRUE, op);
      wt_folder_remove (from, uid, op->by);
    }
}

/* The folder under its new name, as it was: mails, UIDs, UIDVALIDITY (RFC 9051 6.3.6). */
static void
rename_one (MemoryMailboxes *self, User *user, WtFolder *folder, const char *to)
{
  WtFolder *renamed = add_folder (self, user, folder->host, folder->user, to);
  renamed->uid_validity = folder->uid_validity;
  renamed->uid_next = folder->uid_next;
  renamed->first_recent = folder->first_recent;
  renamed->modseq = folder->modseq;
  renamed->expunges_known_since = folder->expunges_known_since;
  GPtrArray *entries = renamed->entries, *keywords = renamed->keywords;
  GArray *expunged = renamed->expunged;
  renamed->entries = folder->entries;
  renamed->keywords = folder->keywords;
  renamed->expunged = folder->expunged;
  folder->entries = entries;
  folder->keywords = keywords;
  folder->expunged = expunged;
  wt_folder_use (folder);
  g_hash_table_remove (user->folders, folder->name);
  wt_folder_set_gone (folder);
  wt_folder_unuse (folder);
}

static void
memory_rename (WtMailboxes *mailboxes, WtMailOp *op)
{
  MemoryMailboxes *self = (MemoryMailboxes *) mailboxes;
  User *user = user_of (mailboxes, op);
  g_autoptr (GPtrArray) moves = NULL; /* pairs of names */
  g_autoptr (GList) names = g_hash_table_get_keys (user->folders);
  g_autoptr (GError) error = NULL;
  if (!wt_folder_names_renames (names, op->name, op->to, &moves, &error))
    {
      wt_mail_op_done (op, error);
      return;
    }
  if (strcmp (op->name, WT_MAIL_INBOX) == 0)
    {
      WtFolder *to = add_folder (self, user, op->host, op->user, op->to);
      wt_mailboxes_tell_folder (mailboxes, op, op->to, WT_MAIL_FOLDER_CREATED, NULL);
      move_all (g_hash_table_lookup (user->folders, op->name), to, op);
    }
  else
    for (guint i = 0; i < moves->len; i += 2)
      {
        const char *from = g_ptr_array_index (moves, i), *to = g_ptr_array_index (moves, i + 1);
        rename_one (self, user, g_hash_table_lookup (user->folders, from), to);
        wt_mailboxes_tell_folder (mailboxes, op, from, WT_MAIL_FOLDER_RENAMED, to);
      }
  wt_mail_op_done (op, NULL);
}

static void
memory_subscribe (WtMailboxes *self, WtMailOp *op)
{
  User *user = user_of (self, op);
  if (op->yes)
    g_hash_table_add (user->subscribed, g_strdup (op->name));
  else
    g_hash_table_remove (user->subscribed, op->name);
  wt_mail_op_done (op, NULL);
}

/* --- mails -------------------------------------------------------------------------------------------------------- */

static void
memory_append (WtMailboxes *self, WtMailOp *op)
{
  WtFolder *folder = need_folder (self, op, op->name);
  if (folder == NULL)
    return;
  g_autofree char *id = new_id (folder);
  WtMailItem item = { .flags = wt_folder_with_keywords (folder, op->flags, (const char *const *) op->keywords),
                      .size = g_bytes_get_size (op->message),
                      .date = op->date,
                      .id = id };
  op->uid_validity = folder->uid_validity;
  guint32 uid = wt_folder_add (folder, &item, op->message, NULL, op->by)->item.uid;
  op->new_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (op->new_uids, uid);
  wt_mail_op_done (op, NULL);
}

static void
memory_copy (WtMailboxes *self, WtMailOp *op)
{
  WtFolder *to = need_folder (self, op, op->name);
  if (to == NULL)
    return;
  op->uid_validity = to->uid_validity;
  op->from_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  op->new_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < op->uids->len; i++)
    {
      guint32 uid = g_array_index (op->uids, guint32, i);
      const WtFolderMail *mail = wt_folder_find (op->folder, uid);
      if (mail)
        new_mail_copy (op->folder, mail, to, op->yes, op);
      if (mail && op->yes)
        wt_folder_remove (op->folder, uid, op->by);
    }
  wt_mail_op_done (op, NULL);
}

void
wt_mailboxes_memory_deliver (WtMailboxes *mailboxes, const char *host, const char *user, GBytes *message,
                             const char *id, gint64 date)
{
  User *owner = user_for ((MemoryMailboxes *) mailboxes, host, user);
  WtMailItem item = { .size = g_bytes_get_size (message), .date = date, .id = id };
  wt_folder_add (g_hash_table_lookup (owner->folders, WT_MAIL_INBOX), &item, message, NULL, 0);
}

guint64
wt_mailboxes_memory_usage (WtMailboxes *mailboxes, const char *host, const char *user)
{
  GHashTableIter iter;
  gpointer folder;
  guint64 sum = 0;
  g_hash_table_iter_init (&iter, user_for ((MemoryMailboxes *) mailboxes, host, user)->folders);
  while (g_hash_table_iter_next (&iter, NULL, &folder))
    for (guint i = 0; i < ((WtFolder *) folder)->entries->len; i++)
      sum += ((const WtFolderMail *) g_ptr_array_index (((WtFolder *) folder)->entries, i))->item.size;
  return sum;
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static const WtMailBackend backend = {
  .open = memory_open,
  .list = memory_list,
  .create = memory_create,
  .remove = memory_remove,
  .rename = memory_rename,
  .subscribe = memory_subscribe,
  .append = memory_append,
  .copy = memory_copy,
  .unused = unused,
};

WtMailboxes *
wt_mailboxes_new_memory (void)
{
  MemoryMailboxes *self = g_new0 (MemoryMailboxes, 1);
  self->mailboxes.backend = &backend;
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, user_free);
  return &self->mailboxes;
}

void
wt_mailboxes_memory_free (WtMailboxes *self)
{
  wt_mailboxes_detach (self);
  g_hash_table_unref (((MemoryMailboxes *) self)->users);
  g_free (self);
}
