/* What an IMAP session asks about the account's folders. */
#include "app/hosts/imap-session-private.h"
#include "protocols/base/dot-text.h"

#include <string.h>

/* --- LIST --------------------------------------------------------------------------------------------------------- */

/* Folders of these names are what mail programs expect them to be (RFC 6154 2). */
static WtImapUse
use_of (const char *name)
{
  static const char *const names[] = { NULL, "Archive", "Drafts", "Junk", "Sent", "Trash" };
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return i;
  return WT_IMAP_USE_NONE;
}

static void
on_listed (GPtrArray *folders, const GError *error, gpointer user_data)
{
  WtImapSession *self = user_data;
  if (error)
    {
      wt_imap_session_answer_error (self, error);
      return;
    }
  g_autofree WtImapFolder *list = g_new0 (WtImapFolder, folders->len);
  for (guint i = 0; i < folders->len; i++)
    {
      const WtMailFolder *folder = g_ptr_array_index (folders, i);
      list[i] = (WtImapFolder){ folder->name, folder->exists, folder->subscribed, folder->has_children,
                                folder->exists ? use_of (folder->name) : WT_IMAP_USE_NONE };
    }
  wt_imap_session_answer (self, &(WtImapAnswer){ .folders = list, .n_folders = folders->len });
}

/* --- CREATE and its kin ------------------------------------------------------------------------------------------- */

static void
on_done (const GError *error, gpointer user_data)
{
  wt_imap_session_answer_error (user_data, error);
}

static void
create (WtImapSession *self, const WtImapServerEvent *event)
{
  if (event->use != WT_IMAP_USE_NONE && use_of (event->folder) != event->use)
    wt_imap_session_refuse (self, "USEATTR", "A mailbox of this name cannot have this use.");
  else
    wt_mail_account_create_folder (self->account, event->folder, on_done, self);
}

/* --- STATUS ------------------------------------------------------------------------------------------------------- */

static void
on_status_opened (WtMailbox *box, const GError *error, gpointer user_data)
{
  WtImapSession *self = user_data;
  if (box == NULL)
    {
      wt_imap_session_answer_error (self, error);
      return;
    }
  guint32 first_recent = wt_mailbox_first_recent (box);
  WtImapAnswer answer = { .status = { .messages = wt_mailbox_n_items (box),
                                      .uid_next = wt_mailbox_uid_next (box),
                                      .uid_validity = wt_mailbox_uid_validity (box),
                                      .highest_modseq = wt_mailbox_modseq (box) } };
  for (guint i = 0; i < answer.status.messages; i++)
    {
      const WtMailItem *item = wt_mailbox_item (box, i);
      answer.status.recent += item->uid >= first_recent;
      answer.status.unseen += !(item->flags & WT_MAIL_SEEN);
      answer.status.deleted += (item->flags & WT_MAIL_DELETED) != 0;
      answer.status.size += item->size;
    }
  wt_mailbox_close (box);
  wt_imap_session_answer (self, &answer);
}

/* --- APPEND ------------------------------------------------------------------------------------------------------- */

/* A mail has CRLF lines, also one from a client that does not know (RFC 9051 6.3.12, RFC 5322 2.1). (transfer full) */
static GBytes *
with_crlf (GBytes *message)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (message, &n_bytes);
  if (wt_dot_text_find_bare (bytes, n_bytes) < 0)
    return g_bytes_ref (message);
  GByteArray *out = g_byte_array_sized_new (n_bytes + n_bytes / 32);
  for (gsize i = 0, from = 0; i <= n_bytes; i++)
    if (i == n_bytes || (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')))
      {
        g_byte_array_append (out, bytes + from, i - from);
        if (i < n_bytes)
          g_byte_array_append (out, (const guint8 *)"\r", 1);
        from = i;
      }
  return g_byte_array_free_to_bytes (out);
}

static void
on_appended (guint32 uid_validity, guint32 uid, const GError *error, gpointer user_data)
{
  WtImapSession *self = user_data;
  if (uid == 0)
    wt_imap_session_answer_error (self, error);
  else
    wt_imap_session_answer (self, &(WtImapAnswer){ .uid_validity = uid_validity, .to = &uid, .n_uids = 1 });
}

static void
append (WtImapSession *self, const WtImapServerEvent *event)
{
  g_autoptr (GBytes) message = with_crlf (event->bytes);
  WtMailVerdict verdict = { 0 };
  gboolean room = wt_mail_policy_room (self->base.server, self->user, g_bytes_get_size (message), &verdict);
  wt_mail_verdict_clear (&verdict);
  gint64 now = wt_world_wall_time (self->base.server->host.world) / G_USEC_PER_SEC;
  if (room)
    wt_mail_account_append (self->account, event->folder, message, event->flags, event->keywords,
                            event->date == G_MININT64 ? now : event->date, on_appended, self);
  else
    wt_imap_session_refuse (self, "OVERQUOTA", "The mailbox is full.");
}

static void
answer_quota (WtImapSession *self)
{
  const WtMailServer *server = self->base.server;
  const WtMailUser *user = wt_mail_settings_user (server->settings, self->user);
  guint64 limit = user ? user->quota : 0;
  wt_imap_session_answer (
      self, &(WtImapAnswer){ .quota_used = wt_mail_store_usage (server->store, server->name, self->user, limit),
                             .quota_limit = limit });
}

/* --- SELECT ------------------------------------------------------------------------------------------------------- */

static WtImapItem
item_of (const WtMailItem *item)
{
  G_STATIC_ASSERT (WT_IMAP_SEEN == WT_MAIL_SEEN && WT_IMAP_ANSWERED == WT_MAIL_ANSWERED
                   && WT_IMAP_FLAGGED == WT_MAIL_FLAGGED && WT_IMAP_DELETED == WT_MAIL_DELETED
                   && WT_IMAP_DRAFT == WT_MAIL_DRAFT && WT_IMAP_KEYWORD (0) == WT_MAIL_KEYWORD (0));
  return (WtImapItem){ item->uid, item->flags, item->modseq, item->date, item->size };
}

static void
on_changed (WtMailbox *box, const WtMailboxChange *change, gpointer user_data)
{
  WtImapSession *self = user_data;
  guint n;
  const char *const *keywords = wt_mailbox_keywords (box, &n);
  wt_imap_server_keywords (self->imap, keywords, n);
  switch (change->type)
    {
    case WT_MAILBOX_ADDED:
      {
        WtImapItem item = item_of (change->item);
        guint32 first_recent = self->read_only ? wt_mailbox_first_recent (box) : wt_mailbox_claim_recent (box);
        wt_imap_server_added (self->imap, &item, item.uid >= first_recent);
        break;
      }
    case WT_MAILBOX_FLAGS:
      wt_imap_server_changed (self->imap, change->item->uid, change->item->flags, change->item->modseq);
      break;
    case WT_MAILBOX_EXPUNGED:
      wt_imap_server_expunged (self->imap, change->item->uid, change->item->modseq);
      break;
    case WT_MAILBOX_GONE:
      wt_imap_server_gone (self->imap);
      break;
    }
  if (wt_imap_server_is_idle (self->imap) || change->type == WT_MAILBOX_GONE)
    wt_incoming_pump (&self->base);
}

static void
on_selected (WtMailbox *box, const GError *error, gpointer user_data)
{
  WtImapSession *self = user_data;
  if (box == NULL)
    {
      wt_imap_session_answer_error (self, error);
      return;
    }
  self->box = box;
  guint n = wt_mailbox_n_items (box);
  g_autofree WtImapItem *items = g_new (WtImapItem, n);
  for (guint i = 0; i < n; i++)
    items[i] = item_of (wt_mailbox_item (box, i));
  WtImapMailbox mailbox = { .cache_id = wt_mailbox_serial (box),
                            .uid_validity = wt_mailbox_uid_validity (box),
                            .uid_next = wt_mailbox_uid_next (box),
                            .highest_modseq = wt_mailbox_modseq (box),
                            .first_recent =
                                self->read_only ? wt_mailbox_first_recent (box) : wt_mailbox_claim_recent (box),
                            .items = items,
                            .n_items = n };
  mailbox.keywords = wt_mailbox_keywords (box, &mailbox.n_keywords);
  wt_mailbox_watch (box, on_changed, self);
  wt_imap_session_answer (self, &(WtImapAnswer){ .mailbox = &mailbox });
}

void
wt_imap_session_ask_folders (WtImapSession *self, const WtImapServerEvent *event)
{
  switch (event->ask)
    {
    case WT_IMAP_ASK_LIST:
      wt_mail_account_list (self->account, on_listed, self);
      break;
    case WT_IMAP_ASK_CREATE:
      create (self, event);
      break;
    case WT_IMAP_ASK_DELETE:
      wt_mail_account_delete_folder (self->account, event->folder, on_done, self);
      break;
    case WT_IMAP_ASK_RENAME:
      wt_mail_account_rename_folder (self->account, event->folder, event->to, on_done, self);
      break;
    case WT_IMAP_ASK_SUBSCRIBE:
    case WT_IMAP_ASK_UNSUBSCRIBE:
      wt_mail_account_subscribe (self->account, event->folder, event->ask == WT_IMAP_ASK_SUBSCRIBE, on_done, self);
      break;
    case WT_IMAP_ASK_STATUS:
      wt_mailbox_open (self->account, event->folder, on_status_opened, self);
      break;
    case WT_IMAP_ASK_SELECT:
      self->read_only = event->read_only;
      wt_mailbox_open (self->account, event->folder, on_selected, self);
      break;
    case WT_IMAP_ASK_APPEND:
      append (self, event);
      break;
    case WT_IMAP_ASK_QUOTA:
      answer_quota (self);
      break;
    default:
      g_return_if_reached ();
    }
}
