/* Mail stores without a disk: one that keeps what it is given, as long as it lives itself, and one that forgets it. The
 * mails' bytes are those of the trace (STORE events), shared. */
#include "app/hosts/mail-store-private.h"

typedef struct {
  char *id;
  GBytes *envelope, *message;
} QueueEntry;

typedef struct {
  WtMailStore store;
  guint64 n_delivered;
  GHashTable *queues; /* host -> GHashTable id -> QueueEntry */
} MemoryStore;

static void
entry_free (gpointer data)
{
  QueueEntry *entry = data;
  g_free (entry->id);
  g_bytes_unref (entry->envelope);
  g_bytes_unref (entry->message);
  g_free (entry);
}

#define ID_SIZE 24

static void
next_id (MemoryStore *self, char *id)
{
  g_snprintf (id, ID_SIZE, "%" G_GUINT64_FORMAT, ++self->n_delivered);
}

static void
memory_deliver (WtMailStore *store, const char *host, const char *user, GBytes *message, gint64 date,
                WtMailStoredFunc func, gpointer user_data)
{
  char id[ID_SIZE];
  next_id ((MemoryStore *) store, id);
  wt_mailboxes_memory_deliver (store->mailboxes, host, user, message, id, date);
  if (func)
    func (id, NULL, user_data);
}

static guint64
memory_usage (WtMailStore *store, const char *host, const char *user, guint64 limit)
{
  return wt_mailboxes_memory_usage (store->mailboxes, host, user);
}

static void
memory_queue_put (WtMailStore *store, const char *host, const char *id, GBytes *envelope, GBytes *message,
                  WtMailStoredFunc func, gpointer user_data)
{
  MemoryStore *self = (MemoryStore *) store;
  GHashTable *queue = g_hash_table_lookup (self->queues, host);
  if (queue == NULL)
    {
      queue = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
      g_hash_table_insert (self->queues, g_strdup (host), queue);
    }
  QueueEntry *entry = g_new (QueueEntry, 1);
  *entry = (QueueEntry){ g_strdup (id), g_bytes_ref (envelope), g_bytes_ref (message) };
  g_hash_table_replace (queue, entry->id, entry);
  if (func)
    func (id, NULL, user_data);
}

static void
memory_queue_remove (WtMailStore *store, const char *host, const char *id)
{
  GHashTable *queue = g_hash_table_lookup (((MemoryStore *) store)->queues, host);
  if (queue)
    g_hash_table_remove (queue, id);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (a, b);
}

/* In the order of the ids, so that two runs are the same run. */
static gboolean
memory_queue_load (WtMailStore *store, const char *host, WtQueueEntryFunc func, gpointer user_data, GError **error)
{
  GHashTable *queue = g_hash_table_lookup (((MemoryStore *) store)->queues, host);
  if (queue == NULL)
    return TRUE;
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (queue), compare_strings);
  for (GList *each = ids; each; each = each->next)
    {
      QueueEntry *entry = g_hash_table_lookup (queue, each->data);
      func (entry->id, entry->envelope, entry->message, user_data);
    }
  return TRUE;
}

static void
memory_free (WtMailStore *store)
{
  MemoryStore *self = (MemoryStore *) store;
  wt_mailboxes_memory_free (store->mailboxes);
  g_hash_table_unref (self->queues);
  g_free (self);
}

static void
discard_deliver (WtMailStore *store, const char *host, const char *user, GBytes *message, gint64 date,
                 WtMailStoredFunc func, gpointer user_data)
{
  char id[ID_SIZE];
  next_id ((MemoryStore *) store, id);
  if (func)
    func (id, NULL, user_data);
}

static guint64
discard_usage (WtMailStore *store, const char *host, const char *user, guint64 limit)
{
  return 0;
}

static const WtMailStoreClass memory_class = {
  memory_deliver, memory_usage, memory_queue_put, memory_queue_remove, memory_queue_load, memory_free,
};

/* Mail on its way to another host is not forgotten: that would be losing it. */
static const WtMailStoreClass discard_class = {
  discard_deliver, discard_usage, memory_queue_put, memory_queue_remove, memory_queue_load, memory_free,
};

static WtMailStore *
new_store (const WtMailStoreClass *store_class)
{
  MemoryStore *self = g_new0 (MemoryStore, 1);
  self->store.store_class = store_class;
  self->store.mailboxes = wt_mailboxes_new_memory ();
  self->queues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  return &self->store;
}

WtMailStore *
wt_mail_store_new_memory (void)
{
  return new_store (&memory_class);
}

WtMailStore *
wt_mail_store_new_discard (void)
{
  return new_store (&discard_class);
}
