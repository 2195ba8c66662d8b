/* SELECT, EXAMINE, CLOSE, UNSELECT (RFC 9051 6.3.2, 6.3.3, 6.4.1, 6.4.2; RFC 7162 3.1.8, 3.2.5). */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

/* SELECT's own: what a client that resynchronizes knows. */
typedef struct
{
  gboolean qresync;
  guint32 uid_validity;
  guint64 modseq;
  WtImapSet known; /* UIDs; no ranges: all */
} Select;

static void
select_free (gpointer data)
{
  Select *select = data;
  wt_imap_set_clear (&select->known);
  g_free (select);
}

/* --- parameters -----------------------------------------------------------------------------------------------------
 */

/* Message sequence match data: two sets that we do not need, as we remember what was expunged. */
static gboolean
skip_match_data (WtImapParser *arguments)
{
  WtImapSet numbers, uids;
  wt_imap_set_init (&numbers);
  wt_imap_set_init (&uids);
  gboolean fine = wt_imap_parser_expect (arguments, '(') && wt_imap_parser_set (arguments, &numbers)
                  && wt_imap_parser_space (arguments) && wt_imap_parser_set (arguments, &uids)
                  && wt_imap_parser_expect (arguments, ')');
  wt_imap_set_clear (&numbers);
  wt_imap_set_clear (&uids);
  return fine;
}

/* QRESYNC (uidvalidity modseq [known-uids] [match-data]) */
static gboolean
take_qresync (WtImapServer *self, WtImapParser *arguments, Select *select)
{
  if (!self->qresync)
    return wt_imap_parser_fail (arguments, "QRESYNC is not enabled");
  select->qresync = TRUE;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '(')
      || !wt_imap_parser_nz_number (arguments, &select->uid_validity) || !wt_imap_parser_space (arguments)
      || !wt_imap_parser_number64 (arguments, &select->modseq))
    return FALSE;
  while (wt_imap_parser_accept (arguments, ' '))
    if (!(wt_imap_parser_peek (arguments) == '(' ? skip_match_data (arguments)
                                                 : wt_imap_parser_set (arguments, &select->known)))
      return FALSE;
  return wt_imap_parser_expect (arguments, ')');
}

static gboolean
take_parameters (WtImapServer *self, WtImapParser *arguments, Select *select)
{
  if (wt_imap_parser_at_end (arguments))
    return TRUE;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '('))
    return FALSE;
  do
    if (wt_imap_parser_word (arguments, "CONDSTORE"))
      wt_imap_server_enable_condstore (self);
    else if (!wt_imap_parser_word (arguments, "QRESYNC"))
      return wt_imap_parser_fail (arguments, "Unknown parameter");
    else if (!take_qresync (self, arguments, select))
      return FALSE;
  while (wt_imap_parser_accept (arguments, ' '));
  return wt_imap_parser_expect (arguments, ')') && wt_imap_parser_end (arguments);
}

/* --- telling of the mailbox -----------------------------------------------------------------------------------------
 */

static guint
first_unseen (const WtImapView *view)
{
  for (guint i = 0; i < view->items->len; i++)
    if (!(wt_imap_view_item (view, i)->item.flags & WT_IMAP_SEEN))
      return i + 1;
  return 0;
}

static void
tell_mailbox (WtImapServer *self)
{
  const WtImapView *view = self->view;
  guint unseen = first_unseen (view);
  wt_imap_server_tell_flags (self);
  wt_imap_server_sayf (self, "* %u EXISTS", view->items->len);
  if (!self->rev2)
    wt_imap_server_sayf (self, "* %u RECENT", view->n_recent);
  if (unseen > 0 && !self->rev2)
    wt_imap_server_sayf (self, "* OK [UNSEEN %u] First unseen.", unseen);
  wt_imap_server_sayf (self, "* OK [UIDVALIDITY %u] UIDs valid", view->uid_validity);
  wt_imap_server_sayf (self, "* OK [UIDNEXT %u] Predicted next UID", view->uid_next);
  if (wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC))
    wt_imap_server_sayf (self, "* OK [HIGHESTMODSEQ %" G_GUINT64_FORMAT "] Highest", view->highest_modseq);
  if (self->rev2) /* RFC 9051 6.3.2 */
    {
      GByteArray *out = wt_imap_server_begin (self);
      wt_imap_put (out, "* LIST () \"/\" ");
      wt_imap_put_mailbox (out, view->name, self->utf8);
      wt_imap_server_end (self);
    }
}

static void
finish_select (WtImapServer *self)
{
  g_autofree char *text = g_strdup_printf ("%s completed.", self->view->read_only ? "Examine" : "Select");
  wt_imap_server_ok (self, self->view->read_only ? "READ-ONLY" : "READ-WRITE", text);
}

static gboolean
is_known (const Select *select, guint32 uid)
{
  return select->known.ranges->len == 0 || wt_imap_set_has (&select->known, uid);
}

/* What changed while the client was away (RFC 7162 3.2.5.1). */
static void
on_vanished (WtImapServer *self, const WtImapAnswer *answer)
{
  Select *select = self->arguments.job;
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  wt_imap_set_resolve (&select->known, self->view->uid_next);
  for (guint i = 0; i < answer->n_uids; i++)
    if (is_known (select, answer->to[i]))
      g_array_append_val (gone, answer->to[i]);
  wt_imap_server_tell_vanished (self, (const guint32 *)(gpointer)gone->data, gone->len, TRUE);
  for (guint i = 0; i < self->view->items->len; i++)
    {
      WtImapViewItem *item = wt_imap_view_item (self->view, i);
      if (item->item.modseq > select->modseq && is_known (select, item->item.uid))
        {
          item->news |= WT_IMAP_NEWS_FLAGS;
          self->view->news = TRUE;
        }
    }
  finish_select (self);
}

static void
on_selected (WtImapServer *self, const WtImapAnswer *answer)
{
  Select *select = self->arguments.job;
  gboolean read_only = strcmp (self->command->verb, "EXAMINE") == 0;
  if (answer->refused || answer->mailbox == NULL)
    {
      wt_imap_server_refused (self, &(WtImapAnswer){ TRUE, answer->code, answer->text }, "No such mailbox.");
      wt_imap_server_move (self, "mailbox cannot be opened");
      return;
    }
  self->view = wt_imap_view_new (self->arguments.name, answer->mailbox, read_only);
  tell_mailbox (self);
  if (select->qresync && select->uid_validity == self->view->uid_validity)
    wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_VANISHED, .modseq = select->modseq },
                        on_vanished);
  else
    finish_select (self);
}

static void
select_mailbox (WtImapServer *self, WtImapParser *arguments, gboolean read_only)
{
  Select *select = g_new0 (Select, 1);
  wt_imap_set_init (&select->known);
  self->arguments.job = select;
  self->arguments.free_job = select_free;
  if (!wt_imap_server_take_name (self, arguments))
    return;
  if (!take_parameters (self, arguments, select))
    {
      wt_imap_server_bad (self, arguments->error);
      return;
    }
  if (self->view != NULL) /* it is closed whether or not the other one can be opened (RFC 9051 6.3.2) */
    {
      wt_imap_server_deselect (self);
      if (wt_imap_server_offers (self, WT_IMAP_EXT_REV2 | WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC))
        wt_imap_server_sayf (self, "* OK [CLOSED] Previous mailbox is closed.");
    }
  wt_imap_server_ask (
      self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_SELECT, .folder = self->arguments.name, .read_only = read_only },
      on_selected);
}

void
wt_imap_cmd_select (WtImapServer *self, WtImapParser *arguments)
{
  select_mailbox (self, arguments, FALSE);
}

void
wt_imap_cmd_examine (WtImapServer *self, WtImapParser *arguments)
{
  select_mailbox (self, arguments, TRUE);
}

/* --- leaving it -----------------------------------------------------------------------------------------------------
 */

static void
on_closed (WtImapServer *self, const WtImapAnswer *answer)
{
  wt_imap_server_deselect (self);
  wt_imap_server_finish (self, answer);
}

/* Removes what is \Deleted, and says nothing of it (RFC 9051 6.4.1). */
void
wt_imap_cmd_close (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  GArray *uids = self->arguments.uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->view->items->len && !self->view->read_only; i++)
    {
      const WtImapViewItem *item = wt_imap_view_item (self->view, i);
      if (item->item.flags & WT_IMAP_DELETED && !(item->news & WT_IMAP_NEWS_GONE))
        g_array_append_val (uids, item->item.uid);
    }
  if (uids->len == 0)
    on_closed (self, NULL);
  else
    wt_imap_server_ask (self,
                        &(WtImapServerEvent){ .ask = WT_IMAP_ASK_EXPUNGE,
                                              .uids = (const guint32 *)(gpointer)uids->data,
                                              .n_uids = uids->len },
                        on_closed);
}

void
wt_imap_cmd_unselect (WtImapServer *self, WtImapParser *arguments)
{
  if (wt_imap_server_take_end (self, arguments))
    on_closed (self, NULL);
}
