/* A session's view of the selected mailbox: which message has which number, and what the client has not been told. */
#include "protocols/imap/imap-server-private.h"

static void
add_keywords (WtImapView *self, const char *const *keywords, guint n)
{
  g_ptr_array_set_size (self->keywords, 0);
  for (guint i = 0; i < MIN (n, WT_IMAP_KEYWORDS_MAX); i++)
    g_ptr_array_add (self->keywords, g_strdup (keywords[i]));
}

static WtImapViewItem
new_item (WtImapView *self, const WtImapItem *item, gboolean recent)
{
  WtImapViewItem new = { *item, 0 };
  new.item.flags &= ~WT_IMAP_RECENT;
  if (recent)
    new.item.flags |= WT_IMAP_RECENT;
  self->n_recent += recent;
  self->uid_next = MAX (self->uid_next, item->uid + 1);
  self->highest_modseq = MAX (self->highest_modseq, item->modseq);
  return new;
}

WtImapView *
wt_imap_view_new (const char *name, const WtImapMailbox *mailbox, gboolean read_only)
{
  WtImapView *self = g_new0 (WtImapView, 1);
  self->name = g_strdup (name);
  self->read_only = read_only;
  self->uid_validity = mailbox->uid_validity;
  self->cache_id = mailbox->cache_id;
  self->uid_next = mailbox->uid_next;
  self->highest_modseq = mailbox->highest_modseq;
  self->keywords = g_ptr_array_new_with_free_func (g_free);
  add_keywords (self, mailbox->keywords, mailbox->n_keywords);
  self->items = g_array_sized_new (FALSE, FALSE, sizeof (WtImapViewItem), mailbox->n_items);
  self->arrived = g_array_new (FALSE, FALSE, sizeof (WtImapViewItem));
  for (guint i = 0; i < mailbox->n_items; i++)
    {
      const WtImapItem *item = &mailbox->items[i];
      WtImapViewItem new = new_item (self, item, mailbox->first_recent > 0 && item->uid >= mailbox->first_recent);
      g_array_append_val (self->items, new);
    }
  return self;
}

void
wt_imap_view_free (WtImapView *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_ptr_array_unref (self->keywords);
  g_array_unref (self->items);
  g_array_unref (self->arrived);
  g_free (self);
}

WtImapViewItem *
wt_imap_view_item (const WtImapView *self, guint i)
{
  return &g_array_index (self->items, WtImapViewItem, i);
}

/* First item of a UID not below `uid`; the length when there is none. */
static guint
lower_bound (const GArray *items, guint32 uid)
{
  guint low = 0, high = items->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (items, WtImapViewItem, middle).item.uid < uid)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

WtImapViewItem *
wt_imap_view_find (const WtImapView *self, guint32 uid, guint *index)
{
  guint i = lower_bound (self->items, uid);
  if (i == self->items->len || wt_imap_view_item (self, i)->item.uid != uid)
    return NULL;
  if (index != NULL)
    *index = i;
  return wt_imap_view_item (self, i);
}

guint32
wt_imap_view_highest_uid (const WtImapView *self)
{
  return self->items->len > 0 ? wt_imap_view_item (self, self->items->len - 1)->item.uid : 0;
}

const char *const *
wt_imap_view_keywords (const WtImapView *self, guint *n)
{
  *n = self->keywords->len;
  return (const char *const *)self->keywords->pdata;
}

/* --- sets -----------------------------------------------------------------------------------------------------------
 */

/* FALSE: it is gone. */
static gboolean
add_index (const WtImapView *self, GArray *indices, guint i)
{
  guint32 index = i;
  if (wt_imap_view_item (self, i)->news & WT_IMAP_NEWS_GONE)
    return FALSE;
  g_array_append_val (indices, index);
  return TRUE;
}

static void
resolve_saved (const WtImapView *self, GArray *indices)
{
  for (guint i = 0; i < self->items->len; i++)
    if (wt_imap_view_item (self, i)->news & WT_IMAP_SAVED)
      add_index (self, indices, i);
}

static gboolean
resolve_numbers (const WtImapView *self, const WtImapSet *set, GArray *indices, gboolean *gone)
{
  for (guint i = 0; i < set->ranges->len; i++)
    {
      const WtImapRange *range = &g_array_index (set->ranges, WtImapRange, i);
      if (range->first == 0 || range->last > self->items->len)
        return FALSE;
      for (guint32 number = range->first; number <= range->last; number++)
        *gone |= !add_index (self, indices, number - 1);
    }
  return TRUE;
}

static void
resolve_uids (const WtImapView *self, const WtImapSet *set, GArray *indices)
{
  for (guint i = 0; i < set->ranges->len; i++)
    {
      const WtImapRange *range = &g_array_index (set->ranges, WtImapRange, i);
      for (guint at = lower_bound (self->items, range->first);
           at < self->items->len && wt_imap_view_item (self, at)->item.uid <= range->last; at++)
        add_index (self, indices, at);
    }
}

gboolean
wt_imap_view_resolve (const WtImapView *self, WtImapSet *set, gboolean by_uid, GArray **indices, gboolean *gone)
{
  *gone = FALSE;
  *indices = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (set->saved)
    {
      resolve_saved (self, *indices);
      return TRUE;
    }
  wt_imap_set_resolve (set, by_uid ? wt_imap_view_highest_uid (self) : self->items->len);
  if (by_uid)
    resolve_uids (self, set, *indices);
  else if (!resolve_numbers (self, set, *indices, gone))
    {
      g_clear_pointer (indices, g_array_unref);
      return FALSE;
    }
  return TRUE;
}

/* --- what happens in it ---------------------------------------------------------------------------------------------
 */

void
wt_imap_server_added (WtImapServer *self, const WtImapItem *item, gboolean recent)
{
  WtImapView *view = self->view;
  if (view == NULL || item->uid < view->uid_next)
    return;
  WtImapViewItem new = new_item (view, item, recent);
  g_array_append_val (view->arrived, new);
}

/* (nullable) among what the client knows and what it does not. */
static WtImapViewItem *
find_anywhere (const WtImapView *view, guint32 uid, gboolean *known)
{
  WtImapViewItem *item = wt_imap_view_find (view, uid, NULL);
  *known = item != NULL;
  if (item != NULL)
    return item;
  guint i = lower_bound (view->arrived, uid);
  item = i < view->arrived->len ? &g_array_index (view->arrived, WtImapViewItem, i) : NULL;
  return item != NULL && item->item.uid == uid ? item : NULL;
}

void
wt_imap_server_changed (WtImapServer *self, guint32 uid, guint32 flags, guint64 modseq)
{
  WtImapView *view = self->view;
  gboolean known;
  WtImapViewItem *item = view ? find_anywhere (view, uid, &known) : NULL;
  if (item == NULL)
    return;
  flags = (flags & ~WT_IMAP_RECENT) | (item->item.flags & WT_IMAP_RECENT);
  if (known)
    item->news |= flags != item->item.flags ? WT_IMAP_NEWS_FLAGS : WT_IMAP_NEWS_MODSEQ;
  view->news |= known;
  item->item.flags = flags;
  item->item.modseq = modseq;
  view->highest_modseq = MAX (view->highest_modseq, modseq);
}

void
wt_imap_server_expunged (WtImapServer *self, guint32 uid, guint64 modseq)
{
  WtImapView *view = self->view;
  gboolean known;
  WtImapViewItem *item = view ? find_anywhere (view, uid, &known) : NULL;
  if (item == NULL)
    return;
  view->highest_modseq = MAX (view->highest_modseq, modseq);
  item->news |= WT_IMAP_NEWS_GONE;
  view->news = TRUE;
  if (known)
    return;
  /* it was never told of: it never was */
  view->n_recent -= (item->item.flags & WT_IMAP_RECENT) != 0;
  g_array_remove_index (view->arrived, item - &g_array_index (view->arrived, WtImapViewItem, 0));
}

void
wt_imap_server_keywords (WtImapServer *self, const char *const *keywords, guint n)
{
  if (self->view == NULL || n <= self->view->keywords->len)
    return;
  add_keywords (self->view, keywords, n);
  self->view->new_keywords = TRUE;
}
