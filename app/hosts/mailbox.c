/* Mailboxes: one session's hold on a folder. */
#include "app/hosts/mailbox-private.h"

#define READ_MAILS 32            /* mails that are read at a time */
#define READ_BYTES (1024 * 1024) /* or so many bytes */

/* --- life --------------------------------------------------------------------------------------------------------- */

WtMailbox *
wt_mailbox_new (WtMailAccount *account, WtFolder *folder)
{
  WtMailbox *self = g_rc_box_new0 (WtMailbox);
  self->account = account;
  self->folder = folder;
  self->in_account.data = self->in_folder.data = self;
  g_queue_push_tail_link (&account->open, &self->in_account);
  g_queue_push_tail_link (&folder->holders, &self->in_folder);
  return self;
}

void
wt_mailbox_release (WtMailbox *self)
{
  g_rc_box_release (self);
}

void
wt_mailbox_watch (WtMailbox *self, WtMailboxChanged func, gpointer user_data)
{
  const WtMailBackend *backend = wt_mail_account_backend (self->account);
  self->changed = func;
  self->user_data = user_data;
  if (func && backend->watched)
    backend->watched (self->account->mailboxes, self->folder);
}

void
wt_mailbox_close (WtMailbox *self)
{
  if (self == NULL)
    return;
  self->closed = TRUE;
  g_queue_unlink (&self->account->open, &self->in_account);
  g_queue_unlink (&self->folder->holders, &self->in_folder);
  if (self->folder->locker == self)
    self->folder->locker = NULL;
  wt_folder_unuse (self->folder);
  wt_mailbox_release (self);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

const char *
wt_mailbox_name (const WtMailbox *self)
{
  return self->folder->name;
}

guint32
wt_mailbox_uid_validity (const WtMailbox *self)
{
  return self->folder->uid_validity;
}

guint32
wt_mailbox_serial (const WtMailbox *self)
{
  return self->folder->serial;
}

guint32
wt_mailbox_uid_next (const WtMailbox *self)
{
  return self->folder->uid_next;
}

guint64
wt_mailbox_modseq (const WtMailbox *self)
{
  return self->folder->modseq;
}

guint
wt_mailbox_n_items (const WtMailbox *self)
{
  return self->folder->gone ? 0 : self->folder->entries->len;
}

const WtMailItem *
wt_mailbox_item (const WtMailbox *self, guint i)
{
  return g_ptr_array_index (self->folder->entries, i);
}

const WtMailItem *
wt_mailbox_find (const WtMailbox *self, guint32 uid)
{
  const WtFolderMail *mail = self->folder->gone ? NULL : wt_folder_find (self->folder, uid);
  return mail ? &mail->item : NULL;
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  guint32 one = *(const guint32 *) a, other = *(const guint32 *) b;
  return (one > other) - (one < other);
}

GArray *
wt_mailbox_vanished (const WtMailbox *self, guint64 modseq, guint64 *known_since)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->folder->expunged->len; i++)
    {
      const WtFolderExpunged *expunged = &g_array_index (self->folder->expunged, WtFolderExpunged, i);
      if (expunged->modseq > modseq)
        g_array_append_val (uids, expunged->uid);
    }
  g_array_sort (uids, compare_uids);
  if (known_since)
    *known_since = self->folder->expunges_known_since;
  return uids;
}

guint32
wt_mailbox_claim_recent (WtMailbox *self)
{
  guint32 first = self->folder->first_recent;
  self->folder->first_recent = self->folder->uid_next;
  return first;
}

guint32
wt_mailbox_first_recent (const WtMailbox *self)
{
  return self->folder->first_recent;
}

const char *const *
wt_mailbox_keywords (const WtMailbox *self, guint *n)
{
  if (n)
    *n = self->folder->keywords->len - 1;
  return (const char *const *) self->folder->keywords->pdata;
}

guint32
wt_mailbox_keyword (WtMailbox *self, const char *name, gboolean create)
{
  return wt_folder_keyword (self->folder, name, create);
}

gboolean
wt_mailbox_lock (WtMailbox *self)
{
  if (self->folder->locker && self->folder->locker != self)
    return FALSE;
  self->folder->locker = self;
  return TRUE;
}

/* --- doing -------------------------------------------------------------------------------------------------------- */

static void
finish_done (WtMailOp *op, const GError *error)
{
  if (!op->mailbox->closed && op->func)
    ((WtMailboxDone) op->func) (op->mailbox, error, op->user_data);
}

static WtMailOp *
new_op (WtMailbox *self, GCallback func, gpointer user_data, void (*finish) (WtMailOp *op, const GError *error))
{
  return wt_mail_op_new (self->account, self, func, user_data, finish);
}

static GArray *
copy_uids (const guint32 *uids, guint n)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);
  return g_array_append_vals (copy, uids, n);
}

void
wt_mailbox_check (WtMailbox *self, WtMailboxDone func, gpointer user_data)
{
  wt_mail_op_run (new_op (self, G_CALLBACK (func), user_data, finish_done),
                  wt_mail_account_backend (self->account)->check);
}

static guint32
changed_flags (guint32 now, WtMailFlagsHow how, guint32 flags)
{
  switch (how)
    {
    case WT_MAIL_FLAGS_ADD:
      return now | flags;
    case WT_MAIL_FLAGS_REMOVE:
      return now & ~flags;
    case WT_MAIL_FLAGS_REPLACE:
    default:
      return flags;
    }
}

void
wt_mailbox_set_flags (WtMailbox *self, const guint32 *uids, guint n, WtMailFlagsHow how, guint32 flags,
                      WtMailboxDone func, gpointer user_data)
{
  WtMailOp *op = new_op (self, G_CALLBACK (func), user_data, finish_done);
  op->changes = g_array_new (FALSE, FALSE, sizeof (WtMailFlagChange));
  for (guint i = 0; i < n && !op->folder->gone; i++)
    {
      const WtFolderMail *mail = wt_folder_find (op->folder, uids[i]);
      guint32 wanted = mail ? changed_flags (mail->item.flags, how, flags) : 0;
      if (mail == NULL || !wt_folder_set_flags (op->folder, uids[i], wanted, op->by))
        continue;
      mail = wt_folder_find (op->folder, uids[i]); /* who was told may have done anything */
      WtMailFlagChange change = { uids[i], wanted, mail ? mail->item.modseq : 0 };
      g_array_append_val (op->changes, change);
    }
  wt_mail_op_run (op, op->changes->len ? wt_mail_account_backend (self->account)->flags : NULL);
}

void
wt_mailbox_expunge (WtMailbox *self, const guint32 *uids, guint n, WtMailboxDone func, gpointer user_data)
{
  WtMailOp *op = new_op (self, G_CALLBACK (func), user_data, finish_done);
  op->changes = wt_folder_remove_many (op->folder, uids, op->folder->gone ? 0 : n, op->by);
  wt_mail_op_run (op, op->changes->len ? wt_mail_account_backend (self->account)->expunge : NULL);
}

static void
finish_copy (WtMailOp *op, const GError *error)
{
  WtMailboxCopied func = (WtMailboxCopied) op->func;
  if (op->mailbox->closed || func == NULL)
    return;
  if (error || op->new_uids == NULL)
    func (op->mailbox, op->uid_validity, NULL, NULL, 0, error, op->user_data);
  else
    func (op->mailbox, op->uid_validity, (const guint32 *) op->from_uids->data, (const guint32 *) op->new_uids->data,
          op->new_uids->len, NULL, op->user_data);
}

void
wt_mailbox_copy (WtMailbox *self, const guint32 *uids, guint n, const char *to, gboolean move, WtMailboxCopied func,
                 gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  WtMailOp *op = new_op (self, G_CALLBACK (func), user_data, finish_copy);
  op->uids = copy_uids (uids, n);
  op->yes = move;
  op->name = wt_folder_name (to, &error);
  if (op->name)
    wt_mail_op_run (op, wt_mail_account_backend (self->account)->copy);
  else
    wt_mail_op_done (op, error);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* A reading of many mails: portions, two of them under way, so that the disk is read while the last portion is told. A
 * mailbox has one reading at a time, the others wait: whoever asks twice gets what was asked first first. */
typedef struct
{
  WtMailbox *mailbox; /* held */
  GArray *uids;
  guint next;
  guint n_running; /* portions */
  WtMailboxRead func;
  gpointer user_data;
} Reading;

#define PORTIONS 2

static void read_on (Reading *self);
static void begin_next (WtMailbox *self);

static void
reading_free (Reading *self)
{
  wt_mailbox_release (self->mailbox);
  g_array_unref (self->uids);
  g_free (self);
}

static void
tell (Reading *self, guint32 uid, GBytes *content, const GError *error)
{
  if (!self->mailbox->closed)
    self->func (self->mailbox, uid, content, error, self->user_data);
}

static gboolean
has_more (const Reading *self)
{
  return self->next < self->uids->len && !self->mailbox->closed;
}

static void
keep (WtFolder *folder, guint32 uid, GBytes *content)
{
  WtFolderMail *mail = folder->owner && content ? wt_folder_find (folder, uid) : NULL;
  if (mail)
    wt_kept_mails_add (&folder->owner->kept, &mail->mail, content);
}

static void
finish_read (WtMailOp *op, const GError *error)
{
  Reading *self = op->user_data;
  for (guint i = 0; i < op->uids->len; i++)
    {
      guint32 uid = g_array_index (op->uids, guint32, i);
      GBytes *content = op->contents ? g_ptr_array_index (op->contents, i) : NULL;
      keep (op->folder, uid, content);
      tell (self, uid, content, error);
    }
  read_on (self);
}

/* What is in memory is told at once. */
static void
read_from_memory (Reading *self)
{
  for (; has_more (self); self->next++)
    {
      guint32 uid = g_array_index (self->uids, guint32, self->next);
      WtFolderMail *mail = self->mailbox->folder->gone ? NULL : wt_folder_find (self->mailbox->folder, uid);
      g_autoptr (GBytes) content = mail ? wt_kept_mail_read (&mail->mail) : NULL;
      if (mail && content == NULL)
        return;
      tell (self, uid, content, NULL);
    }
}

static WtMailOp *
next_portion (Reading *self)
{
  WtMailOp *op = new_op (self->mailbox, NULL, self, finish_read);
  guint64 bytes = 0;
  op->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  while (self->next < self->uids->len && op->uids->len < READ_MAILS && bytes < READ_BYTES)
    {
      guint32 uid = g_array_index (self->uids, guint32, self->next++);
      const WtFolderMail *mail = wt_folder_find (op->folder, uid);
      bytes += mail ? mail->item.size : 0;
      g_array_append_val (op->uids, uid);
    }
  return op;
}

static void
end_reading (Reading *self)
{
  g_queue_pop_head (&self->mailbox->readings);
  reading_free (self);
}

/* A portion is over: the next one takes its place. */
static void
read_on (Reading *self)
{
  if (has_more (self))
    wt_mail_op_run (next_portion (self), wt_mail_account_backend (self->mailbox->account)->read);
  else if (--self->n_running == 0)
    {
      WtMailbox *mailbox = g_rc_box_acquire (self->mailbox);
      end_reading (self);
      begin_next (mailbox);
      wt_mailbox_release (mailbox);
    }
}

/* A reading stays in the queue as long as it goes on: what is asked for meanwhile waits behind it. */
static void
begin_next (WtMailbox *self)
{
  for (Reading *next = g_queue_peek_head (&self->readings); next; next = g_queue_peek_head (&self->readings))
    {
      read_from_memory (next);
      if (has_more (next))
        {
          for (guint i = 0; i < PORTIONS; i++)
            read_on (next);
          return;
        }
      end_reading (next);
    }
}

void
wt_mailbox_read (WtMailbox *self, const guint32 *uids, guint n, WtMailboxRead func, gpointer user_data)
{
  Reading *reading = g_new (Reading, 1);
  *reading = (Reading){ g_rc_box_acquire (self), copy_uids (uids, n), 0, PORTIONS, func, user_data };
  g_queue_push_tail (&self->readings, reading);
  if (self->readings.length > 1)
    return;
  g_rc_box_acquire (self);
  begin_next (self);
  wt_mailbox_release (self);
}
