/* What an IMAP session asks about the mailbox that it has selected. */
#include "app/hosts/imap-session-private.h"

#define MISSING_MAX 1000000 /* UIDs that are told as expunged where the store no longer knows when */

static void
on_done (WtMailbox *box, const GError *error, gpointer user_data)
{
  wt_imap_session_answer_error (user_data, error);
}

/* --- reading --------------------------------------------------------------------------------------- */

/* What the engine will ask for next is read while the client gets what it has asked for: the store's threads and ours
 * work at the same time. */

static void
unref_message (gpointer message)
{
  g_bytes_unref (message); /* NULL: a mail that is gone */
}

void
wt_imap_session_forget_read (WtImapSession *self)
{
  g_queue_clear_full (&self->read, unref_message);
  g_clear_pointer (&self->reading, g_array_unref);
  self->reads_left = self->reads_unwanted = 0;
}

void
wt_imap_session_deselect (WtImapSession *self)
{
  g_clear_pointer (&self->box, wt_mailbox_close);
  wt_imap_session_forget_read (self);
}

/* Gives the engine what it waits for; the last one answers its question. */
static void
hand_over (WtImapSession *self)
{
  guint n = 0;
  for (; self->reads_left > 0 && self->read.length > 0; n++)
    {
      GBytes *message = g_queue_pop_head (&self->read);
      wt_imap_server_message (self->imap, self->base.question, g_array_index (self->reading, guint32, n), message);
      g_bytes_unref (message);
      self->reads_left--;
    }
  if (n == 0)
    return;
  g_array_remove_range (self->reading, 0, n);
  if (self->reads_left == 0)
    wt_imap_session_answer (self, NULL);
}

static void
on_read (WtMailbox *box, guint32 uid, GBytes *message, const GError *error, gpointer user_data)
{
  WtImapSession *self = user_data;
  if (error)
    wt_conn_note (self->base.conn, WT_NOTE_ERROR, "%s", error->message);
  if (self->reads_unwanted > 0)
    {
      self->reads_unwanted--;
      return;
    }
  g_queue_push_tail (&self->read, message ? g_bytes_ref (message) : NULL);
  if (self->reads_left > 0)
    hand_over (self);
}

/* How many of the mails that are wanted have been asked for already; what else was is forgotten. */
static guint
asked_before (WtImapSession *self, const WtImapServerEvent *event)
{
  guint n = self->reading->len;
  for (guint i = 0; i < n; i++)
    if (i >= event->n_uids || g_array_index (self->reading, guint32, i) != event->uids[i])
      {
        self->reads_unwanted += n - self->read.length;
        g_queue_clear_full (&self->read, unref_message);
        g_array_set_size (self->reading, 0);
        return 0;
      }
  return n;
}

static void
read_mails (WtImapSession *self, const WtImapServerEvent *event)
{
  if (self->reading == NULL)
    self->reading = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 *uids = event->uids;
  guint known = asked_before (self, event), n = event->n_uids, n_ahead = event->n_ahead;
  g_array_append_vals (self->reading, uids + known, n + n_ahead - known);
  self->reads_left = n;
  if (n > known)
    wt_mailbox_read (self->box, uids + known, n - known, on_read, self);
  if (n_ahead > 0)
    wt_mailbox_read (self->box, uids + n, n_ahead, on_read, self);
  hand_over (self);
}

/* --- flags --------------------------------------------------------------------------------------- */

/* A keyword that the folder does not have is made, but not to take it away. FALSE: there is no room for it. */
static gboolean
find_keywords (WtImapSession *self, const WtImapServerEvent *event, guint32 *flags)
{
  for (guint i = 0; event->keywords && event->keywords[i]; i++)
    {
      guint32 flag = wt_mailbox_keyword (self->box, event->keywords[i], event->how != WT_IMAP_FLAGS_REMOVE);
      if (flag == 0 && event->how != WT_IMAP_FLAGS_REMOVE)
        return FALSE;
      *flags |= flag;
    }
  guint n;
  const char *const *keywords = wt_mailbox_keywords (self->box, &n);
  wt_imap_server_keywords (self->imap, keywords, n);
  return TRUE;
}

static void
set_flags (WtImapSession *self, const WtImapServerEvent *event)
{
  static const WtMailFlagsHow hows[] = { WT_MAIL_FLAGS_ADD, WT_MAIL_FLAGS_REMOVE, WT_MAIL_FLAGS_REPLACE };
  guint32 flags = event->flags;
  if (find_keywords (self, event, &flags))
    wt_mailbox_set_flags (self->box, event->uids, event->n_uids, hows[event->how], flags, on_done, self);
  else
    wt_imap_session_refuse (self, "LIMIT", "This mailbox has as many keywords as it can have.");
}

/* --- COPY, MOVE ----------------------------------------------------------------------------------------------------
 */

static void
on_copied (WtMailbox *box, guint32 uid_validity, const guint32 *from, const guint32 *to, guint n, const GError *error,
           gpointer user_data)
{
  WtImapSession *self = user_data;
  if (error)
    wt_imap_session_answer_error (self, error);
  else
    wt_imap_session_answer (self, &(WtImapAnswer){ .uid_validity = uid_validity, .from = from, .to = to, .n_uids = n });
}

static guint64
size_of (WtImapSession *self, const WtImapServerEvent *event)
{
  guint64 size = 0;
  for (guint i = 0; i < event->n_uids; i++)
    {
      const WtMailItem *item = wt_mailbox_find (self->box, event->uids[i]);
      size += item ? item->size : 0;
    }
  return size;
}

static void
copy (WtImapSession *self, const WtImapServerEvent *event)
{
  WtMailVerdict verdict = { 0 };
  gboolean room = event->move || wt_mail_policy_room (self->base.server, self->user, size_of (self, event), &verdict);
  wt_mail_verdict_clear (&verdict);
  if (room)
    wt_mailbox_copy (self->box, event->uids, event->n_uids, event->folder, event->move, on_copied, self);
  else
    wt_imap_session_refuse (self, "OVERQUOTA", "The mailbox is full.");
}

/* --- VANISHED ------------------------------------------------------------------------------------------------------
 */

/* Every UID that is not there: the client may know any of them (RFC 7162 3.2.5.1). (transfer full) */
static GArray *
missing_uids (const WtMailbox *box)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 uid = 1;
  for (guint i = 0; i <= wt_mailbox_n_items (box); i++)
    {
      guint32 next = i < wt_mailbox_n_items (box) ? wt_mailbox_item (box, i)->uid : wt_mailbox_uid_next (box);
      for (; uid < next && missing->len < MISSING_MAX; uid++)
        g_array_append_val (missing, uid);
      uid = next + 1;
    }
  return missing;
}

static void
answer_vanished (WtImapSession *self, guint64 modseq)
{
  guint64 known_since = 0;
  g_autoptr (GArray) uids = wt_mailbox_vanished (self->box, modseq, &known_since);
  if (modseq < known_since)
    {
      g_array_unref (uids);
      uids = missing_uids (self->box);
    }
  wt_imap_session_answer (self, &(WtImapAnswer){ .to = (const guint32 *)(gpointer)uids->data, .n_uids = uids->len });
}

void
wt_imap_session_ask_mailbox (WtImapSession *self, const WtImapServerEvent *event)
{
  switch (event->ask)
    {
    case WT_IMAP_ASK_CHECK:
      wt_mailbox_check (self->box, on_done, self);
      break;
    case WT_IMAP_ASK_READ:
      read_mails (self, event);
      break;
    case WT_IMAP_ASK_FLAGS:
      set_flags (self, event);
      break;
    case WT_IMAP_ASK_EXPUNGE:
      wt_mailbox_expunge (self->box, event->uids, event->n_uids, on_done, self);
      break;
    case WT_IMAP_ASK_COPY:
      copy (self, event);
      break;
    case WT_IMAP_ASK_VANISHED:
      answer_vanished (self, event->modseq);
      break;
    default:
      g_return_if_reached ();
    }
}
