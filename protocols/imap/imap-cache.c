#include "protocols/imap/imap-cache.h"

#define KEPT_BYTES 64 /* that one more thing takes beside its bytes */

typedef struct
{
  gint64 key; /* mailbox and UID */
  GBytes *things[WT_IMAP_N_CACHED]; /* (nullable) */
  GList link; /* in `used` */
} Entry;

struct _WtImapCache
{
  GHashTable *entries; /* &Entry.key -> Entry; owns */
  GQueue used;         /* of Entry, the last used first */
  gsize n_bytes, max;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  for (guint i = 0; i < WT_IMAP_N_CACHED; i++)
    g_clear_pointer (&entry->things[i], g_bytes_unref);
  g_free (entry);
}

WtImapCache *
wt_imap_cache_new (gsize bytes_max)
{
  WtImapCache *self = g_new0 (WtImapCache, 1);
  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, entry_free);
  self->max = bytes_max;
  g_queue_init (&self->used);
  return self;
}

void
wt_imap_cache_free (WtImapCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_free (self);
}

gsize
wt_imap_cache_size (const WtImapCache *self)
{
  return self->n_bytes;
}

static gint64
key_of (guint32 mailbox, guint32 uid)
{
  return (gint64)((guint64)mailbox << 32 | uid);
}

static Entry *
find (WtImapCache *self, gint64 key)
{
  Entry *entry = g_hash_table_lookup (self->entries, &key);
  if (entry == NULL || self->used.head == &entry->link)
    return entry;
  g_queue_unlink (&self->used, &entry->link);
  g_queue_push_head_link (&self->used, &entry->link);
  return entry;
}

GBytes *
wt_imap_cache_get (WtImapCache *self, guint32 mailbox, guint32 uid, WtImapCached what)
{
  const Entry *entry = find (self, key_of (mailbox, uid));
  return entry ? entry->things[what] : NULL;
}

static void
drop_last (WtImapCache *self)
{
  Entry *entry = self->used.tail->data;
  self->n_bytes -= sizeof (Entry);
  for (guint i = 0; i < WT_IMAP_N_CACHED; i++)
    if (entry->things[i])
      self->n_bytes -= g_bytes_get_size (entry->things[i]) + KEPT_BYTES;
  g_queue_unlink (&self->used, &entry->link);
  g_hash_table_remove (self->entries, &entry->key);
}

static Entry *
add (WtImapCache *self, gint64 key)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->key = key;
  entry->link.data = entry;
  g_queue_push_head_link (&self->used, &entry->link);
  g_hash_table_insert (self->entries, &entry->key, entry);
  self->n_bytes += sizeof (Entry);
  return entry;
}

void
wt_imap_cache_put (WtImapCache *self, guint32 mailbox, guint32 uid, WtImapCached what, const guint8 *bytes,
                   gsize n_bytes)
{
  gint64 key = key_of (mailbox, uid);
  Entry *entry = find (self, key);
  if (n_bytes > WT_IMAP_CACHED_MAX || (entry && entry->things[what]))
    return;
  if (entry == NULL)
    entry = add (self, key);
  entry->things[what] = g_bytes_new (bytes, n_bytes);
  self->n_bytes += n_bytes + KEPT_BYTES;
  while (self->n_bytes > self->max && self->used.length > 1)
    drop_last (self);
}
