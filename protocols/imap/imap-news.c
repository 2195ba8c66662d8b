/* Telling a client what has happened in the selected mailbox (RFC 9051 5.2, 7.3.1, 7.5). */
#include "protocols/imap/imap-server-private.h"

void
wt_imap_server_tell_flags (WtImapServer *self)
{
  WtImapView *view = self->view;
  guint n;
  const char *const *keywords = wt_imap_view_keywords (view, &n);
  guint32 all = WT_IMAP_SYSTEM_FLAGS | ((n < 26 ? (1u << (6 + n)) - 1 : G_MAXUINT32) & ~(WT_IMAP_RECENT * 2 - 1));
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* FLAGS ");
  wt_imap_put_flags (out, all, keywords, n);
  wt_imap_server_end (self);
  out = wt_imap_server_begin (self);
  wt_imap_put (out, "* OK [PERMANENTFLAGS ");
  if (view->read_only)
    wt_imap_put (out, "()] Read-only mailbox.");
  else
    {
      wt_imap_put_flags (out, all, keywords, n);
      if (n < WT_IMAP_KEYWORDS_MAX)
        {
          g_byte_array_set_size (out, out->len - 1);
          wt_imap_put (out, " \\*)");
        }
      wt_imap_put (out, "] Flags permitted.");
    }
  wt_imap_server_end (self);
  view->new_keywords = FALSE;
}

void
wt_imap_server_tell_vanished (WtImapServer *self, const guint32 *uids, guint n, gboolean earlier)
{
  if (n == 0)
    return;
  g_autoptr (GString) set = g_string_new (NULL);
  wt_imap_set_write (set, uids, n);
  wt_imap_server_sayf (self, "* VANISHED %s%s", earlier ? "(EARLIER) " : "", set->str);
}

/* Numbers close up as each is told (RFC 9051 7.5.1). */
static void
tell_expunges (WtImapServer *self)
{
  WtImapView *view = self->view;
  g_autoptr (GArray) vanished = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint kept = 0;
  for (guint i = 0; i < view->items->len; i++)
    {
      WtImapViewItem *item = wt_imap_view_item (view, i);
      if (!(item->news & WT_IMAP_NEWS_GONE))
        {
          *wt_imap_view_item (view, kept++) = *item;
          continue;
        }
      view->n_recent -= (item->item.flags & WT_IMAP_RECENT) != 0;
      if (self->qresync)
        g_array_append_val (vanished, item->item.uid);
      else
        wt_imap_server_sayf (self, "* %u EXPUNGE", kept + 1);
    }
  g_array_set_size (view->items, kept);
  wt_imap_server_tell_vanished (self, (const guint32 *)(gpointer)vanished->data, vanished->len, FALSE);
}

static void
tell_arrivals (WtImapServer *self)
{
  WtImapView *view = self->view;
  if (view->arrived->len == 0)
    return;
  g_array_append_vals (view->items, view->arrived->data, view->arrived->len);
  g_array_set_size (view->arrived, 0);
  wt_imap_server_sayf (self, "* %u EXISTS", view->items->len);
  if (!self->rev2)
    wt_imap_server_sayf (self, "* %u RECENT", view->n_recent);
}

static void
tell_change (WtImapServer *self, guint i)
{
  WtImapViewItem *item = wt_imap_view_item (self->view, i);
  gboolean flags = item->news & WT_IMAP_NEWS_FLAGS;
  gboolean modseq = self->condstore && item->news & (WT_IMAP_NEWS_FLAGS | WT_IMAP_NEWS_MODSEQ);
  item->news &= ~(WT_IMAP_NEWS_FLAGS | WT_IMAP_NEWS_MODSEQ);
  if (!flags && !modseq)
    return;
  GByteArray *out = wt_imap_server_begin (self);
  const char *gap = "(";
  wt_imap_putf (out, "* %u FETCH ", i + 1);
  if (self->by_uid || self->qresync || self->rev2) /* RFC 9051 6.4.9, 7.5.2; RFC 7162 3.2.4 */
    {
      wt_imap_putf (out, "(UID %u", item->item.uid);
      gap = " ";
    }
  if (modseq)
    {
      wt_imap_putf (out, "%sMODSEQ (%" G_GUINT64_FORMAT ")", gap, item->item.modseq);
      gap = " ";
    }
  if (flags)
    {
      guint n;
      const char *const *keywords = wt_imap_view_keywords (self->view, &n);
      wt_imap_putf (out, "%sFLAGS ", gap);
      wt_imap_put_flags (out, item->item.flags & ~(self->rev2 ? WT_IMAP_RECENT : 0), keywords, n);
    }
  wt_imap_put (out, ")");
  wt_imap_server_end (self);
}

void
wt_imap_server_tell_news (WtImapServer *self, gboolean with_expunges)
{
  WtImapView *view = self->view;
  if (view == NULL)
    return;
  if (view->new_keywords)
    wt_imap_server_tell_flags (self);
  if (view->news && with_expunges)
    tell_expunges (self);
  tell_arrivals (self);
  if (!view->news)
    return;
  gboolean still = FALSE;
  for (guint i = 0; i < view->items->len; i++)
    {
      guint8 news = wt_imap_view_item (view, i)->news & ~WT_IMAP_SAVED;
      if (news == 0)
        continue;
      if (news & WT_IMAP_NEWS_GONE)
        still = TRUE;
      else
        tell_change (self, i);
    }
  view->news = still;
}

/* From the first command on that shows that the client knows of it (RFC 7162 3.1). */
void
wt_imap_server_enable_condstore (WtImapServer *self)
{
  if (self->condstore || !wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC))
    return;
  self->condstore = TRUE;
  if (self->view != NULL)
    wt_imap_server_sayf (self, "* OK [HIGHESTMODSEQ %" G_GUINT64_FORMAT "] Highest", self->view->highest_modseq);
}
