/* Mail stores without a disk: one that counts what it was given, one that forgets it. The mails themselves live in the
 * trace (STORE events), so memory keeps sizes and, of the queue, what a host that comes back after a crash must find. */
#include "app/hosts/mail-store-private.h"

typedef struct {
  char *id;
  GBytes *envelope, *message;
} QueueEntry;

typedef struct {
  WtMailStore store;
  guint64 n_delivered;
  GHashTable *usage;  /* "host/user" -> guint64 */
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

static char *
mailbox_key (const char *host, const char *user)
{
  return g_strconcat (host, "/", user, NULL);
}

static void
say_stored (MemoryStore *self, WtMailStoredFunc func, gpointer user_data)
{
  char id[24];
  g_snprintf (id, sizeof id, "%" G_GUINT64_FORMAT, ++self->n_delivered);
  if (func)
    func (id, NULL, user_data);
}

static void
memory_deliver (WtMailStore *store, const char *host, const char *user, GBytes *message, WtMailStoredFunc func,
                gpointer user_data)
{
  MemoryStore *self = (MemoryStore *) store;
  char *key = mailbox_key (host, user);
  guint64 *usage = g_hash_table_lookup (self->usage, key);
  if (usage == NULL)
    {
      usage = g_new0 (guint64, 1);
      g_hash_table_insert (self->usage, g_steal_pointer (&key), usage);
    }
  *usage += g_bytes_get_size (message);
  g_free (key);
  say_stored (self, func, user_data);
}

static guint64
memory_usage (WtMailStore *store, const char *host, const char *user)
{
  g_autofree char *key = mailbox_key (host, user);
  guint64 *usage = g_hash_table_lookup (((MemoryStore *) store)->usage, key);
  return usage ? *usage : 0;
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
  g_hash_table_unref (self->usage);
  g_hash_table_unref (self->queues);
  g_free (self);
}

static void
discard_deliver (WtMailStore *store, const char *host, const char *user, GBytes *message, WtMailStoredFunc func,
                 gpointer user_data)
{
  say_stored ((MemoryStore *) store, func, user_data);
}

static guint64
discard_usage (WtMailStore *store, const char *host, const char *user)
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
  self->usage = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
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
