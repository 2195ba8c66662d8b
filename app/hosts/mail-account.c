/* Accounts, and the operations on their folders. */
#include "app/hosts/mail-store-private.h"
#include "app/hosts/mailbox-private.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt - mailbox - error - quark, wt_mailbox_error)

/* --- operations --------------------------------------------------------------------------------------------------- */

static void
account_clear (gpointer data)
{
  WtMailAccount *self = data;
  g_free (self->host);
  g_free (self->user);
}

WtMailOp *
wt_mail_op_new (WtMailAccount *account, WtMailbox *mailbox, GCallback func, gpointer user_data,
                void (*finish) (WtMailOp *self, const GError *error))
{
  WtMailOp *self = g_new0 (WtMailOp, 1);
  self->finish = finish;
  self->account = g_rc_box_acquire (account);
  self->mailbox = mailbox ? g_rc_box_acquire (mailbox) : NULL;
  self->func = func;
  self->user_data = user_data;
  self->host = account->host;
  self->user = account->user;
  self->by = account->by;
  if (mailbox)
    {
      self->folder = mailbox->folder;
      wt_folder_use (self->folder);
    }
  return self;
}

void
wt_mail_op_done (WtMailOp *self, const GError *error)
{
  self->finish (self, error);
  if (self->folder)
    wt_folder_unuse (self->folder);
  if (self->mailbox)
    wt_mailbox_release (self->mailbox);
  g_rc_box_release_full (self->account, account_clear);
  g_free (self->name);
  g_free (self->to);
  g_strfreev (self->keywords);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_clear_pointer (&self->uids, g_array_unref);
  g_clear_pointer (&self->changes, g_array_unref);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->contents, g_ptr_array_unref);
  g_clear_pointer (&self->from_uids, g_array_unref);
  g_clear_pointer (&self->new_uids, g_array_unref);
  g_free (self);
}

static void
fail (WtMailOp *self, WtMailboxError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (WT_MAILBOX_ERROR, code, text);
  wt_mail_op_done (self, error);
}

void
wt_mail_op_run (WtMailOp *self, void (*start) (WtMailboxes *mailboxes, WtMailOp *op))
{
  if (self->account->mailboxes == NULL)
    fail (self, WT_MAILBOX_ERROR_NOT_FOUND, _ ("mails are not kept here"));
  else if (self->mailbox && self->folder->gone)
    fail (self, WT_MAILBOX_ERROR_NOT_FOUND, _ ("the folder is there no more"));
  else if (start)
    start (self->account->mailboxes, self);
  else
    wt_mail_op_done (self, NULL);
}

const WtMailBackend *
wt_mail_account_backend (const WtMailAccount *self)
{
  static const WtMailBackend none;
  return self->mailboxes ? self->mailboxes->backend : &none;
}

void
wt_mailboxes_detach (WtMailboxes *self)
{
  for (GList *each = self->accounts.head; each; each = each->next)
    {
      WtMailAccount *account = each->data;
      account->mailboxes = NULL;
      for (GList *open = account->open.head; open; open = open->next)
        ((WtMailbox *) open->data)->folder->owner = NULL;
    }
  g_queue_init (&self->accounts);
  wt_kept_mails_clear (&self->kept);
  g_clear_pointer (&self->observers, g_hash_table_unref);
}

void
wt_mail_store_observe (WtMailStore *self, const char *host, const WtMailObserver *observer, gpointer user_data)
{
  if (self->mailboxes == NULL)
    return;
  WtMailWatch *watch = g_new (WtMailWatch, 1);
  *watch = (WtMailWatch){ observer, user_data };
  if (self->mailboxes->observers == NULL)
    self->mailboxes->observers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (self->mailboxes->observers, g_strdup (host), watch);
}

void
wt_mailboxes_tell_folder (WtMailboxes *self, const WtMailOp *op, const char *name, WtMailFolderChange change,
                          const char *to)
{
  const WtMailWatch *watch = self->observers ? g_hash_table_lookup (self->observers, op->host) : NULL;
  if (watch)
    watch->observer->folder (op->user, name, change, to, op->by, watch->user_data);
}

/* --- accounts ----------------------------------------------------------------------------------------------------- */

WtMailAccount *
wt_mail_account_new (WtMailStore *store, const char *host, const char *user, guint32 by)
{
  WtMailAccount *self = g_rc_box_new0 (WtMailAccount);
  self->mailboxes = store->mailboxes;
  self->host = g_strdup (host);
  self->user = g_strdup (user);
  self->by = by;
  self->in_mailboxes.data = self;
  g_queue_init (&self->open);
  if (self->mailboxes)
    g_queue_push_tail_link (&self->mailboxes->accounts, &self->in_mailboxes);
  return self;
}

void
wt_mail_account_free (WtMailAccount *self)
{
  if (self == NULL)
    return;
  while (self->open.head)
    wt_mailbox_close (self->open.head->data);
  if (self->mailboxes)
    g_queue_unlink (&self->mailboxes->accounts, &self->in_mailboxes);
  self->closed = TRUE;
  g_rc_box_release_full (self, account_clear);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static gboolean
level_is_valid (const char *level)
{
  if (*level == 0 || strcmp (level, ".") == 0 || strcmp (level, "..") == 0)
    return FALSE;
  for (const char *at = level; *at; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

#define NAME_MAX_BYTES 200
#define LEVELS_MAX 20

/* The inbox by any case is INBOX, also as the first level of others (RFC 9051 5.1). */
char *
wt_folder_name (const char *name, GError **error)
{
  g_autofree char *copy = g_strdup (name);
  gsize length = strlen (copy);
  if (length > 1 && copy[length - 1] == WT_MAIL_SEPARATOR)
    copy[--length] = 0;
  g_auto (GStrv) levels = g_strsplit (copy, "/", LEVELS_MAX + 1);
  gboolean valid = g_utf8_validate (copy, -1, NULL) && length <= NAME_MAX_BYTES && g_strv_length (levels) <= LEVELS_MAX
                   && length > 0;
  for (char **level = levels; valid && *level; level++)
    valid = level_is_valid (*level);
  if (!valid)
    {
      g_set_error_literal (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NAME, _ ("this cannot be the name of a folder"));
      return NULL;
    }
  if (g_ascii_strcasecmp (levels[0], WT_MAIL_INBOX) == 0)
    memcpy (copy, WT_MAIL_INBOX, strlen (WT_MAIL_INBOX));
  return g_steal_pointer (&copy);
}

/* --- folders ------------------------------------------------------------------------------------------------------ */

static void
finish_done (WtMailOp *op, const GError *error)
{
  if (!op->account->closed && op->func)
    ((WtMailAccountDone) op->func) (error, op->user_data);
}

static void
finish_list (WtMailOp *op, const GError *error)
{
  if (!op->account->closed)
    ((WtMailAccountListed) op->func) (error ? NULL : op->folders, error, op->user_data);
}

/* Sets the operation's name. FALSE: it is no name, and the operation has failed. */
static gboolean
take_name (WtMailOp *op, const char *name, gboolean not_inbox)
{
  g_autoptr (GError) error = NULL;
  op->name = wt_folder_name (name, &error);
  if (op->name && not_inbox && strcmp (op->name, WT_MAIL_INBOX) == 0)
    g_set_error_literal (&error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NAME, _ ("INBOX is always there"));
  if (error)
    wt_mail_op_done (op, error);
  return error == NULL;
}

void
wt_mail_account_list (WtMailAccount *self, WtMailAccountListed func, gpointer user_data)
{
  wt_mail_op_run (wt_mail_op_new (self, NULL, G_CALLBACK (func), user_data, finish_list),
                  wt_mail_account_backend (self)->list);
}

void
wt_mail_account_create_folder (WtMailAccount *self, const char *name, WtMailAccountDone func, gpointer user_data)
{
  WtMailOp *op = wt_mail_op_new (self, NULL, G_CALLBACK (func), user_data, finish_done);
  if (take_name (op, name, TRUE))
    wt_mail_op_run (op, wt_mail_account_backend (self)->create);
}

void
wt_mail_account_delete_folder (WtMailAccount *self, const char *name, WtMailAccountDone func, gpointer user_data)
{
  WtMailOp *op = wt_mail_op_new (self, NULL, G_CALLBACK (func), user_data, finish_done);
  if (take_name (op, name, TRUE))
    wt_mail_op_run (op, wt_mail_account_backend (self)->remove);
}

void
wt_mail_account_rename_folder (WtMailAccount *self, const char *from, const char *to, WtMailAccountDone func,
                               gpointer user_data)
{
  WtMailOp *op = wt_mail_op_new (self, NULL, G_CALLBACK (func), user_data, finish_done);
  if (!take_name (op, to, TRUE))
    return;
  op->to = g_steal_pointer (&op->name);
  if (take_name (op, from, FALSE))
    wt_mail_op_run (op, wt_mail_account_backend (self)->rename);
}

void
wt_mail_account_subscribe (WtMailAccount *self, const char *name, gboolean subscribed, WtMailAccountDone func,
                           gpointer user_data)
{
  WtMailOp *op = wt_mail_op_new (self, NULL, G_CALLBACK (func), user_data, finish_done);
  op->yes = subscribed;
  if (take_name (op, name, FALSE))
    wt_mail_op_run (op, wt_mail_account_backend (self)->subscribe);
}

static void
finish_append (WtMailOp *op, const GError *error)
{
  if (op->account->closed || op->func == NULL)
    return;
  guint32 uid = error ? 0 : g_array_index (op->new_uids, guint32, 0);
  ((WtMailAppended) op->func) (op->uid_validity, uid, error, op->user_data);
}

void
wt_mail_account_append (WtMailAccount *self, const char *folder, GBytes *message, guint32 flags,
                        const char *const *keywords, gint64 date, WtMailAppended func, gpointer user_data)
{
  WtMailOp *op = wt_mail_op_new (self, NULL, G_CALLBACK (func), user_data, finish_append);
  op->message = g_bytes_ref (message);
  op->flags = flags & WT_MAIL_SYSTEM_FLAGS;
  op->keywords = g_strdupv ((char **) keywords);
  op->date = date;
  if (take_name (op, folder, FALSE))
    wt_mail_op_run (op, wt_mail_account_backend (self)->append);
}

static void
finish_open (WtMailOp *op, const GError *error)
{
  WtMailboxOpened func = (WtMailboxOpened) op->func;
  if (op->account->closed)
    return;
  if (error == NULL)
    wt_folder_use (op->folder);
  func (error ? NULL : wt_mailbox_new (op->account, op->folder), error, op->user_data);
}

void
wt_mailbox_open (WtMailAccount *account, const char *name, WtMailboxOpened func, gpointer user_data)
{
  WtMailOp *op = wt_mail_op_new (account, NULL, G_CALLBACK (func), user_data, finish_open);
  if (take_name (op, name, FALSE))
    wt_mail_op_run (op, wt_mail_account_backend (account)->open);
}
