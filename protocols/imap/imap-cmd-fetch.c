/* FETCH and UID FETCH (RFC 9051 6.4.5; RFC 7162 3.1.4, 3.2.6). Mails are asked for in batches, and no more of them than
 * the client takes. */
#include "protocols/imap/imap-fetch.h"

#include <string.h>

#define BATCH_MAX 128 /* mails asked for at a time */

typedef struct
{
  GArray *items; /* (element-type WtImapFetchItem) */
  guint next;    /* of arguments.uids */
  guint at;      /* index in the view that is likely the next one's */
  gboolean unknown_cte, missing;
  gboolean changed_since_given, vanished;
  guint64 changed_since;
  WtImapSet set; /* as it was given, for VANISHED */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;
  g_array_unref (fetch->items);
  wt_imap_set_clear (&fetch->set);
  g_free (fetch);
}

static void
finish_fetch (WtImapServer *self)
{
  const Fetch *fetch = self->arguments.job;
  self->go_on = NULL;
  if (fetch->unknown_cte)
    wt_imap_server_no (self, "UNKNOWN-CTE", "A part has an unknown encoding.");
  else if (fetch->missing || self->arguments.gone)
    wt_imap_server_no (self, "EXPUNGEISSUED", "Some of the requested messages no longer exist.");
  else
    wt_imap_server_finish (self, NULL);
}

/* Numbers do not change while the command runs, so the place is known; a message that has gone is passed over. */
static void
tell_one (WtImapServer *self, Fetch *fetch, guint i, GBytes *message)
{
  guint32 index = g_array_index (self->arguments.indices, guint32, i);
  const WtImapViewItem *item = wt_imap_view_item (self->view, index);
  if (item->news & WT_IMAP_NEWS_GONE
      || (message == NULL && wt_imap_fetch_needs_message (self, fetch->items, index)))
    fetch->missing = TRUE;
  else if (!wt_imap_fetch_tell (self, fetch->items, index, message))
    fetch->unknown_cte = TRUE;
}

static void
got_message (WtImapServer *self, guint32 uid, GBytes *message)
{
  Fetch *fetch = self->arguments.job;
  GArray *uids = self->arguments.uids;
  if (fetch->next < uids->len && g_array_index (uids, guint32, fetch->next) == uid)
    tell_one (self, fetch, fetch->next++, message);
}

static void go_on (WtImapServer *self);

static void
on_read (WtImapServer *self, const WtImapAnswer *answer)
{
  if (!wt_imap_server_refused (self, answer, "Mails cannot be read."))
    self->go_on = go_on;
}

static gboolean
must_be_read (WtImapServer *self, const Fetch *fetch, guint i)
{
  return wt_imap_fetch_needs_message (self, fetch->items, g_array_index (self->arguments.indices, guint32, i));
}

/* As many as fit WT_IMAP_READ_MAX, one at least, up to one that need not be read. */
static guint
batch_size (WtImapServer *self, const Fetch *fetch, guint first)
{
  GArray *indices = self->arguments.indices;
  guint64 size = 0;
  guint n = 0;
  for (; n < BATCH_MAX && first + n < indices->len && must_be_read (self, fetch, first + n); n++)
    {
      size += wt_imap_view_item (self->view, g_array_index (indices, guint32, first + n))->item.size;
      if (size > WT_IMAP_READ_MAX && n > 0)
        break;
    }
  return n;
}

static void
ask_batch (WtImapServer *self, const Fetch *fetch)
{
  guint n = batch_size (self, fetch, fetch->next);
  self->go_on = NULL;
  wt_imap_server_ask (self,
                      &(WtImapServerEvent){ .ask = WT_IMAP_ASK_READ,
                                            .uids = &g_array_index (self->arguments.uids, guint32, fetch->next),
                                            .n_uids = n,
                                            .n_ahead = batch_size (self, fetch, fetch->next + n) },
                      on_read);
  self->got_message = got_message;
}

/* Tells what can be told, a batch at the most before others have their turn; then asks for mails. */
static void
go_on (WtImapServer *self)
{
  Fetch *fetch = self->arguments.job;
  guint n_told = 0, n = self->arguments.indices->len;
  for (; n_told < BATCH_MAX && fetch->next < n && !must_be_read (self, fetch, fetch->next); n_told++)
    tell_one (self, fetch, fetch->next++, NULL);
  if (fetch->next == n)
    finish_fetch (self);
  else if (n_told == 0)
    ask_batch (self, fetch);
}

static void
start (WtImapServer *self)
{
  self->go_on = go_on;
}

/* --- what comes first -----------------------------------------------------------------------------------------------
 */

static void
on_seen (WtImapServer *self, const WtImapAnswer *answer)
{
  start (self); /* that \Seen could not be stored keeps nobody from reading */
}

/* Reading a mail sets \Seen (RFC 9051 6.4.5). */
static gboolean
ask_seen (WtImapServer *self)
{
  Fetch *fetch = self->arguments.job;
  GArray *unseen = g_array_new (FALSE, FALSE, sizeof (guint32));
  GArray *uids = self->arguments.uids;
  for (guint i = 0; i < uids->len; i++)
    if (!(wt_imap_view_item (self->view, g_array_index (self->arguments.indices, guint32, i))->item.flags
          & WT_IMAP_SEEN))
      g_array_append_val (unseen, g_array_index (uids, guint32, i));
  if (self->view->read_only || unseen->len == 0 || !wt_imap_fetch_items_set_seen (fetch->items))
    {
      g_array_unref (unseen);
      return FALSE;
    }
  self->arguments.unseen = unseen;
  wt_imap_server_ask (self,
                      &(WtImapServerEvent){ .ask = WT_IMAP_ASK_FLAGS,
                                            .uids = (const guint32 *)(gpointer)unseen->data,
                                            .n_uids = unseen->len,
                                            .how = WT_IMAP_FLAGS_ADD,
                                            .flags = WT_IMAP_SEEN },
                      on_seen);
  return TRUE;
}

static void
keep_changed (WtImapServer *self, const Fetch *fetch)
{
  WtImapArguments *own = &self->arguments;
  guint kept = 0;
  for (guint i = 0; i < own->indices->len; i++)
    {
      guint32 index = g_array_index (own->indices, guint32, i);
      if (wt_imap_view_item (self->view, index)->item.modseq <= fetch->changed_since)
        continue;
      g_array_index (own->indices, guint32, kept) = index;
      g_array_index (own->uids, guint32, kept++) = g_array_index (own->uids, guint32, i);
    }
  g_array_set_size (own->indices, kept);
  g_array_set_size (own->uids, kept);
}

static void
on_vanished (WtImapServer *self, const WtImapAnswer *answer)
{
  Fetch *fetch = self->arguments.job;
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < answer->n_uids; i++)
    if (wt_imap_set_has (&fetch->set, answer->to[i]) && wt_imap_view_find (self->view, answer->to[i], NULL) == NULL)
      g_array_append_val (gone, answer->to[i]);
  wt_imap_server_tell_vanished (self, (const guint32 *)(gpointer)gone->data, gone->len, TRUE);
  if (!ask_seen (self))
    start (self);
}

/* --- arguments ------------------------------------------------------------------------------------------------------
 */

/* (CHANGEDSINCE modseq [VANISHED]) */
static gboolean
take_modifiers (WtImapServer *self, WtImapParser *arguments, Fetch *fetch)
{
  if (wt_imap_parser_at_end (arguments))
    return TRUE;
  if (!wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC))
    return wt_imap_parser_end (arguments);
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '('))
    return FALSE;
  do
    if (wt_imap_parser_word (arguments, "CHANGEDSINCE"))
      {
        fetch->changed_since_given = TRUE;
        if (!wt_imap_parser_space (arguments) || !wt_imap_parser_number64 (arguments, &fetch->changed_since))
          return FALSE;
      }
    else if (self->by_uid && self->qresync && wt_imap_parser_word (arguments, "VANISHED"))
      fetch->vanished = TRUE;
    else
      return wt_imap_parser_fail (arguments, "Unknown FETCH modifier");
  while (wt_imap_parser_accept (arguments, ' '));
  if (fetch->vanished && !fetch->changed_since_given)
    return wt_imap_parser_fail (arguments, "VANISHED needs CHANGEDSINCE");
  return wt_imap_parser_expect (arguments, ')') && wt_imap_parser_end (arguments);
}

static gboolean
take_arguments (WtImapServer *self, WtImapParser *arguments, Fetch *fetch)
{
  gboolean modseq = wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC);
  if (!wt_imap_server_take_set (self, arguments, &fetch->set))
    return FALSE;
  if (self->by_uid)
    wt_imap_fetch_items_add (fetch->items, WT_IMAP_FETCH_UID);
  if (!wt_imap_parser_space (arguments)
      || !wt_imap_fetch_items_parse (fetch->items, arguments,
                                     wt_imap_server_offers (self, WT_IMAP_EXT_BINARY | WT_IMAP_EXT_REV2), modseq)
      || !take_modifiers (self, arguments, fetch))
    {
      wt_imap_server_bad (self, arguments->error);
      return FALSE;
    }
  if (fetch->changed_since_given || wt_imap_fetch_items_have (fetch->items, WT_IMAP_FETCH_MODSEQ))
    wt_imap_server_enable_condstore (self);
  if (fetch->changed_since_given)
    wt_imap_fetch_items_add (fetch->items, WT_IMAP_FETCH_MODSEQ);
  return TRUE;
}

void
wt_imap_cmd_fetch (WtImapServer *self, WtImapParser *arguments)
{
  Fetch *fetch = g_new0 (Fetch, 1);
  fetch->items = wt_imap_fetch_items_new ();
  self->arguments.job = fetch;
  self->arguments.free_job = fetch_free;
  if (!take_arguments (self, arguments, fetch) || !wt_imap_server_resolve_set (self, &fetch->set))
    return;
  if (fetch->changed_since_given)
    keep_changed (self, fetch);
  if (fetch->vanished)
    wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_VANISHED, .modseq = fetch->changed_since },
                        on_vanished);
  else if (!ask_seen (self))
    start (self);
}
